"""The settings of single sign-on, made out of the environment: all of it, or none."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# As it stands in the address of its return, and beside each linked person.
PROVIDER = "council"
# Microsoft's issuers for whoever has any account at all: anybody could bring anybody's address.
FOR_ANYBODY = {"common", "organizations", "consumers"}
HERE = {"localhost", "127.0.0.1"}


def providers(*, issuer: str, client_id: str, secret: str, name: str, domains: list[str]) -> dict[str, Any]:
    """allauth's setting for the one OpenID Connect provider; empty where none is named.

    Raises ImproperlyConfigured for half of it, for an issuer without https and for one that serves everybody.
    """
    given = {"SSO_ISSUER": issuer, "SSO_CLIENT_ID": client_id, "SSO_CLIENT_SECRET": secret}
    missing = [variable for variable, value in given.items() if not value]
    if len(missing) == len(given):
        return {}
    if missing:
        raise ImproperlyConfigured(
            f"Single sign-on takes {', '.join(given)}: {', '.join(missing)} is not set."
        )
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in HERE:
        raise ImproperlyConfigured(f"SSO_ISSUER is {issuer!r}: it must begin with https.")
    if FOR_ANYBODY & set(address.path.split("/")):
        raise ImproperlyConfigured(f"SSO_ISSUER is {issuer!r}: name your own tenant, not everybody's.")
    app = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer, "verified_email": domains, "email_authentication": False},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
