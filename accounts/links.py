"""Addresses that go out by mail: signed, so that they cannot be guessed."""

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import AccessRequest, User

REQUEST = "accounts.links request"
READER = "accounts.links reader"
DAYS = 14
SECONDS = DAYS * 24 * 60 * 60
INVITATION = "accounts.links invitation"
INVITATION_SECONDS = 7 * 24 * 60 * 60


def request_key(request: AccessRequest) -> str:
    """What stands in the mail about a request for access."""
    return signing.dumps(request.pk, salt=REQUEST)


def request_of(key: str) -> AccessRequest | None:
    """The request that the key was made for; None for a key that is old or not ours."""
    try:
        number = signing.loads(key, salt=REQUEST, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return AccessRequest.objects.filter(pk=number).first()


def invitation_key(person: User) -> str:
    """What stands in an invitation: it opens until the password it was made beside is another one."""
    return signing.dumps([person.pk, _beside(person)], salt=INVITATION)


def invited_by(key: str) -> User | None:
    """Whom the key invites; None for one that is old, used or not ours, and for people who have left."""
    try:
        number, beside = signing.loads(key, salt=INVITATION, max_age=INVITATION_SECONDS)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=number, is_active=True).first()
    return person if person and constant_time_compare(beside, _beside(person)) else None


def _beside(person: User) -> str:
    return salted_hmac(INVITATION, f"{person.pk} {person.password} {person.email}").hexdigest()[:32]


def reader_key(person: User) -> str:
    """What stands under a mail with counts, to end it by: good for as long as mails are kept."""
    return signing.dumps(person.pk, salt=READER)


def reader_of(key: str) -> User | None:
    """The person whose mail it is; None for a key that is not ours."""
    try:
        number = signing.loads(key, salt=READER)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=number).first()
