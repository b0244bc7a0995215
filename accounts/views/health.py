"""Whether the application is up, for the machine in front of it. Says nothing about what it holds."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import backups
from accounts.access import public


@public("the machine in front asks; it tells nothing but 'well'")
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("well\n", content_type="text/plain")


@public("whoever watches asks; it tells nothing but 'well'")
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers too and copies are made of it; else 503, officers read on Health why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    # Nobody copies what is invented.
    if backups.late(timezone.now()) and not settings.DEMO:
        return HttpResponse("not well\n", status=503, content_type="text/plain")
    return HttpResponse("well\n", content_type="text/plain")
