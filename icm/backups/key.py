"""The key of the copies. It is kept apart from them: who has only one of the two has nothing."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from django.conf import settings

from icm.backups import Refused

PREFIX = "icm-backup-key-1-"
BYTES = 32
# Of 32 random bytes fewer are different once in many billion keys: such a key was made up by a person.
DIFFERENT = 20
OTHERS_MAY = 0o077
NONE = (
    "There is no key for copies: make one with `manage.py make_backup_key FILE`, name it in BACKUP_KEY_FILE."
)
WEAK = "The key for copies is none that make_backup_key made: such a key could be guessed."


@dataclass(frozen=True)
class Key:
    """The secret itself, which no output shows."""

    secret: bytes

    @property
    def name(self) -> str:
        """Eight signs by which a copy names the key it was made with; they tell nothing of the secret."""
        return sha256(b"icm: the key of copies" + self.secret).hexdigest()[:8]


def the_key() -> Key:
    """The key that the settings name. Raises `Refused` where there is none, or it is weak or lies open."""
    if settings.BACKUP_KEY:
        return parsed(settings.BACKUP_KEY)
    if not settings.BACKUP_KEY_FILE:
        raise Refused(NONE)
    file = Path(settings.BACKUP_KEY_FILE).resolve()
    if file.is_relative_to(Path(settings.BACKUP_FOLDER).resolve()):
        raise Refused(f"The key {file} lies with the copies: keep it in another place.")
    try:
        if file.stat().st_mode & OTHERS_MAY:
            raise Refused(f"Others may read the key {file}: chmod 600 it.")
        return parsed(file.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The key {file} cannot be read.") from error


def parsed(text: str) -> Key:
    """The key out of its text. Raises `Refused` for what is no key of ours."""
    start, _, rest = text.strip().partition(PREFIX)
    try:
        secret = urlsafe_b64decode(rest)
    except (NotBase64, ValueError) as error:
        raise Refused(WEAK) from error
    if start or len(secret) != BYTES or len(set(secret)) < DIFFERENT:
        raise Refused(WEAK)
    return Key(secret)


def make(file: Path) -> Key:
    """A new key in a new file that only its owner may read. Raises `Refused` where the file is there."""
    if file.resolve().is_relative_to(Path(settings.BACKUP_FOLDER).resolve()):
        raise Refused("The key may not lie with the copies: name a file in another place.")
    text = PREFIX + urlsafe_b64encode(token_bytes(BYTES)).decode()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(text + "\n")
    except FileExistsError as error:
        raise Refused(f"{file} is there already: a key is never overwritten.") from error
    except OSError as error:
        raise Refused(f"{file} cannot be written.") from error
    return parsed(text)
