"""Checking the logs: each link against the one before, each entry against its link, all against heads.

A head is the newest link of a day. Heads kept off this machine show a tail that was cut away and a chain that
somebody with the key wrote anew: nothing on the machine itself could.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import TruncDate

from accounts.chain import triggers
from accounts.chain.digests import doubt, fits
from accounts.chain.logs import LOGS, Entry, Place
from accounts.chain.seal import FIRST, said
from accounts.models import AuditErased, AuditEvent, AuditLink, AuditRow

CHUNK = 1000
MOST_FAULTS = 200
_HEAD = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d) (?P<number>\d{1,18}) (?P<chained>[0-9a-f]+:[0-9a-f]*:[0-9a-f]+)"
)


@dataclass(frozen=True)
class Head:
    """The newest link of one day, as it is kept off the machine: one line of text."""

    day: date
    number: int
    chained: str

    def __str__(self) -> str:
        return f"{self.day} {self.number} {self.chained}"


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was sealed: where it is, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}."


@dataclass
class Report:
    """What a check found. `faults` holds the first ones; `found` counts all."""

    links: int = 0
    sealed_up_to: datetime | None = None
    waiting: int = 0
    found: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether everything is as it was sealed."""
        return self.found == 0

    def add(self, faults: Iterable[Fault]) -> None:
        """Counts all, keeps the first."""
        for fault in faults:
            self.found += 1
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(fault)


class Unreadable(ValueError):
    """A file of heads has a line that is none."""


def heads() -> list[Head]:
    """The newest link of each day, by the council's calendar."""
    days = AuditLink.objects.order_by().annotate(day=TruncDate("sealed_at")).values("day")
    newest = days.annotate(last=Max("number")).values("last")
    links = AuditLink.objects.filter(number__in=newest).annotate(day=TruncDate("sealed_at"))
    return [Head(link.day, link.number, link.chained) for link in links]


def read_heads(text: str) -> list[Head]:
    """Heads out of lines as `str(head)` writes them; what stands before them may be a journal's."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        told = _HEAD.search(line)
        if told is None:
            raise Unreadable(f"Line {number} is no head of the log: a date, a number and a digest.")
        found.append(Head(date.fromisoformat(told["day"]), int(told["number"]), told["chained"]))
    return found


def verify(*, kept: Iterable[Head] = ()) -> Report:
    """Checks everything, and the heads that were `kept` elsewhere."""
    report = Report()
    erased, false_runs = _erased()
    report.add(false_runs)
    report.add(_links(report, erased))
    for log in LOGS.values():
        report.add(Fault(log.says(place), what) for place, what in log.strays())
        report.waiting += log.waiting()
    report.add(_against(kept))
    report.add(
        Fault(f"The database’s own guard “{name}”", "missing; `manage.py migrate` puts it back")
        for name in triggers.missing()
    )
    return report


def _links(report: Report, erased: set[tuple[str, Place]]) -> Iterator[Fault]:
    before, expected = FIRST, 1
    while links := list(AuditLink.objects.filter(number__gte=expected).order_by("number")[:CHUNK]):
        for link in links:
            where = f"{LOGS[link.log].says((link.stream, link.position))} (link {link.number})"
            if link.number > expected:
                missing = (
                    f"Link {expected}"
                    if link.number == expected + 1
                    else f"Links {expected} to {link.number - 1}"
                )
                yield Fault(missing, "missing")
            elif not fits(said(link, before), link.chained):
                what = "its link was altered, put in, or belongs elsewhere"
                yield Fault(where, what + doubt(link.chained))
            before, expected = link.chained, link.number + 1
        yield from _contents(links, erased)
        report.links += len(links)
        report.sealed_up_to = links[-1].sealed_at


def _contents(links: list[AuditLink], erased: set[tuple[str, Place]]) -> Iterator[Fault]:
    for code, log in LOGS.items():
        of_log = [link for link in links if link.log == code]
        there = {entry.place: entry for entry in log.entries((one.stream, one.position) for one in of_log)}
        listed = _listed(of_log) if code == "audit" else {}
        for link in of_log:
            place = (link.stream, link.position)
            if (code, place) in erased:
                continue
            if what := _wrong(link, there.get(place), listed.get(link.position, ())):
                yield Fault(log.says(place), what)


def _wrong(link: AuditLink, entry: Entry | None, listed: tuple[int, ...]) -> str:
    if entry is None:
        return "deleted"
    if not fits(entry.content, link.content) or entry.digest != link.content:
        return "altered" + doubt(link.content)
    if tuple(sorted(listed)) != entry.rows:
        return "no longer found by its rows"
    return ""


def _listed(links: list[AuditLink]) -> dict[int, tuple[int, ...]]:
    """Entry → the rows by which it is found."""
    listed: dict[int, tuple[int, ...]] = {}
    for event, row in AuditRow.objects.filter(event__in=[link.position for link in links]).values_list(
        "event", "row_id"
    ):
        listed[event] = (*listed.get(event, ()), row)
    return listed


def proof_of(run: UUID) -> bytes:
    """What a run of retention erased, for the digest in its own entry of the audit log."""
    noted = AuditErased.objects.filter(run=run).order_by("log", "stream", "position")
    lines = (
        f"{log} {stream} {position}"
        for log, stream, position in noted.values_list("log", "stream", "position")
    )
    return "\n".join([str(run), *lines]).encode()


def _erased() -> tuple[set[tuple[str, Place]], list[Fault]]:
    """What retention erased; a run whose own entry does not prove its list erased nothing rightly."""
    proofs = {
        event.detail.get("run"): event.detail.get("proof", "")
        for event in AuditEvent.objects.filter(kind=AuditEvent.Kind.RETENTION)
    }
    erased: set[tuple[str, Place]] = set()
    false_runs = []
    for run in AuditErased.objects.order_by().values_list("run", flat=True).distinct():
        if fits(proof_of(run), proofs.get(str(run), "")):
            noted = AuditErased.objects.filter(run=run).values_list("log", "stream", "position")
            erased |= {(log, (stream, position)) for log, stream, position in noted}
        else:
            false_runs.append(Fault(f"Erasure {run}", "not made by retention, or its list was altered"))
    return erased, false_runs


def _against(kept: Iterable[Head]) -> Iterator[Fault]:
    """The heads against the chain. The first that differs is where it was written anew or cut."""
    good: Head | None = None
    last = AuditLink.objects.aggregate(last=Max("number"))["last"] or 0
    for head in sorted(kept, key=lambda one: one.number):
        link = AuditLink.objects.filter(pk=head.number).first()
        since = f"after link {good.number} of {good.day:%d/%m/%y}" if good else "from the first link on"
        if link is None:
            yield Fault(
                f"Link {head.number}, the head of {head.day:%d/%m/%y}",
                f"missing: the chain was cut after link {last}",
            )
            return
        if link.chained != head.chained:
            yield Fault(
                f"Link {head.number}, the head of {head.day:%d/%m/%y}",
                f"not the one kept: the chain was written anew {since}",
            )
            return
        good = head
