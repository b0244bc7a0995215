"""What a team adds to its tracker: columns after the tenth, and what its row colours mean."""

from django.db import models
from django.db.models.functions import Lower

from accounts.models import Team
from tracker.choices import Colour, ColumnKind

# Under this the log tells of the order of a team's columns.
COLUMN_ORDER = "order"


class TeamColumn(models.Model):
    """A team's own column. Its values sit on the rows under its number; removing it keeps them."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="columns")
    heading = models.CharField(max_length=60)
    kind = models.CharField(max_length=8, choices=ColumnKind.choices, default=ColumnKind.TEXT)
    options = models.JSONField("choices", default=list, blank=True)
    order = models.PositiveIntegerField(default=0)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ("order", "pk")
        constraints = (
            models.UniqueConstraint(
                Lower("heading"), "team", name="one_column_per_heading", condition=models.Q(removed=False)
            ),
        )

    def __str__(self) -> str:
        return self.heading

    @property
    def key(self) -> str:
        """The field key of its cells."""
        return f"x{self.pk}"


class ColourMeaning(models.Model):
    """The team's legend: what a row colour says."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="colour_meanings")
    colour = models.CharField(max_length=8, choices=Colour.choices)
    meaning = models.CharField(max_length=60)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("team", "colour"), name="one_meaning_per_colour"),
            models.CheckConstraint(name="a_meaning_is_of_a_colour", condition=models.Q(colour__gt="")),
        )

    def __str__(self) -> str:
        return f"{self.get_colour_display()}: {self.meaning}"
