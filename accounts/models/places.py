"""Localities and their teams, and the groups through which guardian grants permissions on teams."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models.people import User
from accounts.roles import IN_WORDS, TEAM_PERMISSIONS, Role


class Locality(models.Model):
    """A part of the council's area with several teams; its contact officers are named on every refusal."""

    name = models.CharField(max_length=80, unique=True)
    contact_officers = models.ManyToManyField(User, related_name="contact_for", blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "localities"

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    """Teams that work, and those that have been closed."""

    def open(self) -> "TeamQuerySet":
        """Those that hold meetings: all but the closed ones."""
        return self.filter(closed_at=None)


class Team(models.Model):
    """A children's team with one tracker. Object permissions sit here and nowhere else.

    A closed team's rows have gone to others; its history stays readable and nothing is written on it.
    """

    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=80, unique=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("locality__name", "name")
        default_permissions = ()
        permissions = tuple((codename, IN_WORDS[codename]) for codename in TEAM_PERMISSIONS)

    def __str__(self) -> str:
        return self.name


class RoleGroup(models.Model):
    """What a Django group stands for: a role in one team, or reading one locality."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="role_group")
    role = models.CharField(max_length=24, choices=Role.choices, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="role_groups")
    locality = models.OneToOneField(Locality, on_delete=models.CASCADE, null=True, related_name="read_group")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="role_group_is_of_a_team_or_a_locality",
                condition=Q(team__isnull=False, locality__isnull=True, role__gt="")
                | Q(team__isnull=True, locality__isnull=False, role=""),
            ),
            models.UniqueConstraint(name="one_group_per_role_and_team", fields=("role", "team")),
        )

    def __str__(self) -> str:
        return self.group.name


class TeamGroupPermission(GroupObjectPermissionBase):
    """Guardian's table of what a group may do on a team."""

    content_object = models.ForeignKey(Team, on_delete=models.CASCADE)


class TeamUserPermission(UserObjectPermissionBase):
    """Guardian wants the pair; nothing is ever granted to a single person (a test holds it empty)."""

    content_object = models.ForeignKey(Team, on_delete=models.CASCADE)
