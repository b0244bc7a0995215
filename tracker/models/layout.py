"""How a person has a team's table laid out for themselves; the team and everybody else see nothing of it."""

from django.db import models

from accounts.models import Team, User
from tracker.choices import Density


class Layout(models.Model):
    """Which columns of one team's table one person hides, how wide they are, how close the rows stand.

    `hidden` lists keys of columns, `widths` holds ems by key. The density is the person's on every team:
    all their layouts have the same.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="layouts")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="layouts")
    hidden = models.JSONField(default=list, blank=True)
    widths = models.JSONField(default=dict, blank=True)
    density = models.CharField(max_length=8, choices=Density.choices, default=Density.NORMAL)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "team"), name="one_layout_per_person_and_team"),
        )

    def __str__(self) -> str:
        return f"layout {self.pk}"

    @classmethod
    def of(cls, person: User, team: Team) -> "Layout":
        """The person's layout of the team's table; a fresh one, with their density, where they have none."""
        kept = list(cls.objects.filter(person=person).order_by("pk"))
        own = next((one for one in kept if one.team_id == team.pk), None)
        return own or cls(person=person, team=team, density=kept[-1].density if kept else Density.NORMAL)
