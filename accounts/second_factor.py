"""The second factor: who needs one, how its secret is kept, and how a page shows it as a picture (ADR 0033).

allauth checks codes; the pages are in accounts/views/second_factor.py.
"""

from base64 import b32encode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from secrets import token_bytes
from typing import Any, ClassVar

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from accounts.audit import acting_person
from accounts.demo import is_demo
from accounts.models import User
from accounts.permissions import may, officers
from accounts.sessions import PASSED
from icm.http import AuthenticatedRequest

WRONG = "This code is not right, or it has been used. Type the one that shows now, or a recovery code."


class SecondFactor(DefaultMFAAdapter):
    """allauth's, with our words and secrets that a copy of the database does not give away."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG}

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; one that no code fits where SECRET_KEY has changed since: an officer resets it."""
        try:
            return keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return b32encode(token_bytes(20)).decode()


def keys() -> MultiFernet:
    """The first one writes, all read: SECRET_KEY_FALLBACKS lets a key be changed."""
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(b"second factor " + force_bytes(key)).digest() for key in known]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


def required_of(person: User) -> bool:
    """Whether the person may do nothing without one. Nobody is asked in the demonstration.

    "nobody" is a word of the tests' settings: icm/settings.py takes none that lets officers off.
    """
    if is_demo(person) or settings.SECOND_FACTOR == "nobody":
        return False
    return settings.SECOND_FACTOR == "everybody" or may(person, "manage_people")


def required_among(numbers: Iterable[int]) -> set[int]:
    """Those of these people, by number, who may do nothing without one: as `required_of`, of many at once."""
    among = User.objects.all() if settings.SECOND_FACTOR == "everybody" else officers()
    return {person.pk for person in among.filter(pk__in=list(numbers)) if required_of(person)}


def missing(request: AuthenticatedRequest) -> bool:
    """Whether this session's person must set one up first."""
    person = acting_person(request.user)
    return request.session.get(PASSED) != person.pk and required_of(person)


def passed(request: HttpRequest, person: User) -> None:
    """Remembers in the session that the person has given it."""
    request.session[PASSED] = person.pk


def app_of(person: User) -> Authenticator | None:
    """The person's authenticator app, if they have set one up."""
    found: Authenticator | None = Authenticator.objects.filter(
        user=person, type=Authenticator.Type.TOTP
    ).first()
    return found


def recovery_codes_left(person: User) -> int:
    """How many recovery codes the person has not used yet."""
    found = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(found.wrap().get_unused_codes()) if found else 0


@dataclass(frozen=True)
class Picture:
    """A QR code as one path of an SVG with `size` × `size` squares."""

    path: str
    size: int


def picture_of(text: str) -> Picture:
    """The QR code of the text, without a data address and without markup of a library."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    path = []
    for y, row in enumerate(rows):
        x = 0
        for dark, squares in groupby(row):
            width = len(list(squares))
            if dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Picture("".join(path), len(rows))
