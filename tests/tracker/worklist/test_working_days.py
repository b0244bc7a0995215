"""Working days in England, and from which day on a first meeting is late."""

from datetime import date

import pytest

from tracker.working_days import latest_before, working_days_after


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        (date(2026, 11, 9), 10, date(2026, 11, 23)),  # two plain weeks
        (date(2026, 11, 7), 1, date(2026, 11, 9)),  # from a Saturday
        (date(2026, 12, 18), 10, date(2027, 1, 6)),  # over Christmas, Boxing Day in lieu and New Year
        (date(2027, 3, 25), 1, date(2027, 3, 30)),  # over Good Friday and Easter Monday
    ],
)
def test_weekends_and_bank_holidays_do_not_count(start: date, number: int, due: date) -> None:
    assert working_days_after(start, number) == due


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2027, 1, 4), date(2027, 3, 29)])
def test_what_is_late_today_is_what_was_due_before_today(today: date) -> None:
    latest = latest_before(today, 10)

    assert working_days_after(latest, 10) < today
    assert working_days_after(date.fromordinal(latest.toordinal() + 1), 10) >= today
