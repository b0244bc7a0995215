"""From the key in an address to whom it belongs; what it opens is decided by what they may see today."""

import hashlib

from accounts.models import AddressKey, User


def digest_of(key: str) -> str:
    """What is kept of a key. It is random and long: a plain hash of it cannot be turned back."""
    return hashlib.sha256(key.encode()).hexdigest()


def person_of(key: str, opens: AddressKey.Opens) -> User | None:
    """The person whose key it is; None for one that is unknown, ended, or of somebody who has left."""
    people = User.objects.filter(is_active=True)
    return people.filter(address_keys__digest=digest_of(key), address_keys__opens=opens).first()
