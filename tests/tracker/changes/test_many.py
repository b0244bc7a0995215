"""Many records at once: they stand in the database as Django itself would have written them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import World
from tests.factories import a_need, make_row
from tracker.changes import many
from tracker.choices import ChangeKind, Stage
from tracker.models import Case, Change, TrackerRow

# PostgreSQL keeps no NUL and no half of a pair in a text; neither comes this far (tracker/forms/).
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
SQLITE_VALUES = 32_766


def entry(number: int, *, old: str = "", new: str = "100 % ’done’") -> Change:
    """An entry of a history that nobody else writes."""
    return Change(
        team_id=1,
        seq=number,
        operation_id=1,
        row_id=None if number % 2 else number,
        kind=ChangeKind.SET,
        field="owner",
        old=old,
        new=new,
        rev=number,
        row_rev=2,
        by_name="Ann O'Neil",
        at=datetime(2026, 11, 30, 9, 30, 15, 123_456, tzinfo=UTC),
        digest="x",
    )


def told(changes: Sequence[Change]) -> list[dict[str, object]]:
    """All that the entries say but their own numbers."""
    fields = [field.attname for field in Change._meta.concrete_fields if not field.primary_key]
    return [{name: getattr(change, name) for name in fields} for change in changes]


@pytest.mark.django_db
def test_new_records_are_written_as_they_are_over_several_statements() -> None:
    written = [entry(number) for number in range(1, 2 * many.BATCH + 2)]

    with CaptureQueriesContext(connection) as asked:
        many.insert(written)

    found = list(Change.objects.order_by("seq"))
    assert told(found) == told(written)
    assert [change.pk for change in written] == [change.pk for change in found]
    assert len(asked) == 3


@pytest.mark.django_db
@settings(max_examples=30)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was(texts: list[tuple[str, str]]) -> None:
    # All examples meet the same tables.
    first = Change.objects.count() + 1
    written = [entry(number, old=old, new=new) for number, (old, new) in enumerate(texts, start=first)]

    many.insert(written)

    assert told(list(Change.objects.filter(seq__gte=first).order_by("seq"))) == told(written)


def test_named_columns_are_overwritten_and_no_others(world: World) -> None:
    rows = [make_row(team=world.team, by=world.officer, person=name, owner="AB") for name in ("Ada", "Ben")]
    for row in rows:
        row.by_when, row.extra = date(2026, 12, 11), {"c1": "“12”", "c2": ""}
        row.needed, row.stage, row.owner = a_need(), Stage.DECIDED, "not written"

    many.overwrite(rows, ["by_when", "extra", "needed", "stage"])

    assert [
        (row.by_when, row.extra, row.needed_id, row.stage, row.owner, row.state)
        for row in TrackerRow.objects.filter(team=world.team)
    ] == [(date(2026, 12, 11), {"c1": "“12”", "c2": ""}, a_need().pk, Stage.DECIDED, "AB", "open")] * 2


def test_a_text_in_a_column_of_json_stays_a_text(world: World) -> None:
    """It is no plain text there: JSON puts it between quotes."""
    row = make_row(team=world.team, by=world.officer, person="Ada")
    row.extra = "12"

    many.overwrite([row], ["extra"])

    row.refresh_from_db()
    assert row.extra == "12"


@pytest.mark.django_db
def test_none_at_all_is_no_statement() -> None:
    with CaptureQueriesContext(connection) as asked:
        many.insert([])
        many.overwrite([], ["owner"])

    assert not asked.captured_queries


@pytest.mark.parametrize("record", [Case, Change, TrackerRow])
def test_a_statement_has_no_more_values_than_sqlite_takes(record: type[Model]) -> None:
    assert len(record._meta.concrete_fields) * many.BATCH <= SQLITE_VALUES
