"""What every answer tells the browser, over all addresses and the pages of what did not work."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import User
from scripts.environment import ROOT
from tests.architecture.test_addresses import Address, address_in, holder, signed_table, undone, whole
from tests.conftest import World

__all__ = ["whole"]

SignIn = Callable[[User], Client]
WANTED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Calendar programs keep a copy for a quarter of an hour: they ask again and again, and have it anyway.
BY_CALENDARS = "private, max-age=900"
POWERS = ("camera", "geolocation", "microphone", "payment", "usb")


def wrong(answer: HttpResponseBase) -> list[str]:
    """What the answer does not tell the browser as it should."""
    told = {name: answer.headers.get(name) for name in WANTED}
    found = [f"{name}: {told[name]}" for name in WANTED if told[name] != WANTED[name]]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "frame-ancestors 'none'" not in policy:
        found.append(f"policy: {policy}")
    kept = answer.headers.get("Cache-Control", "")
    if "no-store" not in kept and kept != BY_CALENDARS:
        found.append(f"kept: {kept}")
    powers = answer.headers.get("Permissions-Policy", "")
    return found + [power for power in POWERS if f"{power}=()" not in powers]


def answered(world: World, sign_in: SignIn, address: Address) -> dict[str, HttpResponseBase]:
    """The address as it answers who may have it, a wrong method, and somebody who may not."""
    with undone():
        where = address_in(world, address, world.team)
        client = sign_in(holder(world, address))
        return {
            "fine": client.generic(address.methods[0], where),
            "wrong method": client.delete(where),
            "refused": sign_in(world.stranger).get(where),
            "signed out": Client().get(where),
        }


def test_every_answer_is_locked_as_tightly_as_it_can_be(whole: World, sign_in: SignIn) -> None:
    found = {}

    for address in signed_table():
        for how, answer in answered(whole, sign_in, address).items():
            if mistakes := wrong(answer):
                found[address.name, how] = mistakes

    assert found == {}


@pytest.mark.parametrize("name", ["nowhere", "broken", "too large"])
def test_so_is_every_page_of_what_did_not_work(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    client = sign_in(world.manager)
    client.raise_request_exception = False
    monkeypatch.setattr("tracker.views.grid.grid_for", None)
    tracker = f"/teams/{world.team.pk}/"

    answer: HttpResponseBase = {
        "nowhere": lambda: client.get("/no-such-page/"),
        "broken": lambda: client.get(tracker),
        "too large": lambda: client.post(f"{tracker}import/", CONTENT_LENGTH=str(10**10)),
    }[name]()

    assert answer.status_code in (404, 500, 413)
    assert wrong(answer) == []


def test_over_https_cookies_and_connection_are_bound_to_it() -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    asked = (*names, "SESSION_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    # Settings are read once, when a process starts: another one is started as production is.
    code = f"import json, icm.settings as s; print(json.dumps([getattr(s, name) for name in {asked}]))"
    environment = {**os.environ, "HTTPS": "1", "DJANGO_SETTINGS_MODULE": "icm.settings"}

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    ).stdout

    *cookies, http_only, redirected, hsts = json.loads(said)
    assert cookies == ["__Host-sessionid", "__Host-csrftoken", True, True]
    assert http_only
    assert redirected
    assert hsts >= 365 * 24 * 60 * 60
