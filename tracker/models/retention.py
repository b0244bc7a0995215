"""How long what is said of a child is kept after its last row left the trackers, and what holds that up."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from tracker.models.cases import Case

DAYS, MOST_DAYS = 180, 365
# What stands where the name of an erased child stood.
ERASED = "Erased"


class RetentionRule(models.Model):
    """The council's one rule: so many days after closing or removing a case is erased."""

    days = models.PositiveSmallIntegerField("days after closing", default=DAYS)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="kept_a_day_to_a_year", condition=Q(days__gte=1, days__lte=MOST_DAYS)
            ),
        )

    def __str__(self) -> str:
        return f"{self.days} days"

    @classmethod
    def in_force(cls) -> int:
        """The days that count today."""
        return cls.objects.filter(pk=1).values_list("days", flat=True).first() or DAYS


class LegalHold(models.Model):
    """Somebody needs the case kept: nothing of it is erased until a performance officer ends the hold.

    Ended ones stay with the case, so that it is known for whom it was kept; they go when it is erased.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=500)
    asked_by = models.CharField("who asked for it", max_length=120)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holds_placed")
    placed_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="holds_ended")
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("placed_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("case",), name="one_hold_at_a_time", condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="hold_ended_by_somebody",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(name="hold_says_why", condition=Q(reason__gt="", asked_by__gt="")),
        )

    def __str__(self) -> str:
        return f"hold on case {self.case_id}"
