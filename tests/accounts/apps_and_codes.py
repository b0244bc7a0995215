"""An authenticator app, as a person holds it: computes codes from the key that the page shows (RFC 6238)."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.test import Client
from django.urls import reverse

PERIOD = 30
KEY = re.compile(r"<kbd>([A-Z2-7 ]+)</kbd>")


def code_of(key: str, at: float | None = None) -> str:
    """The six figures that the app shows at that moment, or now."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // PERIOD)
    digest = hmac.new(base64.b32decode(key.replace(" ", "")), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def set_up(client: Client) -> str:
    """Sets up an app for whoever is signed in there; its key."""
    found = KEY.search(client.get(reverse("mfa_activate_totp")).content.decode())
    assert found
    client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])})
    return found[1]
