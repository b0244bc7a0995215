"""The rule of how long cases are kept, and legal holds that keep one longer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import AuditEvent, User
from accounts.permissions import require_global
from tracker.changes.refusals import Invalid, Refusal
from tracker.models import Case, LegalHold, RetentionRule, TrackerRow
from tracker.models.retention import MOST_DAYS

AS_BEFORE = "Was held when an older copy of the database was brought back: ask the officer who placed it."


@transaction.atomic
def set_days(*, days: int, by: User) -> None:
    """From the next run on, cases are erased so many days after closing. Raises `Invalid` beyond a year."""
    require_global(by, "manage_retention")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"Choose between 1 and {MOST_DAYS} days.", "days")
    before = RetentionRule.in_force()
    RetentionRule.objects.update_or_create(pk=1, defaults={"days": days})
    audit.record(AuditEvent.Kind.RETENTION, by=by, purpose="set days", old=before, new=days)


def place_hold(*, case: Case, reason: str, asked_by: str, by: User) -> LegalHold:
    """Keeps the case until the hold is ended. Raises `Refusal` where it is held or erased already."""
    require_global(by, "manage_retention")
    try:
        with transaction.atomic():
            # As an erasure does: whichever comes first is seen by the other.
            locked = Case.objects.select_for_update().get(pk=case.pk)
            if not TrackerRow.objects.kept().filter(case=locked).exists():
                raise Refusal("This case has been erased: there is nothing left to keep.")
            hold = LegalHold.objects.create(case=locked, reason=reason, asked_by=asked_by, placed_by=by)
            _record("place legal hold", locked, by)
    except IntegrityError:
        raise Refusal("This case is on hold already.") from None
    return hold


@transaction.atomic
def hold_again(*, cases: Iterable[Sequence[int]]) -> int:
    """After an older copy was brought back: holds the cases (with the officer of each) that were held since.

    Why and for whom the copy does not know; the officer who placed it does. Answers how many that were.
    """
    held = 0
    for case, officer in cases:
        by = User.objects.filter(pk=officer).first()
        kept = Case.objects.filter(pk=case, rows__erased_at=None, rows__isnull=False).first()
        if by and kept and not kept.holds.filter(ended_at=None).exists():
            LegalHold.objects.create(case=kept, reason=AS_BEFORE, asked_by="not known any more", placed_by=by)
            _record("place legal hold again", kept, None)
            held += 1
    return held


@transaction.atomic
def end_hold(*, case: Case, by: User, now: datetime) -> None:
    """The rule counts again, from the day the case left the trackers. Raises `Refusal` without a hold."""
    require_global(by, "manage_retention")
    if not LegalHold.objects.filter(case=case, ended_at=None).update(ended_at=now, ended_by=by):
        raise Refusal("This case is not on hold any more.")
    _record("end legal hold", case, by)


def _record(purpose: str, case: Case, by: User | None) -> None:
    rows = TrackerRow.objects.filter(case=case).order_by("pk").values_list("pk", flat=True)
    audit.record(AuditEvent.Kind.RETENTION, by=by, purpose=purpose, locality=case.locality, row_ids=rows)
