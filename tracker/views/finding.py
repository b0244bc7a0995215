"""Finding a case by name or PIN over all the trackers that the person may see."""

from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import anyone_signed_in
from accounts.permissions import localities_in_part_with
from icm.http import AuthenticatedRequest
from tracker.forms.finding import FindForm
from tracker.models import TrackerRow

# Who reads more has asked for too little.
MOST = 50


@anyone_signed_in("finds only cases whose tracker the person may see")
@require_http_methods(["GET", "POST"])
def find(request: AuthenticatedRequest) -> HttpResponse:
    """Asks for a name or a PIN; a post answers with the cases, closed and removed ones too, at most fifty."""
    localities = localities_in_part_with(request.user, "view_tracker")
    form = FindForm(request.POST if request.method == "POST" else None, localities=localities)
    context = {"form": form, "localities": localities}
    if not form.is_valid():
        return render(request, "tracker/find.html", context, status=422 if form.is_bound else 200)
    rows = TrackerRow.objects.kept().visible_to(request.user).called(form.cleaned_data["text"])
    if locality := form.cleaned_data.get("locality"):
        rows = rows.filter(team__locality=locality)
    in_order = rows.order_by(Lower("case__person"), "case", "-pk")
    found = list(in_order.with_all().select_related("team__locality")[: MOST + 1])
    shown = found[:MOST]
    audit.viewed(request, "search by name or PIN", rows=[row.pk for row in shown], locality=locality)
    context |= {"asked": True, "rows": shown, "more": len(found) > MOST}
    return render(request, "tracker/find.html", context)
