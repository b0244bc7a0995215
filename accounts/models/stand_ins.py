"""Who may be named as a stand-in: experienced social workers whom a performance officer has approved."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User
from accounts.models.places import Locality


class StandInApproval(models.Model):
    """A person whom the team managers of the locality may name as their stand-in."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stand_in_approvals")
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("person__name",)
        constraints = (
            models.UniqueConstraint(name="approved_once_a_locality", fields=("person", "locality")),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.locality}"
