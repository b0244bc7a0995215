"""A child (Case) and its working line on one team's tracker (TrackerRow)."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Locality, Team, User
from accounts.permissions import teams_with
from tracker.choices import EXPECTED_CLOSURES, ChangeKind, Colour, RowState, Stage
from tracker.models.answers import Answer
from tracker.models.log import MERGE, SPLIT, Change
from tracker.models.words import Difficulty, Need, Outcome
from tracker.months import beginning, first_of_month

# Outcomes of rows that left a tracker while their case did not close.
NO_CLOSURE = ("moved", "added_in_error")

# Fields that belong to the child and not to one team's line.
ON_THE_CASE = ("pin", "person", "cin_start", "allocated_worker", "last_sign_off", "last_visit")


class Family(models.Model):
    """Cases of one team that its people picked as siblings: the meeting takes them as one step."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="families")

    class Meta:
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return f"family {self.pk}"


class Case(models.Model):
    """One child on the books. The PIN is text with its leading zeros; it may be missing for a while."""

    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="cases")
    pin = models.CharField("PIN", max_length=20, blank=True)
    person = models.CharField("Person", max_length=120)
    cin_start = models.DateField("CIN start", null=True)
    allocated_worker = models.CharField(max_length=120, blank=True)
    last_sign_off = models.DateField(null=True)
    last_visit = models.DateField(null=True)
    family = models.ForeignKey(Family, on_delete=models.SET_NULL, null=True, related_name="cases")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("locality", "pin"), name="one_case_per_pin", condition=Q(pin__gt="")
            ),
            models.CheckConstraint(name="case_has_a_person", condition=Q(person__gt="")),
        )

    def __str__(self) -> str:
        return f"case {self.pk}"


class RowQuerySet(models.QuerySet["TrackerRow"]):
    """Rows, narrowed in the words of the meeting."""

    def visible_to(self, user: User) -> "RowQuerySet":
        """The rows whose tracker the person may see today."""
        return self.filter(team__in=teams_with(user, "view_tracker").values("pk"))

    def open(self) -> "RowQuerySet":
        """The rows on the tracker."""
        return self.filter(state=RowState.OPEN)

    def closed(self) -> "RowQuerySet":
        """The rows of the Closed list."""
        return self.filter(state=RowState.CLOSED)

    def kept(self) -> "RowQuerySet":
        """Those of which more is left than what the figures count: an erased row has no name (ADR 0037)."""
        return self.filter(erased_at=None)

    def called(self, text: str) -> "RowQuerySet":
        """Rows whose child's name or PIN has every word of the text in it, in any order and letter case."""
        rows = self
        for word in text.split():
            named = Q()
            # SQLite takes Ł and ł for two letters, as it does all beyond A to Z.
            for spelt in {word, word.lower(), word.upper(), word.capitalize()}:
                named |= Q(case__person__icontains=spelt) | Q(case__pin__icontains=spelt)
            rows = rows.filter(named)
        return rows

    def overdue(self, on: date) -> "RowQuerySet":
        """Open rows whose action was due before this day."""
        return self.open().filter(by_when__lt=on)

    def meeting_passed(self, on: date) -> "RowQuerySet":
        """Open rows whose next CIN meeting lies before this day."""
        return self.open().filter(next_meeting__lt=on)

    def expected_to_close(self) -> "RowQuerySet":
        """Open rows in the two stages that the guide counts as expected closures."""
        return self.open().filter(stage__in=EXPECTED_CLOSURES)

    def came_in(self, month: date) -> "RowQuerySet":
        """Rows whose case came onto its first tracker in this month, whatever became of it since."""
        # What was removed was never there: a case that is put on anew after that comes in then.
        earlier = TrackerRow.objects.filter(case=OuterRef("case"), pk__lt=OuterRef("pk"))
        first = ~Exists(earlier.exclude(state=RowState.REMOVED))
        return self._in(month, "opened_at").filter(first).exclude(state=RowState.REMOVED)

    def closed_in(self, month: date) -> "RowQuerySet":
        """Rows whose case was closed here in this month.

        One that moved to another team, was added in error, or came in closed from a workbook is none of them.
        """
        closing = Change.objects.filter(row=OuterRef("pk"), field="stage", kind=ChangeKind.CLOSE)
        ended = self._in(month, "closed_at").closed()
        return ended.filter(Exists(closing)).exclude(outcome__code__in=NO_CLOSURE)

    def _in(self, month: date, moment: str) -> "RowQuerySet":
        within = (beginning(month), beginning(first_of_month(month, 1)))
        return self.filter(**{f"{moment}__gte": within[0], f"{moment}__lt": within[1]})

    def answered(self) -> "RowQuerySet":
        """Open rows whose difficulty has its answer."""
        return self.open().filter(Exists(_answer()))

    def unanswered(self) -> "RowQuerySet":
        """Open rows with a difficulty that waits for its answer."""
        return self.open().filter(~Exists(_answer()), difficulty__isnull=False)

    def unanswered_since(self, moment: datetime) -> "RowQuerySet":
        """Those of them that had waited before this moment."""
        return self.unanswered().since("difficulty").filter(Q(("difficulty_since__lt", moment)))

    def since(self, field_key: str) -> "RowQuerySet":
        """With `<field>_since`: when the field came to what it holds now, by the row's history."""
        written = Change.objects.filter(row=OuterRef("pk"), field=field_key)
        written = written.exclude(operation__kind__in=(MERGE, SPLIT)).order_by("-rev")
        since = Coalesce(Subquery(written.values("at")[:1]), F("opened_at"))
        return self.annotate(**{f"{field_key}_since": since})

    def with_case(self) -> "RowQuerySet":
        """With its case: all that reading and writing raw values takes."""
        return self.select_related("case")

    def with_all(self) -> "RowQuerySet":
        """With everything that a line of the table prints, in one statement."""
        related = self.select_related("case", "needed", "difficulty", "outcome", "closed_by")
        return related.annotate(answer_at=Subquery(_answer().values("at")[:1]))


