"""A value reads alike wherever it is told: on the page of the case, in history, conflict and bundle."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.conftest import World
from tests.factories import a_need, cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.choices import Colour, ColumnKind
from tracker.history import history_of
from tracker.models import TeamColumn, TrackerRow
from tracker.subject_access import bundle_of

SignIn = Callable[[User], Client]


@pytest.fixture
def row(world: World) -> TrackerRow:
    """A row that was made red."""
    row = make_row(team=world.team, by=world.officer)
    edit_cell(row=row, field="colour", new=cleaned("colour", Colour.RED), base=0, by=world.manager)
    return TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)


@pytest.fixture
def seen(world: World, row: TrackerRow) -> TeamColumn:
    """A team's own column of dates, in which the row has one."""
    column = TeamColumn.objects.create(team=world.team, heading="Seen", kind=ColumnKind.DATE)
    edit_cell(row=row, field=column.key, new=cleaned(column.key, "2026-11-02"), base=0, by=world.manager)
    return column


def bundled(row: TrackerRow) -> set[str]:
    """Every value in the bundle of the row's case."""
    bundle = bundle_of(row.case, at=timezone.now(), by="An officer")
    return {value.text for section in bundle.sections for line in section.lines for value in line}


def test_a_date_of_a_teams_own_column_is_told_as_its_cell_shows_it(row: TrackerRow, seen: TeamColumn) -> None:
    told = [entry.new for entry in history_of(row, reader_id=0) if entry.label == "Seen"]

    assert told == ["02/11/26"]
    assert ("02/11/26" in bundled(row), "2026-11-02" in bundled(row)) == (True, False)


def test_a_rows_colour_is_told_by_its_name(world: World, sign_in: SignIn, row: TrackerRow) -> None:
    page = sign_in(world.head).get(reverse("row", args=[row.pk])).content.decode()

    assert re.findall(r">\s*(red)\s*<", page, re.IGNORECASE) == ["Red"]
    assert ("Red" in bundled(row), "red" in bundled(row)) == (True, False)


def test_who_was_overtaken_reads_both_values_as_the_cell_shows_them(
    world: World, sign_in: SignIn, row: TrackerRow, seen: TeamColumn
) -> None:
    need = a_need()
    edit_cell(row=row, field="needed", new=cleaned("needed", need), base=0, by=world.manager)
    client, told = sign_in(world.supervisor), []

    for field, typed in ((seen.key, "03/11/26"), ("colour", ""), ("needed", str(a_need(1).pk))):
        sent = {"field": field, "value": typed, "base": 0, "op": uuid4()}
        told.append(client.post(reverse("cell", args=[row.pk]), sent).json())

    assert [(one.get("theirs"), one.get("mine")) for one in told] == [
        ("02/11/26", "03/11/26"),
        ("Red", ""),
        (need.label, a_need(1).label),
    ]
