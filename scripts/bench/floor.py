"""The floor: the least that a Django with sessions and sign-in does to save a row and to show a table.

What the application adds to this (rights, versions, history, others told) is what it is compared for.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine
from django.urls import path
from django.views.decorators.http import require_POST

from tracker.models import TrackerRow

PAGE = Engine().from_string("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Floor</title>
<script type="module" src="/floor.js"></script></head>
<body><table><tbody>{% for row in rows %}<tr>
<td tabindex="{{ forloop.first|yesno:'0,-1' }}">{{ row.case.pin|default:"" }}</td>
<td tabindex="-1">{{ row.case.person }}</td>
<td tabindex="-1">{{ row.get_stage_display }}</td><td tabindex="-1">{{ row.action }}</td>
<td tabindex="-1">{{ row.owner }}</td><td tabindex="-1">{{ row.by_when|default:"" }}</td>
<td tabindex="-1">{{ row.update }}</td><td tabindex="-1">{{ row.next_meeting|default:"" }}</td>
</tr>{% endfor %}</tbody></table></body></html>""")
SCRIPT = """document.addEventListener("keydown", ({ key, target }) => {
  if (key === "ArrowDown") {
    target.parentElement.nextElementSibling?.cells[target.cellIndex].focus();
  }
});"""


@require_POST
def save(request: HttpRequest, row_id: int) -> HttpResponse:
    """Updates one row by primary key."""
    TrackerRow.objects.filter(pk=row_id).update(action=request.POST["value"])
    return JsonResponse({"outcome": "saved"})


def page(request: HttpRequest, team_id: int) -> HttpResponse:
    """One query, one template."""
    rows = TrackerRow.objects.filter(team=team_id, state="open").select_related("case").order_by("order")
    return HttpResponse(PAGE.render(Context({"rows": rows})))


def script(request: HttpRequest) -> HttpResponse:
    """The few lines with which it answers a key."""
    return HttpResponse(SCRIPT, content_type="text/javascript")


urlpatterns = [
    path("rows/<int:row_id>/cell/", save),
    path("teams/<int:team_id>/", page),
    path("floor.js", script),
]
