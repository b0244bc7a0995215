"""Asking for access, and the officer's one answer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.changes.notices import tell
from accounts.changes.people import add_membership
from accounts.links import request_key
from accounts.models import AccessRequest, AuditEvent, Locality, Membership, Team, User
from accounts.permissions import officers_of, require_global
from accounts.roles import Role

ASKED = "You have asked for this already. A performance officer will answer."
ANSWERED = "This request has been answered already."


@transaction.atomic
def ask_for_access(
    *, person: User, role: Role, locality: Locality, team: Team | None, why: str
) -> AccessRequest:
    """Keeps the request and tells the officers of the locality. Raises ValidationError for a second one."""
    if AccessRequest.objects.filter(person=person, locality=locality, team=team, answered_at=None).exists():
        raise ValidationError(ASKED)
    request = AccessRequest(person=person, role=role, locality=locality, team=team, why=why.strip())
    request.full_clean(exclude=["person", "answered_by", "membership"])
    request.save()
    audit.record(
        AuditEvent.Kind.ACCESS,
        by=person,
        purpose="ask for access",
        team=team,
        locality=locality,
        request_id=request.pk,
    )
    for officer in officers_of(locality):
        tell(
            officer,
            f"{person.name} asks for access: {request}.",
            address=reverse("request_by_link", args=[request_key(request)]),
        )
    return request


@transaction.atomic
def grant_request(*, request: AccessRequest, by: User) -> Membership:
    """Gives what was asked for. Raises ValidationError where somebody else has answered meanwhile."""
    current = _unanswered(request, by)
    membership = add_membership(
        person=current.person,
        role=Role(current.role),
        locality=current.locality,
        teams=[current.team] if current.team and current.role != Role.HEAD_OF_SERVICE else [],
        by=by,
        reason=f"Asked for: {current.why}"[:500],
    )
    _answer(current, by, membership=membership)
    tell(
        current.person,
        f"You now have access: {current}.",
        address=reverse("tracker", args=[current.team_id]) if current.team_id else reverse("home"),
    )
    return membership


@transaction.atomic
def refuse_request(*, request: AccessRequest, answer: str, by: User) -> None:
    """Says no, with the reason for the asker. Raises ValidationError as `grant_request` does."""
    if not answer.strip():
        raise ValidationError({"answer": "Say why not: the asker reads it."})
    current = _unanswered(request, by)
    _answer(current, by, answer=answer.strip())
    tell(current.person, f"Your request ({current}) was refused by {by.name}: {current.answer}"[:500])


def _unanswered(request: AccessRequest, by: User) -> AccessRequest:
    """The request as it stands under a lock, while nobody has answered it."""
    require_global(by, "manage_people")
    found = AccessRequest.objects.select_for_update().filter(pk=request.pk, answered_at=None).first()
    if found is None:
        raise ValidationError(ANSWERED)
    return found


def _answer(
    request: AccessRequest, by: User, *, membership: Membership | None = None, answer: str = ""
) -> None:
    request.answered_at, request.answered_by = timezone.now(), by
    request.membership, request.answer = membership, answer
    request.save(update_fields=["answered_at", "answered_by", "membership", "answer"])
    audit.record(
        AuditEvent.Kind.ACCESS,
        by=by,
        purpose="grant request" if membership else "refuse request",
        team=request.team,
        locality=request.locality,
        person=request.person_id,
        request_id=request.pk,
    )
