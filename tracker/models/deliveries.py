"""Several workbooks that were handed in together, each for the tracker of one team (ADR 0018)."""

import json
import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from accounts.models import Team, User


class FileState(models.TextChoices):
    """How far a file has come."""

    WAITING = "waiting", "Waiting to be read"
    READ = "read", "Read"
    REFUSED = "refused", "Refused"
    IMPORTED = "imported", "Imported"
    SAME = "same", "Already imported"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries, narrowed in the words of their page."""

    def with_leftovers(self) -> "DeliveryQuerySet":
        """Those that brought something in, left something to be settled, and are not settled yet."""
        return self.filter(
            settled_at=None,
            files__in=DeliveredFile.objects.filter(state=FileState.IMPORTED, left_over__gt=0),
        ).distinct()


class Delivery(models.Model):
    """One hand-in. Until it is confirmed it changes nothing. `by` is None for the command line."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class DeliveredFile(models.Model):
    """One file of a delivery.

    `data` is the file itself, kept only until it is read; `reading` what reading it gave, kept only until it
    is imported. That and `told` are text because a database's own JSON refuses characters that a file may
    hold. `counts` is empty until the reading was compared with the tracker of the team.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.WAITING)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="delivered_files")
    data = models.BinaryField(null=True)
    reading = models.TextField(blank=True)
    refusal = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    conflicts = models.PositiveIntegerField(default=0)
    told = models.TextField(default="[]")
    left_over = models.PositiveIntegerField(default=0)
    op = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What is left to be settled: `cell`, `level`, `text` of each."""
        found: list[dict[str, Any]] = json.loads(self.told)
        return found
