"""How people get in: allauth with e-mail and password, sign-up closed, demonstration people only on DEMO."""

from datetime import datetime
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.browsers import ADDRESS, LONGEST, PROGRAM
from accounts.demo import is_demo
from accounts.models import AuditEvent, User
from accounts.permissions import person_of_a_request
from accounts.sessions import PASSED, SIGNED_IN_AT
from accounts.typed import kept_for
from icm.http import AuthenticatedRequest

# On the request of somebody whom the council's provider has sent.
BY_COUNCIL = "by_council_account"
# As long as icm/settings.py counts wrong passwords.
PAUSE = (
    "Too many wrong tries for this account. It opens again in 5 minutes at most; "
    "until then the right password is refused too."
)


class ByEmail(AuthenticationBackend):
    """allauth's check of e-mail and password; people of the demonstration council need DEMO=1."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        """False for an ended account, and for demonstration people outside of a demonstration."""
        allowed: bool = super().user_can_authenticate(user)
        return allowed and (settings.DEMO or not is_demo(user))

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session; a demonstration session does not outlive DEMO=1."""
        person = person_of_a_request(user_id)
        return person if person and self.user_can_authenticate(person) else None


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody makes an account for themselves: a performance officer adds people."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": PAUSE,
        "email_password_mismatch": "E-mail address and password do not go together.",
        "incorrect_password": "This is not your password.",
        "rate_limited": PAUSE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Leaves an entry in the audit log; moment, place and browser in the session, no words of others."""
        kept_for(request, user)
        request.session[SIGNED_IN_AT] = timezone.now().isoformat()
        request.session[ADDRESS] = audit.network_address(request)
        request.session[PROGRAM] = request.headers.get("User-Agent", "")[:LONGEST]
        by_council = getattr(request, BY_COUNCIL, False)
        if by_council:
            # Its provider asks for a second factor, or not, as the council has decided there.
            request.session[PASSED] = user.pk
        purpose = "sign in, council account" if by_council else "sign in"
        audit.record(AuditEvent.Kind.SIGN_IN, by=user, purpose=purpose, request=request)
        return super().post_login(request, user, **kwargs)

    def get_login_stages(self) -> list[str]:
        """The code after the password; after the council's own sign-in nothing more."""
        return [] if getattr(self.request, BY_COUNCIL, False) else super().get_login_stages()

    def logout(self, request: HttpRequest) -> None:
        """Leaves an entry."""
        if isinstance(request.user, User):
            audit.record(AuditEvent.Kind.SIGN_OUT, by=request.user, purpose="sign out", request=request)
        super().logout(request)

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """Not of somebody who has just signed in."""
        ago = timezone.now() - signed_in_at(self.request)
        return ago.total_seconds() > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """The password, whatever second factor there is: a code alone shows less."""
        by_password = {
            "id": "reauthenticate",
            "description": "Password",
            "url": reverse("account_reauthenticate"),
        }
        return [by_password] if user.has_usable_password() else []

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """A try during the pause is a failure as well."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._failed(request, "sign in during the pause", credentials)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Leaves an entry."""
        self._failed(request, "sign in", credentials)
        super().authentication_failed(request, **credentials)

    def _failed(self, request: HttpRequest, purpose: str, credentials: dict[str, Any]) -> None:
        """The entry names the account if there is one, and never what was typed."""
        person = User.objects.filter(email__iexact=credentials.get("email") or "").first()
        audit.record(AuditEvent.Kind.SIGN_IN_FAILED, by=person, purpose=purpose, request=request)


def signed_in_at(request: AuthenticatedRequest) -> datetime:
    """Since when this session is signed in; a session that does not know takes the person's last sign-in."""
    kept = request.session.get(SIGNED_IN_AT)
    return datetime.fromisoformat(kept) if kept else request.user.last_login or timezone.now()
