"""How often working together went wrong: numbers for a week, no text and nobody's name."""

from django.db import models

from accounts.models import Team


class Hitches(models.Model):
    """One week of one team's tracker, in numbers (specs: concurrency 4.9)."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="hitches")
    week = models.DateField("its Monday")
    conflicts = models.PositiveIntegerField("texts that met a newer one", default=0)
    parked = models.PositiveIntegerField("texts that their authors put aside", default=0)
    reconnects = models.PositiveIntegerField("connections lost and found again", default=0)
    offline = models.PositiveIntegerField("seconds without connection, of all pages together", default=0)

    class Meta:
        ordering = ("-week", "team")
        constraints = (models.UniqueConstraint(fields=("team", "week"), name="one_count_of_a_week"),)

    def __str__(self) -> str:
        return f"team {self.team_id}, week of {self.week}"
