"""What a head of service answers to a difficulty."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from tracker.models.log import MERGE, SPLIT, Change
from tracker.models.words import Difficulty


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers, narrowed to those that count."""

    def standing(self) -> "AnswerQuerySet":
        """Answers to the difficulty that their row still has: one that was raised anew waits again."""
        raised = Change.objects.filter(row=OuterRef("row"), field="difficulty", at__gt=OuterRef("at"))
        return self.filter(~Exists(raised.exclude(operation__kind__in=(MERGE, SPLIT))))


class Answer(models.Model):
    """The answer to the difficulty of one row, as it is worded now.

    Earlier wordings, and an answer that was withdrawn, are in the row's history (`Change`, field "answer").
    """

    row = models.OneToOneField("tracker.TrackerRow", on_delete=models.CASCADE, related_name="answer")
    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(max_length=1000)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="answers")
    at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = (models.CheckConstraint(name="answer_says_something", condition=models.Q(text__gt="")),)

    def __str__(self) -> str:
        return f"answer to row {self.row_id}"
