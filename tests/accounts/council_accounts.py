"""A real OpenID Connect provider for tests, and what it says of an account; its fixtures are imported."""

from collections.abc import Iterator

import pytest
import requests
from django.urls import reverse
from oidc_provider_mock import run_server_in_thread
from pytest_django import Settings

from icm.single_sign_on import PROVIDER, providers

WHERE = reverse("openid_connect_callback", kwargs={"provider_id": PROVIDER})


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that everybody may use."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def configured(provider: str, settings: Settings) -> None:
    """The application knows it, and takes no address of its word alone."""
    settings.SSO_NAME = "Amber account"
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer=provider, client_id="icm", secret="known to both", name="Amber account", domains=[]
    )


def is_at_provider(provider: str, subject: str, email: str, *, verified: bool = True) -> None:
    """The provider's account of this subject has this address from now on."""
    told: dict[str, str | bool] = {"email": email, "email_verified": verified}
    requests.put(f"{provider}/users/{subject}", json=told, timeout=10).raise_for_status()
