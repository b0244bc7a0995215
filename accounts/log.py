"""Reading the audit log: which entries, and each as one line in words. Who reads it leaves an entry too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.chain.seal import seal
from accounts.models import AuditEvent, AuditRow, Team, User

Kind = AuditEvent.Kind
# What a page of the log can be about: its words, and the kinds of entries.
ABOUT: dict[str, tuple[str, tuple[str, ...]]] = {
    "looks": ("Who looked at cases", (Kind.VIEW,)),
    "exports": ("Exports and prints", (Kind.EXPORT,)),
    "imports": ("Imports", (Kind.IMPORT,)),
    "sign-ins": ("Signing in and out, with failures", (Kind.SIGN_IN, Kind.SIGN_IN_FAILED, Kind.SIGN_OUT)),
    "failures": ("Failed sign-ins", (Kind.SIGN_IN_FAILED,)),
    "access": ("Changes of access", (Kind.ACCESS,)),
    "settings": ("Localities, teams, words, toolkit", (Kind.PLACES, Kind.WORDS, Kind.TOOLKIT)),
    "backups": ("Backups made, checked and brought back", (Kind.BACKUP,)),
    "log": ("The log read or checked, and erasures", (Kind.LOG, Kind.RETENTION)),
}
# Of the detail of an entry, what a line says, and how.
SAID = {
    "reason": "reason: {}",
    "names": "{} names",
    "old": "from {}",
    "new": "to {}",
    "entries": "{} entries",
}
# Pages whose short names say too little beside their kind.
PAGES = {
    "row": "page of the case",
    "rows": "rows of the tracker without its page",
    "history": "history of the case",
    "answer": "answer to the difficulty",
}
NAMES = {"full": "full names", "initials": "initials only"}
A_PAGE = 100


@dataclass(frozen=True)
class Line:
    """One line of the log as people read it."""

    at: datetime
    who: str
    kind: str
    what: str
    where: str
    cases: int | None = None
    address: str = ""
    failed: bool = False


def entries_of(rows: Iterable[int]) -> QuerySet[AuditEvent]:
    """The entries that tell of these rows. Sealing lists entries by their rows, so it comes first."""
    seal(logs=("audit",))
    of_rows = AuditRow.objects.filter(row_id__in=list(rows))
    return AuditEvent.objects.filter(pk__in=of_rows.values("event"))


def about_person(person: User) -> Q:
    """What the person did, and what was done about their access."""
    return Q(actor_id=person.pk) | Q(kind=Kind.ACCESS, detail__person=person.pk)


def between(since: date | None, until: date | None) -> Q:
    """From the first of these days to the last, both included."""
    days = Q()
    if since:
        days &= Q(at__gte=_midnight(since))
    if until:
        days &= Q(at__lt=_midnight(until + timedelta(days=1)))
    return days


def _midnight(day: date) -> datetime:
    # A moment to compare with, where an index helps; a date made of each entry's moment would use none.
    return timezone.make_aware(datetime.combine(day, time.min))


def lines(events: Iterable[AuditEvent]) -> list[Line]:
    """Each in words, with the names of teams and people as they are today."""
    found = list(events)
    teams = dict(Team.objects.filter(pk__in={event.team_id for event in found}).values_list("pk", "name"))
    people = {event.detail.get("person") for event in found} | {
        event.detail.get("seen_as") for event in found
    }
    names = dict(User.objects.filter(pk__in=people - {None}).values_list("pk", "name"))
    return [_line(event, teams, names) for event in found]


def _line(event: AuditEvent, teams: dict[int, str], names: dict[int, str]) -> Line:
    page = PAGES.get(event.purpose, event.purpose)
    told = [page[:1].upper() + page[1:]]
    if event.page_id:
        told.append("rows that reached the open page later")
    if person := names.get(event.detail.get("person", 0)):
        told.append(person)
    if seen_as := names.get(event.detail.get("seen_as", 0)):
        told.append(f"seeing as {seen_as}")
    for key, words in SAID.items():
        if value := event.detail.get(key):
            told.append(NAMES.get(value) or words.format(value))
    # A command has no network address.
    unknown = event.address or event.kind == Kind.SIGN_IN_FAILED
    who = event.actor_name or ("Nobody known" if unknown else "Command line")
    return Line(
        at=event.at,
        who=who,
        kind=event.get_kind_display(),
        what="; ".join(told),
        where=teams.get(event.team_id or 0, ""),
        cases=len(event.row_ids) or None,
        address=event.address or "",
        failed=event.kind == Kind.SIGN_IN_FAILED,
    )


def page_of(request: HttpRequest, events: QuerySet[AuditEvent]) -> Page[AuditEvent]:
    """The page that the address asks for; the nearest where there is none."""
    return Paginator(events, A_PAGE).get_page(request.GET.get("page"))
