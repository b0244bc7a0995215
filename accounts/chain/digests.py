"""Keyed digests of what an entry says: with the key they prove it, without it they tell nothing of it."""

import hmac
import json
import secrets
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings

PURPOSE = b"icm: the chain over the logs"


def canonical(content: dict[str, Any]) -> bytes:
    """The same bytes for the same content, before it is stored and after it is read."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def salt() -> str:
    """For content that may come twice: no entry can pass as a copy of another that has another salt."""
    return secrets.token_hex(4)


def digest_of(content: bytes, salt: str = "") -> str:
    """`key:salt:digest`, of the key by its name."""
    name, key = next(iter(_keys().items()))
    return f"{name}:{salt}:{_mac(key, salt, content)}"


def fits(content: bytes, digest: str) -> bool:
    """Whether the digest was made from this content, with a key that is here."""
    name, _, rest = digest.partition(":")
    salt, _, mac = rest.partition(":")
    key = _keys().get(name)
    return key is not None and hmac.compare_digest(_mac(key, salt, content), mac)


def doubt(digest: str) -> str:
    """What else may be the reason where a digest does not fit: its key is not here."""
    name = digest.partition(":")[0]
    return "" if name in _keys() else f", or sealed with the key {name or '(none)'}, which is not here"


def _mac(key: bytes, salt: str, content: bytes) -> str:
    return hmac.digest(key, salt.encode() + b"\n" + content, "sha256").hex()


def _keys() -> dict[str, bytes]:
    return _named(settings.LOG_KEY, tuple(settings.LOG_KEYS_BEFORE), settings.SECRET_KEY)


@cache
def _named(current: str, before: tuple[str, ...], secret_key: str) -> dict[str, bytes]:
    """The keys by their names, the one that seals now first.

    A key's name is a short digest of it. Without `LOG_KEY` the key is derived from SECRET_KEY.
    """
    keys = [key.encode() for key in (current, *before) if key]
    keys.append(hmac.digest(secret_key.encode(), PURPOSE, "sha256"))
    return {sha256(PURPOSE + key).hexdigest()[:8]: key for key in keys}
