"""The stream of what happens, reports of who is where, and the names behind the numbers in both."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import team_view
from accounts.audit import acting_person
from accounts.models import Team, User
from accounts.permissions import holders
from accounts.sessions import PASSED
from icm.http import AuthenticatedRequest, by_itself, whole_number
from tracker.access import teams_view
from tracker.live.announce import ring
from tracker.live.presence import read_report
from tracker.live.reader import READER
from tracker.live.stream import Stream, events, read_cursor
from tracker.models import Change

# A person has one stream a browser; more than this is a script that has gone wrong.
MOST_STREAMS = 10
PEOPLE_AT_ONCE = 100
# So many tabs of one browser are looked up in the log: to the others rows come where one of these has them.
MOST_PAGES = 20


@by_itself
@teams_view("view_tracker")
@require_GET
def live(request: AuthenticatedRequest, teams: list[Team]) -> HttpResponseBase:
    """Server-sent events about these teams; `Last-Event-ID` or `after` ("4:120,7:33") says where to go on.

    `pages` are the entries that the log has of the pages that will hear it: their rows come with a change.
    403 for a page of another site, 429 for a person with too many streams.
    """
    if not same_site(request):
        return HttpResponse("This stream is for this site's own pages.", status=403)
    if READER.of(acting_person(request.user).pk) >= MOST_STREAMS:
        return HttpResponse("Too many streams.", status=429, headers={"Retry-After": "15"})
    after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    pages = (whole_number(text) for text in request.GET.get("pages", "").split(","))
    stream = Stream(
        person=request.user.pk,
        session=request.session.session_key or "",
        officer=request.user.seen_by.pk if request.user.seen_by else None,
        passed=request.session.get(PASSED) == acting_person(request.user).pk,
        teams={team.pk for team in teams},
        after=read_cursor(after),
        pages=[number for number in pages if number is not None][:MOST_PAGES],
    )
    headers = {
        "Cache-Control": "no-store, no-transform",
        # Proxies and our own compression would hold messages back until there are enough of them.
        "X-Accel-Buffering": "no",
        "Content-Encoding": "identity",
    }
    return StreamingHttpResponse(events(stream, READER), content_type="text/event-stream", headers=headers)


def same_site(request: AuthenticatedRequest) -> bool:
    """Whether one of our own pages asks. A browser's plain question to its own site names no origin."""
    own = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in (own, *settings.CSRF_TRUSTED_ORIGINS)
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


@by_itself
@team_view("view_tracker")
@require_POST
def presence(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Where the person's page stands now; told to those who can edit the team, kept nowhere."""
    report = read_report(team.pk, request.user, request.POST.dict())
    if report is None:
        return HttpResponse("This says nothing of where somebody is.", status=422)
    ring(report.words)
    return HttpResponse(status=204)


@team_view("view_tracker")
@require_GET
def people(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Initials and names of those of the asked people who see this team or wrote on it.

    With `colleagues` also of all who may edit here: a page in a meeting would ask for each of them by and by.
    """
    given = request.GET.get("ids", "").split(",")
    asked = {number for text in given if (number := whole_number(text)) is not None}
    ids = sorted(asked)[:PEOPLE_AT_ONCE]
    edit = sorted(holders("edit_row", team))[:PEOPLE_AT_ONCE] if request.GET.get("colleagues") else []
    sees = Q(pk__in=holders("view_tracker", team, ids))
    wrote = Exists(Change.objects.filter(team=team, by=OuterRef("pk")))
    found = User.objects.filter(Q(sees | wrote, pk__in=ids) | Q(pk__in=edit))
    return JsonResponse({one.pk: {"initials": one.initials, "name": one.name} for one in found})
