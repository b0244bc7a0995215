"""Addresses that go out by mail: signed, so that they cannot be guessed, and good for a while only."""

from django.core import signing

from accounts.models import AccessRequest

REQUEST = "accounts.links request"
DAYS = 14
SECONDS = DAYS * 24 * 60 * 60


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
