"""Many workbooks at once: handed in, read one by one, confirmed, imported one by one (ADR 0018).

Each step is one file and one transaction, so that whoever is stopped goes on where they were. A file that
came onto a team's tracker before is known by its digest and is not imported twice.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F, Q

from accounts.models import Team, User
from accounts.permissions import require, require_global
from tracker.changes.act import COMMAND_LINE
from tracker.changes.bulk import import_rows
from tracker.changes.refusals import Invalid, Refusal
from tracker.importing.plan import Plan
from tracker.models import DeliveredFile, Delivery, FileState, Operation
from tracker.workbook.bundle import Sent

KEPT_UNCONFIRMED = timedelta(days=1)
KEPT_REPORT = timedelta(days=30)
MOST_TRIES = 3
NO_FILES = "There is no workbook in it. Choose the .xlsx files of the teams, or a zip of them."
OUT_OF_DATE = "This file was kept for a day and not imported. Send it again."
GAVE_UP = "Something went wrong with this file, more than once. Import it by itself on the page of its team."
_NAMES = UUID("6b3f2c52-7a1d-4e0b-9f64-2f8d1f0c5a18")


@transaction.atomic
def deliver(
    *, files: Iterable[Sent], by: User | None, now: datetime, teams: Mapping[str, Team] | None = None
) -> Delivery:
    """Keeps what was sent, until it is read. `teams` are known teams of files, by the files' names.

    Raises `Invalid` where there is no file, and what opening them raises.
    """
    if by:
        require_global(by, "import_many")
    let_go_of_deliveries(now=now)
    delivery = Delivery.objects.create(by=by, by_name=by.name if by else COMMAND_LINE, at=now)
    for sent in files:
        DeliveredFile.objects.create(
            delivery=delivery,
            name=sent.name,
            team=(teams or {}).get(sent.name),
            digest=hashlib.sha256(sent.data).hexdigest(),
            data=sent.data or None,
            state=FileState.REFUSED if sent.refusal else FileState.WAITING,
            refusal=sent.refusal,
        )
    if not delivery.files.exists():
        raise Invalid(NO_FILES)
    return delivery


def next_file(delivery: Delivery) -> DeliveredFile | None:
    """The file whose turn it is: first all are read and compared, then, once confirmed, imported."""
    files = delivery.files.select_related("team__locality").defer("data", "reading").order_by("tries", "pk")
    read = Q(state=FileState.READ, team__isnull=False)
    return (
        files.filter(Q(state=FileState.WAITING) | (read & Q(counts={}))).first()
        or (files.filter(read).first() if delivery.confirmed_at else None)
    )  # fmt: skip


def begin_step(*, delivery: Delivery, by: User | None) -> DeliveredFile | None:
    """The file whose turn it is, whole; None where all is done.

    Its try is counted before it is tried: a file that stops the whole process stops no other one for good.
    """
    if by:
        require_global(by, "import_many")
    found = next_file(delivery)
    if found is None:
        return None
    DeliveredFile.objects.filter(pk=found.pk).update(tries=F("tries") + 1)
    file = DeliveredFile.objects.select_related("team__locality").get(pk=found.pk)
    if file.tries > MOST_TRIES:
        _refuse(file, GAVE_UP)
    return file


def keep_looked(*, file: DeliveredFile, was: FileState, by: User | None) -> None:
    """Keeps what reading the file, or comparing it with its team's tracker, has put into its fields."""
    if by:
        require_global(by, "import_many")
    _keep(file, was)


def import_file(*, file: DeliveredFile, team: Team, plan: Plan, by: User | None) -> None:
    """Imports the file as its plan says, as one act that can be undone; not a second time.

    Where somebody wrote on this tracker in this second, its turn comes again after the others.
    """
    op, done = operation_for(file.digest, team)
    if done:
        file.state, file.reading, file.op, file.left_over, file.told = FileState.SAME, "", op, 0, "[]"
        _keep(file, FileState.READ)
        return
    try:
        with transaction.atomic():
            if plan.changes_anything:
                import_rows(team=team, plan=plan, by=by, op=op)
                file.op = op
            file.state, file.reading = FileState.IMPORTED, ""
            _keep(file, FileState.READ)
    except Refusal as refused:
        file.state = FileState.READ
        if file.tries >= MOST_TRIES:
            _refuse(file, refused.message)


