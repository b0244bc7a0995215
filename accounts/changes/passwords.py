"""A new password for somebody who may have had one."""

from accounts import audit
from accounts.changes.sessions import end_all_sessions
from accounts.models import AuditEvent, User


def give_password(*, person: User, password: str, by: User | None) -> None:
    """Sets it, in the caller's transaction. The password has been validated.

    Sessions of the password before end: a request would be refused by that alone, a stream that is open makes
    none (ADR 0053).
    """
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="set password", person=person.pk)
    end_all_sessions(person=person, by=by)
