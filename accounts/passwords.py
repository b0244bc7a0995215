"""Which passwords are refused: NCSC's rules. Length and a deny list; no rule of composition, no expiry."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.demo import PASSWORD
from accounts.models import Locality, Team, User
from accounts.roles import Role

MOST = 128
# Of what is left without the words that everybody here knows: fewer letters are guessed.
LETTERS_OF_ITS_OWN = 8
DIFFERENT_SIGNS = 5
SHORTEST_WORD = 3
ALWAYS_KNOWN = "CINSummary ICM improvement cycle meeting tracker dashboard council childrens"
RUNS = ("0123456789" * 13, "abcdefghijklmnopqrstuvwxyz" * 5, "qwertyuiopasdfghjklzxcvbnm")

TOO_LONG = f"At most {MOST} characters."
TOO_COMMON = (
    "This password is among the first that anybody would try. Take three words that have nothing in common."
)
KNOWN_HERE = (
    "This password is made of words that people here know: names, places, roles. "
    "Take three words that have nothing in common."
)
DEMONSTRATION = "This is the password of the demonstration, which everybody can read. Choose your own."


class AtMost:
    """A limit that no person meets, so that nobody keeps the server busy with a book."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a longer one."""
        if len(password) > MOST:
            raise ValidationError(TOO_LONG)


class DenyList:
    """Django's 20,000 common passwords, also with figures behind them, and rows of keys."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError for a password that programs try first."""
        small = password.casefold().strip()
        bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", small)
        if (
            small in self.common
            or bare in self.common
            or len(set(small)) < DIFFERENT_SIGNS
            or any(small in run or small[::-1] in run for run in RUNS)
        ):
            raise ValidationError(TOO_COMMON)
        if small == PASSWORD and not settings.DEMO:
            raise ValidationError(DEMONSTRATION)


class OwnWords(DenyList):
    """Words that everybody in this council knows, and the person's own name and address."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError where such a word leaves too little that is the person's own."""
        known = sorted(set(known_words(user)), key=len, reverse=True)
        small = password.casefold()
        rest = re.sub("|".join(map(re.escape, known)), "", small)
        left = "".join(sign for sign in rest if sign.isalpha())
        if rest != small and (len(left) < LETTERS_OF_ITS_OWN or left in self.common):
            raise ValidationError(KNOWN_HERE)


def known_words(user: User | None) -> Iterator[str]:
    """The words in small letters: of the project, council, roles, places and of the person."""
    told = [ALWAYS_KNOWN, settings.COUNCIL_NAME, *(str(role.label) for role in Role)]
    told += [*Locality.objects.values_list("name", flat=True), *Team.objects.values_list("name", flat=True)]
    if user:
        told += [user.name, user.email]
    for text in told:
        yield from (word for word in re.findall(r"\w+", text.casefold()) if len(word) >= SHORTEST_WORD)
