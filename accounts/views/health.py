"""Whether the application is up, for the machine in front of it. Says nothing about what it holds."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import public


@public("the machine in front asks; it tells nothing but 'well'")
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("well\n", content_type="text/plain")


@public("the machine in front asks; it tells nothing but 'well'")
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("well\n", content_type="text/plain")
