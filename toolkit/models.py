"""The ideas of the Toolkit. The default copy is in default_ideas.py, the needs are in tracker."""

from django.db import models
from django.db.models import Q

from tracker.choices import Stage
from tracker.models import Need


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Ideas by whether people see them."""

    def shown(self) -> "IdeaQuerySet":
        """Those that are not retired."""
        return self.filter(retired=False)


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
