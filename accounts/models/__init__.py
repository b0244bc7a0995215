"""The records of accounts, one file per noun."""

from accounts.models.audit import AuditEvent
from accounts.models.membership import AccessVersion, Membership
from accounts.models.people import User
from accounts.models.places import (
    Locality,
    RoleGroup,
    Team,
    TeamGroupPermission,
    TeamUserPermission,
)

__all__ = [
    "AccessVersion",
    "AuditEvent",
    "Locality",
    "Membership",
    "RoleGroup",
    "Team",
    "TeamGroupPermission",
    "TeamUserPermission",
    "User",
]
