"""Links an added person to their account at the council's provider, once; officers end the link."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.changes.sessions import end_all_sessions
from accounts.models import AuditEvent, User
from accounts.permissions import require_global

NOT_ADDED = "Nobody has added you to ICM yet. Ask a performance officer to add {email}."
NO_ADDRESS = "Your council account told no e-mail address that it vouches for, so nobody can be found by it."
LEFT = "Your access to ICM has ended."
OTHER_ACCOUNT = (
    "{email} belongs to somebody who signs in with another council account. "
    "If it is yours, a performance officer can end that link."
)


class NotAdmitted(Exception):
    """Why somebody whom the provider knows does not get in: a sentence for them, a code for the log."""

    def __init__(self, reason: str, sentence: str, person: User | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
        self.person = person


@transaction.atomic
def link_account(*, subject: str, email: str) -> SocialAccount:
    """Links the added person of this verified address to the subject. Raises NotAdmitted.

    From then on the subject alone counts: whoever has the address later does not get the account.
    """
    if not email:
        raise NotAdmitted("no address", NO_ADDRESS)
    person = User.objects.select_for_update().filter(email__iexact=email).first()
    if person is None:
        raise NotAdmitted("not added", NOT_ADDED.format(email=email))
    if not person.is_active:
        raise NotAdmitted("left", LEFT, person)
    if SocialAccount.objects.filter(user=person, provider=settings.SSO_PROVIDER).exists():
        raise NotAdmitted("other account", OTHER_ACCOUNT.format(email=email), person)
    account = SocialAccount.objects.create(user=person, provider=settings.SSO_PROVIDER, uid=subject)
    audit.record(AuditEvent.Kind.ACCESS, by=person, purpose="link council account", person=person.pk)
    return account


@transaction.atomic
def end_link(*, person: User, by: User) -> None:
    """The next council account with their address is theirs; their sessions end."""
    require_global(by, "manage_people")
    ended, _ = SocialAccount.objects.filter(user=person, provider=settings.SSO_PROVIDER).delete()
    if ended:
        end_all_sessions(person=person, by=by)
        audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="end link to council account", person=person.pk)
