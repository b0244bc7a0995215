"""Addresses that open something without sign-in to whoever knows them. Only a digest is kept."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User


class AddressKey(models.Model):
    """The unguessable part of one address: its person may renew or end it, what it opens is theirs today.

    The key itself is shown once, when it is made; who reads the database cannot use it.
    """

    class Opens(models.TextChoices):
        CALENDAR = "calendar", "calendar"
        FIGURES = "figures", "figures for Power BI"

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="address_keys")
    opens = models.CharField(max_length=8, choices=Opens.choices)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("person__name",)
        constraints = (models.UniqueConstraint(name="one_key_a_person", fields=("person", "opens")),)

    def __str__(self) -> str:
        return f"{self.get_opens_display()} of {self.person}"
