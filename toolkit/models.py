"""The ideas of the Toolkit and their history. The default copy is in default_ideas.py."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.choices import Stage
from tracker.models import Need

MEETING = "meeting"


@dataclass(frozen=True)
class Tie:
    """The one thing that an idea is tied to: a need, a stage, or (neither) running the meeting."""

    need_id: int | None = None
    stage: str = ""

    @property
    def code(self) -> str:
        """As forms and the history write it: `need:3`, `stage:awaiting`, `meeting`."""
        if self.need_id:
            return f"need:{self.need_id}"
        return f"stage:{self.stage}" if self.stage else MEETING

    @classmethod
    def read(cls, code: str) -> "Tie":
        """Out of such a code."""
        kind, _, what = code.partition(":")
        if kind == "need":
            return cls(need_id=int(what))
        return cls(stage=what)

    @property
    def fields(self) -> dict[str, Any]:
        """What an idea of this tie has in its fields."""
        return {"need_id": self.need_id, "stage": self.stage, "for_meeting": self.code == MEETING}


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Ideas by whether people see them, and where."""

    def shown(self) -> "IdeaQuerySet":
        """Those that are not retired."""
        return self.filter(retired=False)

    def tied_to(self, tie: Tie) -> "IdeaQuerySet":
        """Those of one need, of one stage, or for the meeting."""
        return self.filter(**tie.fields)


class Idea(models.Model):
    """One way to help a plan on, tied to a need, to a stage, or to running the meeting.

    It is tied to exactly one of the three. A stage's idea is a question that follows the stage and
    a colon.
    """

    text = models.TextField(max_length=500)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, blank=True, related_name="ideas")
    stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    for_meeting = models.BooleanField("for running the meeting", default=False)
    order = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        ordering = ("order", "pk")
        constraints = (
            models.CheckConstraint(
                name="idea_is_tied_to_one_thing",
                condition=Q(need__isnull=False, stage="", for_meeting=False)
                | Q(need__isnull=True, stage__gt="", for_meeting=False)
                | Q(need__isnull=True, stage="", for_meeting=True),
                violation_error_message="Choose one: a need, a stage, or running the meeting.",
            ),
            models.CheckConstraint(name="idea_has_a_text", condition=Q(text__gt="")),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def tie(self) -> Tie:
        """What it is tied to."""
        return Tie(self.need_id, self.stage)

    @property
    def newest(self) -> "IdeaVersion | None":
        """The version that stands now."""
        return self.versions.first()


class IdeaVersion(models.Model):
    """What an idea said, and where, from one moment on. Without a person: it came with the program."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="versions")
    text = models.TextField(max_length=500)
    tied_to = models.CharField("need, stage or meeting, as a code", max_length=30)
    retired = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by_id = models.BigIntegerField("who, by number", null=True)
    by_name = models.CharField("who, by name then", max_length=120, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.text} ({self.by_name or 'came with the program'})"

    @property
    def tie(self) -> Tie:
        """What the idea was tied to."""
        return Tie.read(self.tied_to)
