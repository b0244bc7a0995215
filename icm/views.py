"""The page that tells performance officers how the installation is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import council_view
from icm.health import CHECKS
from icm.http import AuthenticatedRequest


@council_view("manage_people")
@require_safe
def health(request: AuthenticatedRequest) -> HttpResponse:
    """Each thing that is looked at, well or not, in words."""
    return render(request, "health.html", {"checks": [look() for look in CHECKS]})
