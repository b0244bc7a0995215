"""Ends sessions: one's own in another browser, or all of a person."""

from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent, Session, User


@transaction.atomic
def end_session(*, session: Session, by: User) -> None:
    """Signs the person out in that browser, whose next request is told so. Only one's own."""
    ended, _ = Session.objects.filter(pk=session.pk, person_id=by.pk).delete()
    if ended:
        audit.record(AuditEvent.Kind.SIGN_OUT, by=by, purpose="end session")


def end_every_session() -> None:
    """Signs everybody out: a copy that was brought back may hold sessions that had ended since."""
    Session.objects.all().delete()


@transaction.atomic
def end_all_sessions(*, person: User, by: User | None) -> int:
    """Signs the person out everywhere; answers in how many browsers."""
    ended, _ = Session.objects.filter(person_id=person.pk).delete()
    if ended:
        audit.record(
            AuditEvent.Kind.SIGN_OUT, by=by, purpose="end all sessions", person=person.pk, number=ended
        )
    return ended
