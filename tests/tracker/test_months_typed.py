"""A month as people type it: by number or by name, and a word that only begins like one is none."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tracker.fields import FIELDS
from tracker.values import Lists, read_value


def month(typed: str) -> str:
    """The month that is read, as a record keeps it."""
    field, today = FIELDS["expected_month"], date(2026, 11, 30)
    return read_value(field, typed, lists=Lists(), today=today, base=None).raw


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12/26", "2026-12-01"),
        ("2027-3", "2027-03-01"),
        ("Dec", "2026-12-01"),
        ("may", "2027-05-01"),
        ("Sept 27", "2027-09-01"),
        ("septemb 2027", "2027-09-01"),
        ("JUNE 2027", "2027-06-01"),
    ],
)
def test_a_month_is_read_by_its_number_or_its_name(typed: str, read: str) -> None:
    assert month(typed) == read


@pytest.mark.parametrize("typed", ["maybe", "decide", "junk 2027", "Augusta", "soon"])
def test_a_word_that_begins_like_a_month_is_none(typed: str) -> None:
    with pytest.raises(ValidationError, match="is not a month"):
        month(typed)
