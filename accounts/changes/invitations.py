"""The link by which a person sets their password: made by an officer, or asked for at the sign-in page."""

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from accounts import audit, mail
from accounts.changes.passwords import give_password
from accounts.links import invitation_key, invited_by
from accounts.models import AuditEvent, User
from accounts.permissions import require_global

SUBJECT = "ICM: set your password"
INVITED = """Hello {name},

you have an account in ICM, the tracker for Improvement Cycle Meetings.
Set your password here; the link is good for 7 days and once only:

{link}

Then sign in with this e-mail address.
"""
FORGOTTEN = """Hello {name},

somebody, probably you, asked to set the password of your ICM account anew.
The link is good for 7 days and once only. If it was not you, do nothing: your password stays.

{link}
"""


@transaction.atomic
def invite(*, person: User, by: User) -> str:
    """The path of the link for somebody who may sign in. Of one without a password the links before end."""
    require_global(by, "manage_people")
    # They may be setting their password by an earlier link at this moment.
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.has_usable_password():
        # The key hangs on what stands in place of the password: a new one ends the links before.
        person.set_unusable_password()
        person.save(update_fields=["password"])
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="invite", person=person.pk)
    return reverse("invitation", args=[invitation_key(person)])


@transaction.atomic
def invite_listed(*, emails: Iterable[str], by: User) -> None:
    """Mails everybody of a list who has no password yet; the letters go once all is written."""
    for person in User.objects.filter(email__in=list(emails), is_active=True):
        if not person.has_usable_password():
            text = INVITED.format(name=person.name, link=settings.SITE_ADDRESS + invite(person=person, by=by))
            transaction.on_commit(partial(mail.send_later, person, subject=SUBJECT, text=text))


def send_invitation(person: User, path: str) -> bool:
    """Whether the mail went. Without a mail server, or where it fails, the officer hands the link over."""
    text = INVITED.format(name=person.name, link=settings.SITE_ADDRESS + path)
    return bool(settings.EMAIL_HOST) and mail.send(person, subject=SUBJECT, text=text)


def send_reset(email: str, request: HttpRequest) -> None:
    """Sends the link to the person of this address, if one may sign in; the caller learns nothing.

    The log's entry names the account if there is one, never what was typed: nobody knows who asked.
    """
    person = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    audit.record(
        AuditEvent.Kind.ACCESS,
        by=None,
        purpose="ask for a new password",
        request=request,
        person=person.pk if person else None,
    )
    if person:
        path = reverse("invitation", args=[invitation_key(person)])
        text = FORGOTTEN.format(name=person.name, link=settings.SITE_ADDRESS + path)
        # Later, on a thread of its own: the answer takes as long for an address that nobody has.
        mail.send_later(person, subject="ICM: set your password anew", text=text)


@transaction.atomic
def set_password(*, key: str, password: str) -> User | None:
    """Sets it for whom the key was made, once; None where the key is old, used, or the person has left.

    The password has been validated by the form. Sessions of the password before end.
    """
    invited = invited_by(key)
    person = User.objects.select_for_update().filter(pk=invited.pk).first() if invited else None
    if person is None or invited_by(key) is None:
        return None
    give_password(person=person, password=password, by=person)
    return person
