"""Making, renewing and ending the key of an address."""

import secrets

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.keys import digest_of
from accounts.models import AddressKey, AuditEvent, User
from accounts.permissions import require_global

BYTES = 32


@transaction.atomic
def make_key(*, opens: AddressKey.Opens, by: User) -> str:
    """A new key of this person, told this once; the one before it opens nothing any more."""
    if opens == AddressKey.Opens.FIGURES:
        require_global(by, "view_council")
    key = secrets.token_urlsafe(BYTES)
    AddressKey.objects.update_or_create(
        person=by, opens=opens, defaults={"digest": digest_of(key), "made_at": timezone.now()}
    )
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose=f"make {opens} address")
    return key


@transaction.atomic
def end_key(*, key: AddressKey, by: User) -> None:
    """The address opens nothing from now on. One's own, or any of the figures for who may have figures."""
    if key.person_id != by.pk:
        require_global(by, "view_council")
    key.delete()
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose=f"end {key.opens} address", person=key.person_id)
