"""What is exported and imported again is the same, through the database, whatever a cell accepts."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Team
from tests.conftest import World
from tests.factories import make_locality, make_team
from tests.tracker.transfer.acts import bring_in, exported, plan_of
from tests.tracker.workbook.test_round_trip import AWKWARD, text_of
from tracker.changes.columns import add_column
from tracker.changes.lifecycle import add_case
from tracker.choices import OPEN_STAGES, Colour, ColumnKind
from tracker.exporting import Names
from tracker.fields import COLUMNS, FIELDS, Field, Kind, columns_with
from tracker.models import Difficulty, Need, TeamColumn, TrackerRow
from tracker.values import Cleaned, Lists, read_value, shown

DAYS = st.just("") | st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)
TYPED = {
    "stage": st.just("") | st.sampled_from(OPEN_STAGES),
    "by_when": DAYS,
    "next_meeting": DAYS,
    "colour": st.sampled_from(Colour.values),
}
OWN = {
    "RAG": ColumnKind.CHOICE,
    "Seen": ColumnKind.DATE,
    "Told": ColumnKind.TICK,
    "=Note": ColumnKind.TEXT,
}
OWN_VALUES = {
    ColumnKind.CHOICE: st.sampled_from(["", "Red", "=Green"]),
    ColumnKind.DATE: DAYS,
    ColumnKind.TICK: st.sampled_from(["", "yes"]),
    ColumnKind.TEXT: text_of(500),
}


def typed_into(field: Field) -> st.SearchStrategy[str | None]:
    """What somebody types or chooses in a cell."""
    if field.key in TYPED:
        return TYPED[field.key]
    return AWKWARD | text_of(field.limit)


WORDS = st.none() | st.integers(0, 5)


# Rows as they are typed, by field or heading; the words by their place in the list.
ROWS = st.lists(
    st.fixed_dictionaries(
        {field.key: typed_into(field) for field in COLUMNS}
        | {"colour": TYPED["colour"], "needed": WORDS, "difficulty": WORDS}
        | {heading: OWN_VALUES[kind] for heading, kind in OWN.items()}
    ),
    max_size=4,
)


# An example writes a tracker or two: few of them, and none made smaller when one fails. Each has teams of
# its own, so that they may share a test's database.
SOME = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def new_team(world: World) -> Team:
    team = make_team(locality=make_locality())
    for heading, kind in OWN.items():
        options = ["Red", "=Green"] if kind == ColumnKind.CHOICE else []
        add_column(team=team, heading=heading, kind=kind, options=options, by=world.officer)
    return team


def write(world: World, team: Team, drawn: list[dict[str, Any]]) -> None:
    """Adds the rows as the form would, without what it refuses, and no PIN or name a second time."""
    own = columns_with(TeamColumn.objects.filter(team=team))[len(COLUMNS) :]
    fields = FIELDS | {field.label: field for field in own}
    met: set[str] = set()
    for typed in drawn:
        values = {fields[key].key: new for key, text in typed.items() if (new := cell(fields[key], text)).raw}
        names = {values[key].raw.casefold() for key in ("pin", "person") if key in values}
        if "person" in values and not names & met:
            met |= names
            add_case(team=team, values=values, by=world.officer)


def cell(field: Field, typed: str | int | None) -> Cleaned:
    """What the cell keeps; blank where it refuses."""
    if isinstance(typed, int):
        words = Need if field.kind == Kind.NEED else Difficulty
        word = words._default_manager.all()[typed]
        return Cleaned(str(word.pk), word)
    try:
        new = read_value(field, typed or "", lists=Lists(), today=date(2026, 11, 20), base=None)
    except ValidationError:
        return Cleaned("", None)
    return new if field.key in FIELDS else Cleaned(new.raw, new.raw)


def contents(team: Team) -> list[list[str]]:
    """What the team's rows say, cell by cell, in words."""
    fields = [*columns_with(TeamColumn.objects.filter(team=team).order_by("heading")), FIELDS["colour"]]
    rows = TrackerRow.objects.open().filter(team=team).with_all()
    return [[shown(field, row) for field in fields] for row in rows]


@SOME
@given(drawn=ROWS, names=st.sampled_from(["full", "initials"]))
def test_an_export_that_comes_back_changes_nothing(
    world: World, drawn: list[dict[str, Any]], names: Names
) -> None:
    team = new_team(world)
    write(world, team, drawn)

    plan = plan_of(exported(team, names), team, keep="file")

    assert [(row.outcome, row.cells) for row in plan.rows] == [("unchanged", ())] * len(plan.rows)
    assert len(plan.rows) == TrackerRow.objects.filter(team=team).count()
    assert plan.missing == ()


@SOME
@given(drawn=ROWS)
def test_an_export_onto_an_empty_tracker_gives_the_same_rows(
    world: World, drawn: list[dict[str, Any]]
) -> None:
    team, other = new_team(world), new_team(world)
    write(world, team, drawn)

    bring_in(exported(team), other)

    assert contents(other) == contents(team)
