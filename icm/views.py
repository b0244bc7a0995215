"""How the installation is: for the machine in front, for whoever watches, and in words for officers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import council_view, public
from icm.health import CHECKS, ready
from icm.http import AuthenticatedRequest


@public("the machine in front asks; it tells nothing but 'well'")
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("well\n", content_type="text/plain")


@public("whoever watches asks; it tells nothing but 'well'")
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while saves can be made and are copied; else 503, and officers read on Health why."""
    if not ready():
        return HttpResponse("not well\n", status=503, content_type="text/plain")
    return HttpResponse("well\n", content_type="text/plain")


@council_view("manage_people")
@require_safe
def health(request: AuthenticatedRequest) -> HttpResponse:
    """Each thing that is looked at, well or not, in words."""
    return render(request, "health.html", {"checks": [look() for look in CHECKS]})