def operation_for(digest: str, team: Team) -> tuple[UUID, bool]:
    """The number under which this file is imported onto this team's tracker, and whether it was already.

    An import that was undone is none: the file may come in again, under the next number.
    """
    for round_ in range(1000):
        op = uuid5(_NAMES, f"{digest} {team.pk} {round_}")
        act = Operation.objects.filter(op=op).first()
        if act is None:
            return op, False
        if act.undone_by_id is None:
            return op, True
    raise Invalid("This file was imported and undone too often.")


@transaction.atomic
def choose_teams(*, delivery: Delivery, teams: Mapping[int, Team | None], by: User) -> bool:
    """Gives files their teams, by their numbers; answers whether any differs from before.

    What it would do is worked out anew then, and has to be confirmed anew.
    """
    require_global(by, "import_many")
    changed = False
    for file in delivery.files.filter(pk__in=teams, state=FileState.READ).defer("data", "reading"):
        team = teams[file.pk]
        if team:
            require(by, team, "import_rows")
        if file.team_id != (team.pk if team else None):
            changed = True
            DeliveredFile.objects.filter(pk=file.pk, state=FileState.READ).update(
                team=team, counts={}, conflicts=0, told="[]", left_over=0, tries=0
            )
    if changed:
        Delivery.objects.filter(pk=delivery.pk).update(confirmed_at=None)
    return changed


def confirm(*, delivery: Delivery, by: User | None, now: datetime) -> None:
    """The word to go ahead: from now on steps import. What is left to be settled is to be looked at again."""
    if by:
        require_global(by, "import_many")
    DeliveredFile.objects.filter(delivery=delivery, state=FileState.READ).update(tries=0)
    Delivery.objects.filter(pk=delivery.pk).update(confirmed_at=now, settled_at=None)
    delivery.confirmed_at = now


def settle(*, delivery: Delivery, by: User, now: datetime) -> None:
    """Says that what was left is seen to: the home page lists it no more."""
    require_global(by, "import_many")
    Delivery.objects.filter(pk=delivery.pk).update(settled_at=now)


@transaction.atomic
def discard(*, delivery: Delivery, by: User) -> None:
    """Gives up what is not imported; the report of what is stays."""
    require_global(by, "import_many")
    delivery.files.filter(state__in=(FileState.WAITING, FileState.READ)).delete()
    if not delivery.files.filter(state__in=(FileState.IMPORTED, FileState.SAME)).exists():
        Delivery.objects.filter(pk=delivery.pk).delete()


def _keep(file: DeliveredFile, was: FileState) -> None:
    """Writes the file's fields, unless another step was quicker."""
    names = ("state", "team", "data", "reading", "refusal", "counts", "conflicts", "told", "left_over", "op")
    here = DeliveredFile.objects.filter(pk=file.pk, state=was)
    here.update(**{name: getattr(file, name) for name in names})


def _refuse(file: DeliveredFile, sentence: str) -> None:
    was, file.state, file.refusal = FileState(file.state), FileState.REFUSED, sentence
    file.data, file.reading = None, ""
    _keep(file, was)


def let_go_of_deliveries(*, now: datetime) -> None:
    """What others left: files after a day, reports after thirty."""
    Delivery.objects.filter(at__lt=now - KEPT_REPORT).delete()
    DeliveredFile.objects.filter(
        delivery__at__lt=now - KEPT_UNCONFIRMED, state__in=(FileState.WAITING, FileState.READ)
    ).update(state=FileState.REFUSED, refusal=OUT_OF_DATE, data=None, reading="", team=None)
