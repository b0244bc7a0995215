"""Sheets to hand out: which one, then the page that goes on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import team_view
from accounts.models import AuditEvent, Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest
from tracker.forms.sheets import SheetForm
from tracker.models import TrackerRow
from tracker.sheets import owner_sheet, owners_of, team_sheet


@team_view("print_sheets")
@require_http_methods(["GET", "POST"])
def sheets(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Asks which sheet; a post answers with it, ready to print, and leaves its entry in the log."""
    held, owners = rights(request.user, team), owners_of(team)
    rows = TrackerRow.objects.open().filter(team=team)
    posted = request.POST if request.method == "POST" else None
    form = SheetForm(posted, held=held, rows=rows, owners=owners)
    context = {"team": team, "rights": held, "form": form}
    if not form.is_valid():
        return render(request, "tracker/sheets.html", context, status=422 if form.is_bound else 200)
    now, names, owner = timezone.localtime(), form.chosen_names, form.owner
    by = audit.acting_person(request.user).name
    if owner:
        sheet = owner_sheet(team, owner, names=names, by=by, at=now)
    else:
        sheet = team_sheet(team, names=names, by=by, at=now)
    audit.record(
        AuditEvent.Kind.EXPORT,
        by=request.user,
        purpose="print actions of one owner" if owner else "print meeting sheet",
        request=request,
        team=team,
        row_ids=sheet.row_ids,
        names=names,
        reason=form.cleaned_data.get("reason", ""),
    )
    context |= {"sheet": sheet, "owner": owners.get(owner, ""), "at": now, "by": by}
    return render(request, "tracker/sheet.html", context)
