"""Many workbooks at once: hand them in, see file by file what they would do, confirm, and the report."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import council_view
from accounts.models import AuditEvent
from accounts.permissions import rights, teams_with
from icm.http import AuthenticatedRequest, from_script, whole_number
from tracker.changes.deliveries import (
    choose_teams,
    confirm,
    deliver,
    discard,
    next_file,
    settle,
)
from tracker.changes.refusals import Refusal
from tracker.delivering import take_step
from tracker.delivery_page import Page, page_of, summaries
from tracker.delivery_report import report
from tracker.fields import COLUMNS
from tracker.forms.deliveries import DeliveryForm, TeamsForm
from tracker.importing.many import plan_of
from tracker.importing.preview import preview_of
from tracker.importing.summing_up import counted
from tracker.models import DeliveredFile, Delivery, FileState
from tracker.workbook.bundle import Bundle
from tracker.workbook.guard import Refused


@council_view("import_many")
@require_http_methods(["GET", "POST"])
def imports(request: AuthenticatedRequest) -> HttpResponse:
    """Asks for the files, and lists what was handed in before; a post takes them and leads to their page."""
    form = DeliveryForm(request.POST, request.FILES) if request.method == "POST" else DeliveryForm()
    if form.is_valid():
        bundle = Bundle()
        try:
            delivery = deliver(
                files=[
                    sent
                    for file in form.cleaned_data["workbooks"]
                    for sent in bundle.opened(file.name or "", file.file)
                ],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error("workbooks", str(refused))
        except Refusal as refused:
            form.add_error("workbooks", refused.message)
        else:
            return redirect("delivery", delivery_id=delivery.pk)
    context = {"form": form, "deliveries": summaries()}
    return render(request, "tracker/imports.html", context, status=422 if form.is_bound else 200)


@council_view("import_many")
@require_http_methods(["GET", "POST"])
def delivery(request: AuthenticatedRequest, delivery_id: UUID) -> HttpResponse:
    """The files of a delivery, each with its team and what it would do or did; a post goes on with them."""
    found = _found(delivery_id)
    if request.method == "GET":
        return _page(request, found)
    act = request.POST.get("act")
    if act == "discard":
        discard(delivery=found, by=request.user)
        messages.success(request, "What was not imported is given up. The other trackers stay as they are.")
        return redirect("imports")
    if act == "settle":
        settle(delivery=found, by=request.user, now=timezone.now())
        messages.success(request, "This delivery is off the list of what waits.")
        return redirect("delivery", delivery_id=found.pk)
    return _go_on(request, found)


def _go_on(request: AuthenticatedRequest, delivery: Delivery) -> HttpResponse:
    """Takes the teams, and the word to go ahead where nothing else than was shown would happen."""
    page = page_of(delivery)
    teams = list(teams_with(request.user, "import_rows").select_related("locality"))
    form = TeamsForm(request.POST, files=page.read, teams=teams)
    if not form.is_valid():
        return _page(request, delivery, form)
    changed = choose_teams(delivery=delivery, teams=form.chosen(), by=request.user)
    if changed:
        messages.info(request, "The teams are kept. Look at what would happen now, then import.")
    elif request.POST.get("act") == "confirm" and next_file(delivery) is None:
        confirm(delivery=delivery, by=request.user, now=timezone.now())
    return redirect("delivery", delivery_id=delivery.pk)


@council_view("import_many")
@require_POST
def delivery_next(request: AuthenticatedRequest, delivery_id: UUID) -> HttpResponse:
    """Reads, compares or imports the file whose turn it is. Our script asks until there is none."""
    found = _found(delivery_id)
    take_step(delivery=found, by=request.user, today=timezone.localdate())
    if from_script(request):
        return _page(request, found, fragment=True)
    return redirect("delivery", delivery_id=found.pk)


@council_view("import_many")
@require_safe
def delivered(request: AuthenticatedRequest, file_id: int) -> HttpResponse:
    """One file: what importing it would do, row by row, or what it left."""
    files = DeliveredFile.objects.select_related("team__locality", "delivery")
    file = files.filter(pk=file_id).first()
    if file is None:
        raise Http404
    context = {"file": file, "counted": counted(file.counts) if file.counts else ""}
    if file.state == FileState.READ and file.team:
        plan = plan_of(file, by=request.user, today=timezone.localdate())
        audit.viewed(request, "import preview", rows=plan.rows_told, team=file.team)
        context |= {
            "plan": plan,
            "preview": preview_of(plan, page=whole_number(request.GET.get("page")) or 1),
            "columns": COLUMNS,
            "rights": rights(request.user, file.team),
            "counted": counted(plan.counts),
        }
    return render(request, "tracker/delivered.html", context)


@council_view("import_many")
@require_safe
def delivery_report(request: AuthenticatedRequest, delivery_id: UUID) -> HttpResponse:
    """The report as a file. It says what cells hold, so taking it leaves its entry in the log."""
    found = _found(delivery_id)
    audit.record(
        AuditEvent.Kind.EXPORT,
        by=request.user,
        purpose="import report",
        request=request,
        delivery=str(found.pk),
    )
    files = found.files.select_related("team").defer("data", "reading")
    # The mark at its beginning tells Excel how its letters are written.
    answer = HttpResponse("\ufeff" + report(files), content_type="text/csv; charset=utf-8")
    name = f"imports-{timezone.localtime(found.at):%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _found(delivery_id: UUID) -> Delivery:
    found = Delivery.objects.filter(pk=delivery_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: AuthenticatedRequest,
    delivery: Delivery,
    form: TeamsForm | None = None,
    *,
    fragment: bool = False,
) -> HttpResponse:
    page = page_of(delivery)
    if form is None:
        teams = list(teams_with(request.user, "import_rows").select_related("locality"))
        form = TeamsForm(files=page.read, teams=teams)
    template = "tracker/deliveries/_delivery.html" if fragment else "tracker/delivery.html"
    context = {"delivery": delivery, "page": page, "lines": _lines(request, page, form), "form": form}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _lines(request: AuthenticatedRequest, page: Page, form: TeamsForm) -> list[dict[str, object]]:
    """Each file with its choice of a team, as far as there is one, and whether this person can undo it."""
    return [
        {
            "file": file,
            "choice": form[f"team-{file.pk}"] if page.asks and f"team-{file.pk}" in form.fields else None,
            "counted": counted(file.counts) if file.counts else "",
            "twice": file.team_id in page.twice,
            "undo": bool(file.op) and page.imported_by.get(file.op) == request.user.pk,
        }
        for file in page.files
    ]
