"""Signing in by OpenID Connect with an account of the council: whom officers have added (ADR 0034)."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect, render

from accounts import audit
from accounts.changes.single_sign_on import LEFT, NotAdmitted, link_account
from accounts.models import AuditEvent, User
from accounts.permissions import officers
from accounts.sign_in import BY_COUNCIL

FAILED = "Signing in with {name} did not work. Try again; if it goes on, tell a performance officer."
CANCELLED = "You did not sign in with {name}."


class CouncilAccounts(DefaultSocialAccountAdapter):
    """Decides who gets in."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The linked person, or the added one who is linked now; else a page that says why not."""
        try:
            person = admitted(sociallogin)
        except NotAdmitted as refused:
            audit.record(
                AuditEvent.Kind.SIGN_IN_FAILED,
                by=refused.person,
                purpose="sign in, council account",
                request=request,
                reason=refused.reason,
            )
            context = {"sentence": refused.sentence, "officers": officers()[:8]}
            page = render(request, "account/not_admitted.html", context, status=403)
            raise ImmediateHttpResponse(page) from None
        sociallogin.user = person
        setattr(request, BY_COUNCIL, True)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never."""
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: object, error: str | None = None, **told: Any
    ) -> None:
        """Back to the sign-in page with a sentence; what exactly failed is in no page."""
        say_failed(request, cancelled=error == AuthError.CANCELLED)
        raise ImmediateHttpResponse(redirect("account_login"))


class CouncilProvider(OpenIDConnectOAuth2Adapter):
    """allauth's flow; nothing of what the provider tells is kept but the subject."""

    def complete_login(self, request: HttpRequest, *told: Any, **also: Any) -> SocialLogin:
        """Who it is. Both of the provider's answers must be about the same person."""
        login = super().complete_login(request, *told, **also)
        answers = [one for one in login.account.extra_data.values() if isinstance(one, dict)]
        if len({one.get("sub") for one in answers}) != 1:
            raise OAuth2Error("The ID token and the user's facts are about different people.")
        login.account.extra_data = {}
        return login


def admitted(login: SocialLogin) -> User:
    """Who signs in by this account. Raises NotAdmitted."""
    if login.is_existing:
        linked: User = login.user
        if not linked.is_active:
            raise NotAdmitted("left", LEFT, linked)
        return linked
    vouched = [one.email for one in login.email_addresses if one.verified in (True, "true")]
    login.account = link_account(subject=login.account.uid, email=vouched[0] if vouched else "")
    person: User = login.account.user
    return person


def say_failed(request: HttpRequest, *, cancelled: bool = False) -> None:
    """Leaves the sentence for the sign-in page."""
    messages.error(request, (CANCELLED if cancelled else FAILED).format(name=settings.SSO_NAME))


def account_of(person: User) -> SocialAccount | None:
    """The person's linked account at the provider, if there is one."""
    return SocialAccount.objects.filter(user=person, provider=settings.SSO_PROVIDER).first()
