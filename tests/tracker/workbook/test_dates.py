"""Dates as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.workbook.dates import DateUnreadable, depends_on_today, read_date, show

TODAY = date(2026, 11, 20)  # a Friday
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
SHAPES = (
    "%d/%m/%y",
    "%d/%m/%Y",
    "%d.%m.%y",
    "%d-%m-%Y",
    "%d %m %y",
    "%d %b %Y",
    "%d %B %y",
    "%d-%b-%y",
    "%d%b%Y",
    "%a %d/%m/%y",
    "%A, %d %B %Y",
    "%Y-%m-%d",
    "%Y-%m-%dT00:00:00",
    "%d/%m/%Y 10:30",
)


@given(DAYS, DAYS)
def test_a_shown_date_reads_as_itself_on_any_day(day: date, today: date) -> None:
    assert read_date(show(day), today=today) == day


@given(DAYS, st.sampled_from(SHAPES))
def test_every_usual_shape_reads_day_first(day: date, shape: str) -> None:
    assert read_date(day.strftime(shape), today=TODAY) == day


@given(st.integers(1, 31), st.integers(1, 12), st.integers(0, 99))
def test_a_day_that_does_not_exist_is_never_rolled_over(day: int, month: int, year: int) -> None:
    text = f"{day}/{month}/{year:02}"

    try:
        found = read_date(text, today=TODAY)
    except DateUnreadable:
        with pytest.raises(ValueError, match="day"):
            date(2000 + year, month, day)
    else:
        assert (found.day, found.month, found.year) == (day, month, 2000 + year)


@given(st.text(max_size=30), DAYS)
def test_any_text_is_a_date_or_refused_in_a_sentence(text: str, today: date) -> None:
    try:
        answer: date | str = read_date(text, today=today)
    except DateUnreadable as refusal:
        answer = str(refusal)

    assert 2000 <= answer.year <= 2099 if isinstance(answer, date) else answer.endswith(".")


@given(st.integers(1, 28), st.integers(1, 12), st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_a_date_without_a_year_is_the_nearest(day: int, month: int, today: date) -> None:
    found = read_date(f"{day}/{month}", today=today)

    assert (found.day, found.month) == (day, month)
    assert abs((found - today).days) <= 183


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20/1", date(2027, 1, 20)),
        ("20 Oct", date(2026, 10, 20)),
        ("20th Jan 22", date(2022, 1, 20)),
        ("1st of Dec '26", date(2026, 12, 1)),
        ("3 Sept 26", date(2026, 9, 3)),
        ("Jan 20, 2026", date(2026, 1, 20)),
        ("Thu 20/1/22", date(2022, 1, 20)),
        ("fri", date(2026, 11, 27)),
        ("Sat", date(2026, 11, 21)),
        ("weds", date(2026, 11, 25)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 21)),
        ("+7", date(2026, 11, 27)),
        ("by 20/01/22", date(2022, 1, 20)),
        ("Due: 20 Jan 22", date(2022, 1, 20)),
        ("20/01/22 - 10am", date(2022, 1, 20)),
        ("20/01/22 at 2.30pm", date(2022, 1, 20)),
        ("Thu 20 Jan 2022 @ noon", date(2022, 1, 20)),
        ("Thu, 20 Jan 2022 00:00:00 GMT", date(2022, 1, 20)),
        ("Thu Jan 20 2022 00:00:00 GMT+0000 (Greenwich Mean Time)", date(2022, 1, 20)),
        ("20\u201101\u201122", date(2022, 1, 20)),
        ("\u200e20/01/22", date(2022, 1, 20)),
        (" 20/01/22\xa0", date(2022, 1, 20)),
    ],
)
def test_what_people_type_in_a_meeting(text: str, expected: date) -> None:
    assert read_date(text, today=TODAY) == expected


def test_plus_counts_from_the_date_that_is_there() -> None:
    assert read_date("+7", today=TODAY, base=date(2026, 12, 1)) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12/25/26", "month first, as in America"),
        ("31/02/26", "February 2026 has 28 days"),
        ("31/13/26", "no month 13"),
        ("20/01/1922", "outside 2000 to 2099"),
        ("Mon 20/1/22", "is a Thursday, not a Monday"),
        ("20 Foo 26", "no month “foo”"),
        ("TBC", "“TBC” is not a date"),
        ("20/1/222", "not a date"),
        ("", "not a date"),
        ("+99999", "not a date"),
    ],
)
def test_a_refusal_names_its_reason(text: str, reason: str) -> None:
    with pytest.raises(DateUnreadable, match=reason.replace("+", r"\+")):
        read_date(text, today=TODAY)


def test_only_a_full_date_means_the_same_on_any_day() -> None:
    assert not depends_on_today("20Jan22", today=TODAY)
    assert depends_on_today("20/01 10:30", today=TODAY)
    assert depends_on_today("fri", today=TODAY)
