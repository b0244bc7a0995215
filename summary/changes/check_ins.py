"""Keeping a check-in."""

from datetime import datetime
from typing import Any

from accounts.models import Locality, User
from accounts.permissions import require_on_all
from summary.models import CheckIn


def keep_check_in(
    *, locality: Locality, note: str, figures: dict[str, Any], by: User, now: datetime
) -> CheckIn:
    """Keeps what was expected today, with the note. Raises `Refused` without the right in the locality."""
    require_on_all(by, locality, "answer_difficulty")
    return CheckIn.objects.create(locality=locality, at=now, by=by, note=note, figures=figures)
