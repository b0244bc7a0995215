"""The address that the log keeps: what our own proxies say, and nothing that a browser can make up."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.audit import network_address

PROXY = "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "said", "kept"),
    [
        (0, None, PROXY),
        (0, "198.51.100.7", PROXY),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.66, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.66, 198.51.100.7, 10.0.0.8", "198.51.100.7"),
        (1, " 2001:db8::1 ", "2001:db8::1"),
        (1, "not an address", None),
        (2, "198.51.100.7", PROXY),
        (1, None, PROXY),
    ],
)
def test_only_what_our_own_proxies_added_is_believed(
    settings: Settings, proxies: int, said: str | None, kept: str | None
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {} if said is None else {"X-Forwarded-For": said}

    request = RequestFactory(REMOTE_ADDR=PROXY).get("/", headers=headers)

    assert network_address(request) == kept
