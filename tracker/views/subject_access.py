"""Everything about one child, for whoever asks for it: found by PIN, read on a page, taken as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import council_view
from accounts.models import AuditEvent
from accounts.xlsx import XLSX
from icm.http import AuthenticatedRequest
from tracker.forms.retention import PinForm
from tracker.models import Case, TrackerRow
from tracker.subject_access import Bundle, bundle_of, cases_with


@council_view("view_all_logs")
@require_http_methods(["GET", "POST"])
def subject_access(request: AuthenticatedRequest) -> HttpResponse:
    """Finds the cases of a PIN, also those that had it once."""
    form = PinForm(request.POST if request.method == "POST" else None)
    found = cases_with(form.cleaned_data["pin"]) if form.is_valid() else []
    if found:
        audit.viewed(request, "subject access, search", rows=[one.row.pk for one in found])
    context = {"form": form, "found": found, "asked": form.is_bound and form.is_valid()}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "tracker/subject_access/find.html", context, status=status)


@council_view("view_all_logs")
@require_safe
def bundle(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """All of it on one page that prints well."""
    made = _made(request, case_id, AuditEvent.Kind.VIEW, "subject-access bundle, page")
    return render(request, "tracker/subject_access/bundle.html", {"bundle": made, "case": made.case})


@council_view("view_all_logs")
@require_POST
def bundle_file(request: AuthenticatedRequest, case_id: int) -> HttpResponse:
    """The same as a workbook."""
    made = _made(request, case_id, AuditEvent.Kind.EXPORT, "subject-access bundle, file")
    stamp = [
        f"Everything that is held about PIN {made.case.pin or 'missing'}, {made.case.person}",
        f"Copy, not live: made {timezone.localtime(made.at):%d/%m/%y %H:%M} by {made.by}",
        f"{made.marks} coloured values may name somebody else. Read every text before it goes out: "
        "initials, and names in small letters, are not found.",
    ]
    # Only now: the library is large, and no page but this one needs it.
    from tracker.workbook.write_sections import write_sections

    answer = HttpResponse(write_sections(stamp, made.sections), content_type=XLSX)
    # No PIN in the name: it stands in the log of every proxy and folder that it passes.
    name = f"subject-access-case-{made.case.pk}-{timezone.localtime(made.at):%Y-%m-%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _made(request: AuthenticatedRequest, case_id: int, kind: AuditEvent.Kind, purpose: str) -> Bundle:
    """Gathers it and logs that it was made; the entry itself is in the bundle too."""
    case = Case.objects.select_related("locality").filter(pk=case_id).first()
    rows = list(TrackerRow.objects.kept().filter(case=case_id).order_by("pk").values_list("pk", flat=True))
    if case is None or not rows:
        raise Http404
    audit.record(
        kind, by=request.user, purpose=purpose, request=request, locality=case.locality, row_ids=rows
    )
    return bundle_of(case, at=timezone.now(), by=audit.acting_person(request.user).name)
