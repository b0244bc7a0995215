"""Telling one person something: a notice after sign-in, and a mail where there is a mail server."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.mail import send
from accounts.models import Notice, User
from accounts.permissions import require_global


def tell(person: User, text: str, *, address: str = "") -> Notice:
    """Leaves the sentence for the person; the mail goes once all that belongs to it is written.

    `address` is the page it is about, from the root of the site. The text names staff and places only.
    """
    notice = Notice.objects.create(person=person, text=text, address=address)
    transaction.on_commit(lambda: _mail(notice))
    return notice


def _mail(notice: Notice) -> None:
    where = f"{settings.SITE_ADDRESS}{notice.address}"
    if not send(notice.person, subject="ICM: news for you", text=f"{notice.text}\n\n{where}\n"):
        Notice.objects.filter(pk=notice.pk).update(mail_failed=True)


def read_notice(*, notice: Notice) -> None:
    """The person has seen it and put it away."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def forget_failed_mail(*, by: User) -> None:
    """An officer has seen that mails did not go."""
    require_global(by, "manage_people")
    Notice.objects.filter(mail_failed=True).update(mail_failed=False)