def _answer() -> models.QuerySet[Answer]:
    return Answer.objects.standing().filter(row=OuterRef("pk"))


class TrackerRow(models.Model):
    """A case's line on one team's tracker: the working copy that the meeting writes in.

    `field_rev` holds a version for each field that was ever written ({"stage": 3}), so that two people
    clash only on the same cell; `row_rev` counts all of them. `extra` holds the values of the team's own
    columns as text under their keys. On open and closed rows the stage Closed and the state closed
    always go together. An erased row says only what the figures of the past count: its stage, outcome and
    months, no name and no text.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rows")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rows")
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    needed = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, blank=True, related_name="rows")
    action = models.TextField(max_length=2000, blank=True)
    owner = models.CharField(max_length=60, blank=True)
    by_when = models.DateField(null=True, blank=True)
    update = models.TextField(max_length=2000, blank=True)
    difficulty = models.ForeignKey(
        Difficulty, on_delete=models.PROTECT, null=True, blank=True, related_name="rows"
    )
    next_meeting = models.DateField(null=True, blank=True)
    expected_month = models.DateField("expected closing month, its first day", null=True, blank=True)
    colour = models.CharField(max_length=8, choices=Colour.choices, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    order = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.OPEN)
    field_rev = models.JSONField(default=dict)
    row_rev = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="rows_closed")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="rows")
    erased_at = models.DateTimeField(null=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        indexes = (models.Index(fields=("team", "state", "order"), name="tracker_of_a_team"),)
        constraints = (
            models.UniqueConstraint(
                fields=("case",), name="one_open_row_per_case", condition=Q(state=RowState.OPEN)
            ),
            models.CheckConstraint(
                name="closed_means_closed",
                condition=Q(state=RowState.CLOSED, stage=Stage.CLOSED)
                | (Q(state=RowState.OPEN) & ~Q(stage=Stage.CLOSED))
                | Q(state=RowState.REMOVED),
            ),
            models.CheckConstraint(
                name="closed_says_when_and_how",
                condition=~Q(state=RowState.CLOSED) | Q(closed_at__isnull=False, outcome__isnull=False),
            ),
            models.CheckConstraint(
                name="no_open_row_is_erased", condition=~Q(state=RowState.OPEN) | Q(erased_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"row {self.pk}"

    @property
    def pin(self) -> str:
        """The case's PIN."""
        return self.case.pin

    @property
    def person(self) -> str:
        """The case's person."""
        return self.case.person

    @property
    def answered_at(self) -> datetime | None:
        """When the difficulty that stands here was answered; only a row that was read `with_all` knows."""
        at: datetime | None = getattr(self, "answer_at", None)
        return at

    def rev(self, field_key: str) -> int:
        """The version of one field; 0 where it was never written since the row was made."""
        rev: int = self.field_rev.get(field_key, 0)
        return rev

    def days_over(self, today: date) -> int:
        """How many days the action is past its By when; 0 where it is not."""
        return max(0, (today - self.by_when).days) if self.by_when else 0

    def meeting_days_ago(self, today: date) -> int:
        """How many days the next CIN meeting has passed; 0 where it has not."""
        return max(0, (today - self.next_meeting).days) if self.next_meeting else 0

    def raw(self, field_key: str) -> str:
        """The field's value as text that can be written back: an ISO date, a word's number, a stage."""
        if field_key.startswith("x") and field_key[1:].isdigit():
            return str(self.extra.get(field_key, ""))
        if field_key in ("needed", "difficulty", "outcome"):
            word_id: Any = getattr(self, f"{field_key}_id")
            return "" if word_id is None else str(word_id)
        value: Any = getattr(self.case if field_key in ON_THE_CASE else self, field_key)
        return value.isoformat() if isinstance(value, date) else (value or "")


# Fields whose raw text is the number of a word.
WORDS: dict[str, type[Need] | type[Difficulty] | type[Outcome]] = {
    "needed": Need,
    "difficulty": Difficulty,
    "outcome": Outcome,
}
DATES = ("by_when", "next_meeting", "expected_month", "cin_start", "last_sign_off", "last_visit")


def value_of(field_key: str, raw: str) -> Any:
    """What a record keeps for a raw text: the way back from `TrackerRow.raw`."""
    if field_key in WORDS:
        return WORDS[field_key].objects.get(pk=int(raw)) if raw else None
    if field_key in DATES:
        return date.fromisoformat(raw) if raw else None
    return raw


def coming_back(field_key: str, raw: str) -> tuple[str, Any]:
    """Raw text and value with which an older value comes back: a word that was merged as its other."""
    value = value_of(field_key, raw)
    if field_key in WORDS and value is not None and value.merged_into_id:
        value = value.merged_into
        raw = str(value.pk)
    return raw, value
