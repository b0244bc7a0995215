"""Asking for the mail with counts, ending it, and marking it as sent."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import AuditEvent, Digest, User


@transaction.atomic
def choose_digest(*, person: User, rhythm: Digest.Rhythm | None) -> None:
    """Mail in this rhythm from now on, or none. Repeatable; the day of the last one is kept."""
    if rhythm is None:
        ended, _ = Digest.objects.filter(person=person).delete()
        if ended:
            audit.record(AuditEvent.Kind.ACCESS, by=person, purpose="end e-mail digest")
        return
    Digest.objects.update_or_create(person=person, defaults={"rhythm": rhythm})
    audit.record(AuditEvent.Kind.ACCESS, by=person, purpose="choose e-mail digest", rhythm=rhythm)


def take_for_sending(*, digest: Digest, today: date) -> bool:
    """Marks it as sent today; False where another run has done so meanwhile: one of them sends."""
    unsent = Digest.objects.filter(Q(sent_on=None) | Q(sent_on__lt=today), pk=digest.pk)
    return unsent.update(sent_on=today) == 1


def put_back_unsent(*, digest: Digest) -> None:
    """The mail did not go: the next run tries again. `digest` is as it was read before it was taken."""
    Digest.objects.filter(pk=digest.pk).update(sent_on=digest.sent_on)
