"""Texts that met a newer one are kept for their author for a month, then they go (specs: concurrency 4.2)."""

from datetime import datetime, timedelta

from tracker.models import RefusedEdit

KEPT_FOR = timedelta(days=30)


def purge_refused(*, now: datetime) -> int:
    """Deletes the refused texts that are older than they are kept; answers how many there were.

    What was saved stays as it is: the history of the row only no longer says that a text was refused.
    """
    deleted, _ = RefusedEdit.objects.filter(at__lt=now - KEPT_FOR).delete()
    return deleted
