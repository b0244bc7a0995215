"""The team's log: gap-free numbered changes, the acts they belong to, and texts that were refused."""

import uuid
from collections.abc import Iterable

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Team, User
from tracker.choices import ChangeKind

# Acts on the lists of words: they give rows another name for what they say, and nobody has said it anew.
MERGE, SPLIT = "merge", "split"
# Acts that take back another one, and that do it again.
UNDO, REDO = "undo", "redo"


class TeamLog(models.Model):
    """The last number of the team's log. Writing takes its row lock first: that orders the commits."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, primary_key=True, related_name="log")
    head = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"team {self.team_id} at {self.head}"

    @classmethod
    def take(cls, team_id: int, numbers: int) -> int:
        """Locks the team's log until the transaction ends and moves its head on; answers the new head.

        One statement on both databases. Called with a negative number, it gives back what was not used.
        """
        move = "UPDATE tracker_teamlog SET head = head + %s WHERE team_id = %s RETURNING head"
        with connection.cursor() as cursor:
            cursor.execute(move, [numbers, team_id])
            found = cursor.fetchone()
            if found is None:
                # The team's first write: two of them may meet here, and one row must come of it.
                TeamLog.objects.bulk_create([TeamLog(team_id=team_id)], ignore_conflicts=True)
                cursor.execute(move, [numbers, team_id])
                found = cursor.fetchone()
        return int(found[0])

    @classmethod
    def head_of(cls, team_id: int) -> int:
        """The number of the team's newest change; 0 before the first."""
        return cls.heads_of([team_id])[team_id]

    @staticmethod
    def head_read_with(team: Team) -> int:
        """The same of a team that was read along with its `log`."""
        return team.log.head if hasattr(team, "log") else 0

    @classmethod
    def heads_of(cls, team_ids: Iterable[int]) -> dict[int, int]:
        """Team → the number of its newest change; 0 before the first."""
        ids = list(team_ids)
        return dict.fromkeys(ids, 0) | dict(cls.objects.filter(pk__in=ids).values_list("pk", "head"))


class Operation(models.Model):
    """One act of one person, however many cells; `op` comes from the browser, so that a repeat is known."""

    op = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    by = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    tab = models.CharField("the browser's tab", max_length=36, blank=True)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undoes")

    class Meta:
        indexes = (
            # Few, and each figure about the log leaves them out.
            models.Index(
                fields=("id",),
                name="acts_without_effect",
                condition=Q(undone_by__isnull=False) | Q(kind__in=(UNDO, REDO)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.op}"


class Change(models.Model):
    """One change of one field or state of one row. The history, the live cursor and "as it stood" in one.

    `old` and `new` hold raw values (see TrackerRow.raw). Entries outlive what they tell of: their links
    are numbers without a constraint, and who did it stands in text too.
    """

    team = models.ForeignKey(Team, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    seq = models.PositiveBigIntegerField("number in the team's log")
    operation = models.ForeignKey(
        Operation, on_delete=models.DO_NOTHING, db_constraint=False, related_name="changes"
    )
    row = models.ForeignKey(
        "tracker.TrackerRow",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="changes",
    )
    kind = models.CharField(max_length=8, choices=ChangeKind.choices)
    field = models.CharField(max_length=20, blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    rev = models.PositiveIntegerField("version of the field after it", default=0)
    row_rev = models.PositiveIntegerField("version of the row after it", default=0)
    by = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=500, blank=True)
    digest = models.CharField("keyed digest of all this", max_length=100)
    # The meeting in which it was written.
    meeting = models.ForeignKey(
        "tracker.Meeting", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="changes"
    )

    class Meta:
        ordering = ("team", "seq")
        constraints = (models.UniqueConstraint(fields=("team", "seq"), name="one_change_per_number"),)
        indexes = (models.Index(fields=("row", "field", "rev"), name="history_of_a_field"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.field} of row {self.row_id}"


class RefusedEdit(models.Model):
    """A typed text that met a newer one. Only its author reads the text; others see that there was one."""

    op = models.UUIDField()
    row = models.ForeignKey("tracker.TrackerRow", on_delete=models.CASCADE, related_name="refused_edits")
    field = models.CharField(max_length=20)
    value = models.TextField()
    base = models.PositiveIntegerField("version it was typed against")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="refused_edits")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=("op", "row", "field"), name="one_refusal_per_edit"),)

    def __str__(self) -> str:
        return f"refused {self.field} of row {self.row_id}"
