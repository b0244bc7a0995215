"""What people ask performance officers for: access to a place in a role."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.membership import Membership
from accounts.models.people import User
from accounts.models.places import Locality, Team
from accounts.roles import Role

# Roles that one may ask for: an officer is made by another officer, a stand-in is named.
ASKABLE = [(role.value, role.label) for role in Role if role not in (Role.PERFORMANCE_OFFICER, Role.STAND_IN)]


class AccessRequest(models.Model):
    """One person's wish for access, and the one answer to it."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="requests")
    role = models.CharField("your role", max_length=24, choices=ASKABLE)
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True)
    why = models.CharField("what you need it for", max_length=500)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="requests_answered"
    )
    answer = models.CharField(max_length=500, blank=True)
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True)

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="request_answered_by_somebody",
                condition=Q(answered_at__isnull=False) | Q(membership__isnull=True, answer=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.place}"

    @property
    def place(self) -> str:
        """The team where one is named, else the locality."""
        return str(self.team or self.locality)
