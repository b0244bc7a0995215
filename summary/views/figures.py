"""Figures for Power BI: who may read them is said on the officers' page, a key in the address opens them."""

import csv

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import council_view, public
from accounts.changes.keys import end_key, make_key
from accounts.keys import person_of
from accounts.models import AddressKey, AuditEvent, Team
from accounts.permissions import may
from icm.http import AuthenticatedRequest
from summary.figures import COLUMNS, Line, figures
from tracker.models import TrackerRow

FIGURES = AddressKey.Opens.FIGURES
WHY = "Power BI cannot sign in; the address is unguessable and opens counts only, while its officer is one"
# A text that begins so would be a formula for a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@council_view("view_council")
@require_http_methods(["GET", "POST"])
def power_bi(request: AuthenticatedRequest) -> HttpResponse:
    """The officers' keys; a post makes or renews one's own and shows its addresses, this once."""
    addresses = []
    if request.method == "POST":
        key = make_key(opens=FIGURES, by=request.user)
        names = ("figures_csv", "figures_json")
        addresses = [f"{settings.SITE_ADDRESS}{reverse(name, args=[key])}" for name in names]
    keys = list(AddressKey.objects.filter(opens=FIGURES).select_related("person"))
    own = any(key.person_id == request.user.pk for key in keys)
    context = {"keys": keys, "own": own, "addresses": addresses, "columns": COLUMNS}
    return render(request, "summary/power_bi.html", context)


@council_view("view_council")
@require_POST
def power_bi_end(request: AuthenticatedRequest, key_id: int) -> HttpResponse:
    """Ends a key, whoever's it is."""
    end_key(key=get_object_or_404(AddressKey, pk=key_id, opens=FIGURES), by=request.user)
    messages.success(request, "The addresses open nothing any more.")
    return redirect("power_bi")


@public(WHY)
@require_safe
def figures_csv(request: HttpRequest, figures_key: str) -> HttpResponse:
    """The figures as of today as CSV, UTF-8 with a mark that Excel knows."""
    lines = _opened(request, figures_key)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(value) for value in line] for line in lines)
    answer.headers["Content-Disposition"] = 'attachment; filename="icm-figures.csv"'
    return answer


@public(WHY)
@require_safe
def figures_json(request: HttpRequest, figures_key: str) -> HttpResponse:
    """The same as a list of objects."""
    lines = _opened(request, figures_key)
    return JsonResponse([dict(zip(COLUMNS, line, strict=True)) for line in lines], safe=False)


def _opened(request: HttpRequest, key: str) -> list[Line]:
    """The lines, or 404 where the key opens nothing (any more)."""
    person = person_of(key, FIGURES)
    if person is None or not may(person, "view_council"):
        raise Http404
    teams = Team.objects.open().select_related("locality").order_by("locality__name", "name")
    audit.record(AuditEvent.Kind.EXPORT, by=person, purpose="figures for Power BI", request=request)
    return list(figures(teams, TrackerRow.objects.all(), timezone.localdate()))


def _harmless(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
