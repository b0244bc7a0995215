"""A workbook out: how persons are to be named, and the file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import team_view
from accounts.models import AuditEvent, Team
from accounts.permissions import rights
from accounts.xlsx import XLSX
from icm.http import AuthenticatedRequest
from tracker.exporting import tracker_sheet
from tracker.forms.transfer import ExportForm
from tracker.models import TrackerRow


@team_view("export_rows")
@require_http_methods(["GET", "POST"])
def export(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Asks how persons are to be named; a post answers with the workbook and leaves its entry in the log."""
    held = rights(request.user, team)
    rows = TrackerRow.objects.open().filter(team=team)
    form = ExportForm(request.POST if request.method == "POST" else None, held=held, rows=rows)
    if not form.is_valid():
        context = {"team": team, "rights": held, "form": form, "total": rows.count()}
        return render(request, "tracker/export.html", context, status=422 if form.is_bound else 200)
    now = timezone.localtime()
    sheet = tracker_sheet(team, names=form.chosen_names, exported_by=request.user.name, at=now)
    audit.record(
        AuditEvent.Kind.EXPORT,
        by=request.user,
        purpose="export workbook",
        request=request,
        team=team,
        row_ids=[row.row_id for row in sheet.rows],
        names=sheet.names,
        reason=form.cleaned_data.get("reason", ""),
    )
    # Only now: the library is large, and no page but this one needs it.
    from tracker.workbook.write import write_workbook

    answer = HttpResponse(write_workbook(sheet), content_type=XLSX)
    name = f"{slugify(team.name) or 'team'}-tracker-{now:%Y-%m-%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
