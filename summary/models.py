"""What the Summary keeps: nothing but check-ins, as they were held. All other figures are computed."""

from django.db import models
from django.utils import timezone

from accounts.models import Locality, User


class CheckIn(models.Model):
    """One Locality CIN Check-In: the figures as they were then, and what the head of service noted.

    `figures` is numbers only, by the keys of summary/places.py: {"teams": [{"team", "name", "numbers"}]}.
    It is kept, not computed again, because it is what was said on that day.
    """

    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="check_ins")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="check_ins")
    note = models.TextField(max_length=4000, blank=True)
    figures = models.JSONField()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("locality", "at"), name="check_ins_of_a_locality"),)

    def __str__(self) -> str:
        return f"check-in {self.pk}"
