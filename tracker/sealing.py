"""The history of rows as the chain over the logs sees it (accounts/chain): a stream a team, without gaps."""

from collections.abc import Iterable, Iterator
from datetime import UTC

from django.db.models import Exists, Max, OuterRef, QuerySet

from accounts.chain.digests import canonical, digest_of
from accounts.chain.logs import CHUNK, Entry, Place, register, unproven
from accounts.models import AuditLink
from tracker.models import Change, TeamLog


class ChangeLog:
    """Changes are numbered in the order of commits: what is above a team's last sealed number is new."""

    code = "change"
    table = Change._meta.db_table
    stream_column = "team_id"
    position_column = "seq"

    def says(self, place: Place) -> str:
        """By team and number."""
        return f"History of team {place[0]}, change {place[1]}"

    def unsealed(self, after: int) -> Iterator[Entry]:
        """Team by team, from the number after the last sealed one."""
        sealed = self._sealed()
        for team, head in _heads():
            last = sealed.get(team, 0)
            while last < head and (changes := list(_of(team).filter(seq__gt=last)[:CHUNK])):
                yield from map(_entry, changes)
                last = changes[-1].seq

    def entries(self, places: Iterable[Place]) -> Iterator[Entry]:
        """By team and number."""
        wanted: dict[int, list[int]] = {}
        for team, seq in places:
            wanted.setdefault(team, []).append(seq)
        for team, numbers in wanted.items():
            yield from map(_entry, _of(team).filter(seq__in=numbers))

    def waiting(self) -> int:
        """What the teams' heads are ahead of the last sealed numbers."""
        sealed = self._sealed()
        return sum(head - sealed.get(team, 0) for team, head in _heads())

    def strays(self) -> Iterator[tuple[Place, str]]:
        """Changes without a right digest; numbers without gaps also show what is missing or too many."""
        yield from unproven(self.unsealed(0))
        sealed = self._sealed()
        for team, head in _heads():
            last = sealed.get(team, 0)
            links = AuditLink.objects.filter(log=self.code, stream=team, position=OuterRef("seq"))
            for seq in _numbers(_of(team).filter(~Exists(links), seq__lte=last)):
                yield (team, seq), "not written by this application"
            there = set(_numbers(_of(team).filter(seq__gt=last)))
            for seq in sorted(set(range(last + 1, head + 1)) - there):
                yield (team, seq), "deleted before it was sealed"
            for seq in sorted(number for number in there if number > head):
                yield (team, seq), "beyond the end of the team’s log"

    def _sealed(self) -> dict[int, int]:
        links = AuditLink.objects.filter(log=self.code).order_by()
        return dict(links.values_list("stream").annotate(last=Max("position")))


def _heads() -> list[tuple[int, int]]:
    return list(TeamLog.objects.order_by("pk").values_list("pk", "head"))


def _numbers(changes: QuerySet[Change]) -> list[int]:
    return list(changes.values_list("seq", flat=True))


def _of(team: int) -> QuerySet[Change]:
    return Change.objects.filter(team_id=team).order_by("seq")


def sign(changes: Iterable[Change]) -> None:
    """Gives each its keyed digest, when everything else about it is known: just before it is written."""
    for change in changes:
        change.digest = digest_of(content_of(change))


def content_of(change: Change) -> bytes:
    """Everything that a change says, and where it stands."""
    return canonical(
        {
            "act": change.operation_id,
            "row": [change.row_id, change.row_rev],
            "kind": str(change.kind),
            "field": [change.field, change.rev],
            "values": [change.old, change.new],
            "by": [change.by_id, change.by_name],
            "at": change.at.astimezone(UTC).isoformat(),
            "reason": change.reason,
            "meeting": change.meeting_id,
            "place": [change.team_id, change.seq],
        }
    )


def _entry(change: Change) -> Entry:
    return Entry((change.team_id, change.seq), content_of(change), change.digest)


register(ChangeLog())
