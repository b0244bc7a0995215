"""Who looked at a row, and everything about a PIN: the pages that answer for a child."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import council_view
from accounts.chain.seal import seal
from accounts.forms.log import RowLogForm
from accounts.log import A_PAGE, Line, entries_of, lines, page_of
from accounts.models import AuditEvent
from accounts.permissions import rights
from accounts.xlsx import Value, listed
from icm.http import AuthenticatedRequest, neighbours
from tracker.access import row_view
from tracker.forms.log import PinForm
from tracker.models import TrackerRow
from tracker.seen import About, rows_with_pin

HEADINGS = (
    ("When", 20), ("Who", 28), ("What", 26), ("More", 60), ("Team", 26), ("Cases with it", 12),
    ("Network address", 18),
)  # fmt: skip
# What Excel still opens with ease; days divide a longer list.
MOST_LINES = 100_000


@row_view("view_access_log")
@require_safe
def who_viewed(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Every entry about the row, newest first: opened, exported, printed, imported."""
    form = RowLogForm(request.GET)
    page = page_of(request, form.narrow(entries_of([row.pk])))
    audit.viewed(request, "who looked at a case", rows=[row.pk], team=row.team)
    context = {
        "row": row,
        "team": row.team,
        "rights": rights(request.user, row.team),
        "form": form,
        "page": page,
        "lines": lines(page),
        "narrowed": any(request.GET.get(key) for key in form.fields),
        **neighbours(request.GET, page),
    }
    return render(request, "tracker/who_viewed.html", context, status=200 if form.is_valid() else 422)


@council_view("view_all_logs")
@require_http_methods(["GET", "POST"])
def log_of_pin(request: AuthenticatedRequest) -> HttpResponse:
    """Asks for a PIN and two days; a post answers, as a page or a workbook. No PIN stands in an address."""
    form = PinForm(request.POST) if request.method == "POST" else PinForm.blank()
    if not form.is_valid():
        return render(
            request, "tracker/log_of_pin.html", {"form": form}, status=422 if form.is_bound else 200
        )
    told = form.cleaned_data
    rows = list(rows_with_pin(told["pin"]).values_list("pk", flat=True))
    found = About(rows, told["since"], told["until"])
    if "xlsx" in request.POST:
        return _workbook(request, told["pin"], rows, found)
    page: Page[Line] = Paginator(found, A_PAGE).get_page(request.POST.get("page"))  # type: ignore[arg-type] # counts and slices
    audit.viewed(request, "log of a PIN", rows=rows)
    context = {"form": form, "page": page, "lines": page.object_list, "rows": len(rows)}
    return render(request, "tracker/log_of_pin.html", context)


def _workbook(request: AuthenticatedRequest, pin: str, rows: list[int], found: About) -> HttpResponse:
    seal()
    purpose = "export the log of a PIN"
    audit.record(AuditEvent.Kind.EXPORT, by=request.user, purpose=purpose, request=request, row_ids=rows)
    return listed(
        "log-of-a-pin",
        title="Log",
        what=f"Who saw, changed, exported or printed the case with PIN {pin}",
        by=audit.acting_person(request.user).name,
        headings=HEADINGS,
        lines=[_cells(line) for line in found[:MOST_LINES]],
    )


def _cells(line: Line) -> Sequence[Value]:
    return (line.at, line.who, line.kind, line.what, line.where, line.cases, line.address)
