"""The records of accounts, one file per noun."""

from accounts.models.audit import AuditEvent
from accounts.models.chain import AuditErased, AuditLink, AuditRow, AuditSwitch
from accounts.models.digests import Digest
from accounts.models.keys import AddressKey
from accounts.models.membership import AccessVersion, Membership
from accounts.models.notices import Notice
from accounts.models.people import User
from accounts.models.places import (
    Locality,
    RoleGroup,
    Team,
    TeamGroupPermission,
    TeamUserPermission,
)
from accounts.models.requests import AccessRequest
from accounts.models.sessions import Session
from accounts.models.stand_ins import StandInApproval

__all__ = [
    "AccessRequest",
    "AccessVersion",
    "AddressKey",
    "AuditErased",
    "AuditEvent",
    "AuditLink",
    "AuditRow",
    "AuditSwitch",
    "Digest",
    "Locality",
    "Membership",
    "Notice",
    "RoleGroup",
    "Session",
    "StandInApproval",
    "Team",
    "TeamGroupPermission",
    "TeamUserPermission",
    "User",
]
