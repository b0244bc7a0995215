"""A delivery as its page shows it: how far it is, and what is asked next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from tracker.changes.deliveries import next_file
from tracker.models import DeliveredFile, Delivery, FileState, Operation

LISTED = 30


@dataclass(frozen=True)
class Page:
    """The files in their order. `steps` is how many are still to be taken one by one, `importing` whether
    these are imports. `imported_by` names who did an import that stands, by its number.
    """

    files: Sequence[DeliveredFile]
    steps: int
    importing: bool
    imported_by: Mapping[UUID | None, int | None]

    @property
    def read(self) -> list[DeliveredFile]:
        """The files that were read and wait for a word."""
        return [file for file in self.files if file.state == FileState.READ]

    @property
    def ready(self) -> list[DeliveredFile]:
        """Those of them that have a team."""
        return [file for file in self.read if file.team_id]

    @property
    def asks(self) -> bool:
        """Whether teams are to be chosen and the word is to be given now."""
        return bool(self.read) and not self.steps

    @property
    def done(self) -> int:
        """How many files are through the steps that are being taken."""
        return len(self.files) - self.steps

    @property
    def twice(self) -> set[int]:
        """The teams for which several files are about to come in."""
        teams = Counter(file.team_id for file in self.ready)
        return {team for team, files in teams.items() if team and files > 1}

    @property
    def left_over(self) -> int:
        """How many imported files left something to be settled."""
        return sum(file.state == FileState.IMPORTED and file.left_over > 0 for file in self.files)

    def number(self, *states: FileState) -> int:
        """How many files are in these states."""
        return sum(file.state in states for file in self.files)

    @property
    def imported(self) -> int:
        """How many came in, now or before."""
        return self.number(FileState.IMPORTED, FileState.SAME)

    @property
    def refused(self) -> int:
        """How many were refused."""
        return self.number(FileState.REFUSED)


def page_of(delivery: Delivery) -> Page:
    """How the delivery stands."""
    files = list(delivery.files.select_related("team__locality").defer("data", "reading"))
    reading = sum(
        file.state == FileState.WAITING
        or bool(file.state == FileState.READ and file.team_id and not file.counts)
        for file in files
    )
    importing = not reading and next_file(delivery) is not None
    ready = sum(file.state == FileState.READ and file.team_id is not None for file in files)
    numbers = [file.op for file in files if file.op and file.state == FileState.IMPORTED]
    acts = Operation.objects.filter(op__in=numbers, undone_by=None)
    return Page(
        files=files,
        steps=ready if importing else reading,
        importing=importing,
        imported_by=dict(acts.values_list("op", "by")),
    )


def summaries() -> list[Delivery]:
    """The newest deliveries, each with its numbers: `all_files`, `came_in`, `not_read`, `with_rest`."""
    imported = Q(files__state=FileState.IMPORTED)
    # With counts a query forgets the order of its model.
    counted = Delivery.objects.order_by("-at").annotate(
        all_files=Count("files"),
        came_in=Count("files", filter=imported | Q(files__state=FileState.SAME)),
        not_read=Count("files", filter=Q(files__state=FileState.REFUSED)),
        with_rest=Count("files", filter=imported & Q(files__left_over__gt=0)),
    )
    return list(counted[:LISTED])
