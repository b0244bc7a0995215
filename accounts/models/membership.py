"""Who has which role where, from when until when: the record that people see and permissions derive from."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.people import User
from accounts.models.places import Locality, Team
from accounts.roles import Role

# The longest that somebody stands in for a team (specs: permissions).
STAND_IN_AT_MOST = timedelta(days=365)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by the day they count on."""

    def active(self, on: date) -> "MembershipQuerySet":
        """Those that count on this day: begun, not past their last day, not ended at once."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on, ended_at__isnull=True)


class Membership(models.Model):
    """One role of one person: in every locality (officers), in a locality, or in the named teams of it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role.choices)
    locality = models.ForeignKey(
        Locality, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    teams = models.ManyToManyField(Team, related_name="memberships", blank=True)
    since = models.DateField("from")
    until = models.DateField("until, that day included", null=True, blank=True)
    ended_at = models.DateTimeField("ended at once", null=True, editable=False)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="memberships_granted"
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(max_length=500, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("person__name", "role")
        constraints = (
            models.CheckConstraint(
                name="only_officers_have_no_locality",
                condition=Q(role=Role.PERFORMANCE_OFFICER) | Q(locality__isnull=False),
                violation_error_message="Name the locality.",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                name="stand_in_has_an_end",
                condition=~Q(role=Role.STAND_IN) | Q(until__isnull=False),
                violation_error_message="A stand-in needs a last day.",
            ),
        )

    def __str__(self) -> str:
        place = self.locality.name if self.locality else "all localities"
        return f"{self.get_role_display()}, {place}"

    def is_over(self, today: date) -> bool:
        """Whether it has ended: at once, or with its last day."""
        return self.ended_at is not None or bool(self.until and self.until < today)

    @property
    def last_day(self) -> date:
        """The day on which it ended or will end; for one without an end the last day there is."""
        if self.ended_at:
            return min(timezone.localdate(self.ended_at), self.until or date.max)
        return self.until or date.max

    def clean(self) -> None:
        """A stand-in's time is a year at most."""
        # A form that is not filled in yet has neither.
        first: date | None = self.since
        if self.role != Role.STAND_IN or not first or not self.until:
            return
        if self.until > first + STAND_IN_AT_MOST:
            raise ValidationError({"until": "A stand-in has a year at most."})

    def clean_teams(self, teams: Any) -> None:
        """Teams must lie in the locality; a stand-in needs one; officers and heads of service name none."""
        if any(team.locality_id != self.locality_id for team in teams):
            raise ValidationError("Each team must belong to the locality.")
        if self.role == Role.STAND_IN and not teams:
            raise ValidationError("A stand-in needs a team.")
        if self.role in (Role.PERFORMANCE_OFFICER, Role.HEAD_OF_SERVICE) and teams:
            raise ValidationError("This role reaches all teams: name none.")


class AccessVersion(models.Model):
    """One number, raised by every change of who may do what; open pages and streams watch it."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
