"""What a person has saved for themselves: filters of a team's tracker by name."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Team, User


class SavedView(models.Model):
    """A filter and sort that one person saved under a name.

    Others see nothing of it until it is shared; then its link opens it for whoever may see the tracker,
    under its author's name. `opens_first` makes it what its own person's tracker opens with.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField("the address after the question mark", max_length=1000)
    shared = models.BooleanField(default=False)
    opens_first = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), "person", "team", name="one_view_per_name"),
            models.UniqueConstraint(
                fields=("person", "team"), name="one_view_opens_first", condition=Q(opens_first=True)
            ),
        )

    def __str__(self) -> str:
        return self.name
