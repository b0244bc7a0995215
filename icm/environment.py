"""The readers through which settings see the environment, and the key this machine makes itself."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


def text(name: str, default: str) -> str:
    """The variable as it stands."""
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """A yes or no: 1/0, true/false, yes/no, on/off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in YES:
        return True
    if value.strip().lower() in NO:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 for yes or 0 for no.")


def number(name: str, default: int) -> int:
    """A whole number that is not negative."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.")
    return int(value)


def one_of(name: str, default: str, choices: dict[str, str]) -> str:
    """What one of the words of `choices` stands for."""
    value = os.environ.get(name, "").strip().lower() or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: write {' or '.join(choices)}.")
    return choices[value]


def words(name: str, default: str) -> list[str]:
    """A list divided by commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def secret_key(kept_in: Path) -> str:
    """SECRET_KEY, or the one that the first start made for this machine alone and kept in a file.

    Several machines of one installation must share a key: there the variable is set.
    """
    if "SECRET_KEY" in os.environ:
        if not os.environ["SECRET_KEY"].strip():
            raise ImproperlyConfigured("SECRET_KEY is empty. Make one with `openssl rand -base64 48`.")
        return os.environ["SECRET_KEY"]
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        made = kept_in.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(get_random_secret_key() + get_random_secret_key())
        try:
            # A hard link never replaces: of two processes that start at once, the first one's key stays.
            os.link(made, kept_in)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept_in.read_text()
