"""Bad settings, each with the sentence that says what to do. Nothing here asks the database.

Each function looks at one thing and answers the sentence, or None where it is well.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# As Django's own check asks of a key; of a random one of this length far more signs are different.
KEY_SIGNS = 50
DIFFERENT_SIGNS = 10
# The keys of tests and measurements, which stand in this program's source, begin with it.
PUBLIC = "public:"
MAKE_A_KEY = "Make one with `openssl rand -base64 48` and set it in the environment"
# Locks and flushes of SQLite are not kept there as on a disk of this machine.
NETWORK_DRIVES = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)
MOUNTS = Path("/proc/self/mounts")


def debug() -> str | None:
    """DEBUG is on."""
    if not settings.DEBUG:
        return None
    return "DEBUG is on: an error would show everybody what is in memory. Take DEBUG out of the environment."


def secret_key() -> str | None:
    """SECRET_KEY can be guessed, or read in the source."""
    if public(settings.SECRET_KEY):
        return f"SECRET_KEY is the one of the tests, which everybody can read. {MAKE_A_KEY}."
    if weak(settings.SECRET_KEY):
        return f"SECRET_KEY can be guessed. {MAKE_A_KEY}."
    return None


def log_key() -> str | None:
    """LOG_KEY is missing or weak, or another key too: who signs sessions could then rewrite the logs."""
    if not settings.LOG_KEY:
        return f"LOG_KEY is not set: the logs would be sealed by SECRET_KEY. {MAKE_A_KEY}."
    if settings.LOG_KEY == settings.SECRET_KEY:
        return f"LOG_KEY is the same as SECRET_KEY. {MAKE_A_KEY}; put the one of now into LOG_KEYS_BEFORE."
    if public(settings.LOG_KEY) or weak(settings.LOG_KEY):
        return f"LOG_KEY can be guessed. {MAKE_A_KEY}; put the one of now into LOG_KEYS_BEFORE."
    return None


def any_host() -> str | None:
    """Every name is taken for this server's."""
    if not {"*", "."} & set(settings.ALLOWED_HOSTS):
        return None
    return (
        "ALLOWED_HOSTS takes every name: links in mails could be made to lead elsewhere. "
        "Write the name under which people reach this server."
    )


def no_host() -> str | None:
    """Nobody but this machine reaches it."""
    if set(settings.ALLOWED_HOSTS) - LOOPBACK:
        return None
    return (
        "ALLOWED_HOSTS names this machine only: everybody else would be refused. "
        "Write the name under which people reach this server."
    )


def plain_http() -> str | None:
    """Passwords would travel readable."""
    if settings.HTTPS:
        return None
    return "HTTPS is off: passwords and names would travel readable. Take HTTPS=0 out of the environment."


def proxy() -> str | None:
    """The proxy's word for https is not believed: every page would be sent there again."""
    if not settings.HTTPS or settings.SECURE_PROXY_SSL_HEADER:
        return None
    return (
        "BEHIND_PROXY is not set: pages that the proxy asks for would be sent to https again without end. "
        "Set BEHIND_PROXY=1, and let the proxy alone reach this server."
    )


def addresses() -> str | None:
    """Everybody would have the proxy's address: one who guesses passwords would stop all."""
    if not settings.HTTPS or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return None
    return (
        "TRUSTED_PROXIES is 0: the log would know nobody's address but the proxy's. "
        "Set how many proxies of yours stand before this server, mostly TRUSTED_PROXIES=1."
    )


def site_address() -> str | None:
    """Links of invitations and mails would lead nowhere."""
    told = urlsplit(settings.SITE_ADDRESS)
    if told.scheme == "https" and told.hostname not in {None, *LOOPBACK}:
        return None
    return (
        f"SITE_ADDRESS is {settings.SITE_ADDRESS}: links in invitations would lead there. "
        "Write https:// and the name under which people reach this server."
    )


def mail() -> str | None:
    """Where there is a mail server: letters in plain sight, or from nobody."""
    if not settings.EMAIL_HOST:
        return None
    if not settings.EMAIL_USE_TLS and settings.EMAIL_HOST not in LOOPBACK:
        return "EMAIL_USE_TLS is off: invitations would travel readable. Take EMAIL_USE_TLS out."
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return (
            f"EMAIL_FROM is {settings.DEFAULT_FROM_EMAIL}: mail servers refuse such letters. "
            "Write an address of the council, or take EMAIL_HOST out."
        )
    return None


def network_drive() -> str | None:
    """SQLite's file is shared over a network."""
    entry = settings.DATABASES["default"]
    if not entry["ENGINE"].endswith("sqlite3"):
        return None
    kind = file_system(os.path.realpath(entry["NAME"]), mounts())
    if kind not in NETWORK_DRIVES:
        return None
    return (
        f"The SQLite database lies on a network drive ({kind}), where saves can be lost. "
        "Move it to a disk of this machine, or set DATABASE_URL to a PostgreSQL."
    )


def public(key: str) -> bool:
    """Whether it is one of the keys in this program's source."""
    return key.startswith(PUBLIC)


def weak(key: str) -> bool:
    """Whether somebody may have made it up."""
    return len(key) < KEY_SIGNS or len(set(key)) < DIFFERENT_SIGNS


def mounts() -> list[str]:
    """What is mounted, a line each; nothing where the system does not tell."""
    return MOUNTS.read_text().splitlines() if MOUNTS.exists() else []


def file_system(path: str, lines: Iterable[str]) -> str:
    """The kind of the file system that holds this path: of the mounts above it the nearest, the last one."""
    found, nearest = "", 0
    for line in lines:
        _, place, kind, *_ = line.split()
        # A blank in a name is written as its number.
        place = place.replace("\\040", " ")
        if Path(path).is_relative_to(place) and len(place) >= nearest:
            found, nearest = kind, len(place)
    return found


LOOKS: tuple[Callable[[], str | None], ...] = (
    debug, secret_key, log_key, any_host, no_host, plain_http, proxy, addresses, site_address, mail,
    network_drive,
)  # fmt: skip
