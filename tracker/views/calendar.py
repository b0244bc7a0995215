"""The calendar that a person's own address opens to their calendar program."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import public
from accounts.keys import person_of
from accounts.models import AddressKey, AuditEvent
from accounts.permissions import own_teams


@public("a calendar program cannot sign in; the address is unguessable, and opens what its owner sees today")
@require_safe
def calendar(request: HttpRequest, calendar_key: str) -> HttpResponse:
    """404 for a key that is unknown or ended; empty once its owner has no team."""
    person = person_of(calendar_key, AddressKey.Opens.CALENDAR)
    if person is None:
        raise Http404
    # Only now: the library that writes calendars is large, and no page but this one needs it.
    from tracker.calendar import EVERY, calendar_of, dated_rows

    now, today = timezone.now(), timezone.localdate()
    rows = dated_rows(own_teams(person), today)
    audit.record(
        AuditEvent.Kind.VIEW,
        by=person,
        purpose="calendar",
        request=request,
        row_ids=[row.pk for row in rows],
    )
    answer = HttpResponse(calendar_of(rows, today, now), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="icm.ics"'
    answer.headers["X-Robots-Tag"] = "noindex"
    # The program itself may keep it for a while; nobody between may.
    patch_cache_control(answer, private=True, max_age=int(EVERY.total_seconds()) // 4)
    return answer
