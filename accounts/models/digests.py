"""Who wants a mail with the counts of their teams, and how often."""

from django.db import models

from accounts.models.people import User


class Digest(models.Model):
    """One person's wish; without one no mail goes. `sent_on` keeps a second run from sending again."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Once a week"

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="digest")
    rhythm = models.CharField(max_length=6, choices=Rhythm.choices)
    sent_on = models.DateField("the day of the last one", null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.get_rhythm_display()}: {self.person}"
