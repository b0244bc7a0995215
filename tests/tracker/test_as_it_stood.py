"""The log tells the whole tracker: played up to its head it gives the live rows, whatever was done."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Team, User
from tests.conftest import World
from tests.factories import a_difficulty, a_need, an_outcome, cleaned
from tests.tracker.transfer.acts import plan_of, workbook
from tracker.as_it_stood import Stood, as_it_stood
from tracker.changes.bulk import import_rows
from tracker.changes.cells import CellEdit, write_cells
from tracker.changes.columns import add_column, remove_column, rename_column, set_legend
from tracker.changes.demonstration import load_council
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import add_case, close_row, move_row, remove_row, reopen_row, restore_row
from tracker.changes.refusals import Refusal
from tracker.changes.undo import redo_operation, undo_operation
from tracker.choices import Colour, ColumnKind, RowState, Stage
from tracker.fields import FIELDS
from tracker.models import Change, ColourMeaning, Operation, TeamColumn, TrackerRow

TODAY = date(2026, 11, 20)
NUMBER = st.integers(0, 11)
EDITED = ("action", "owner", "stage", "needed", "difficulty", "by_when", "pin", "person", "colour", "x")
LIFE = (close_row, close_row, reopen_row, remove_row, restore_row)
COLUMN_ACTS = ("add", "rename", "remove", "legend")
# More of them, set by hand, when something in tracker/changes/ is rebuilt.
EXAMPLES = int(os.environ.get("ICM_EXAMPLES", "10"))


def stood(team: Team, number: int | None = None) -> Stood:
    """The tracker at this number, or at the head of the log."""
    changes = Change.objects.filter(team=team).order_by("seq")
    return as_it_stood(changes if number is None else changes.filter(seq__lte=number))


def differences(team: Team) -> list[Any]:
    """What the log, played to its head, says otherwise than the live rows and columns of the team."""
    told = stood(team)
    found: list[Any] = []
    live = {row.pk: row for row in TrackerRow.objects.filter(team=team).with_all()}
    if list(told.rows) != list(live):
        found.append(("rows", list(told.rows), list(live)))
    for row_id, row in live.items():
        # A case that went on elsewhere has the name it has there; this row keeps what it had when it left.
        gone_on = TrackerRow.objects.filter(case=row.case_id).exclude(pk=row_id).exists()
        case_keys = () if gone_on and row.state != RowState.OPEN else ("pin", "person")
        keys = [
            key
            for key in (*FIELDS, "outcome", *row.extra)
            if key in case_keys or key not in ("pin", "person")
        ]
        one = told.rows[row_id]
        if one.state != row.state or one.row_rev != row.row_rev:
            found.append((row_id, one.state, row.state, one.row_rev, row.row_rev))
        found += [
            (row_id, key, one.values.get(key, ""), row.raw(key))
            for key in keys
            if one.values.get(key, "") != row.raw(key)
        ]
    columns = {one.key: one.heading for one in TeamColumn.objects.filter(team=team, removed=False)}
    return found if told.columns == columns else [*found, ("columns", told.columns, columns)]


def everything() -> dict[str, Any]:
    """Every row, column and legend of every team, but for versions and the moment of a closing."""
    rows = TrackerRow.objects.with_all().select_related("case__locality").order_by("pk")
    return {
        "rows": {
            row.pk: (
                row.state,
                row.order,
                row.closed_at is None,
                row.closed_by_id,
                row.case.locality_id if row.state == RowState.OPEN else None,
                # An undone value of a team's own column leaves an empty text behind.
                {key: raw for key in (*FIELDS, "outcome", *row.extra) if (raw := row.raw(key))},
            )
            for row in rows
            if row.state != RowState.REMOVED
        },
        "columns": list(TeamColumn.objects.filter(removed=False).values_list("pk", "heading").order_by("pk")),
        "legend": list(
            ColourMeaning.objects.values_list("team", "colour", "meaning").order_by("team", "colour")
        ),
    }


class RandomActs(RuleBasedStateMachine):
    """People of two localities do what people do, refusals included, and take it back and do it again."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.world = World()
        self.teams = [self.world.team, self.world.neighbour, self.world.foreign]
        self.number = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def do(self, act: Callable[[], object], *, back: bool) -> None:
        """One act; a refusal is an answer like another and changes nothing. `back`: undone and done again."""
        before, last = everything(), Operation.objects.order_by("pk").last()
        try:
            with transaction.atomic():
                act()
        except (Refusal, PermissionDenied):
            assert everything() == before
            return
        operation = Operation.objects.order_by("pk").last()
        if back and operation and operation != last and operation.kind not in ("undo", "redo"):
            after = everything()
            assert operation.by is not None
            undo_operation(operation=operation, by=operation.by)
            assert everything() == before
            operation.refresh_from_db()
            redo_operation(operation=operation, by=operation.by)
            assert everything() == after

    def row(self, place: int) -> TrackerRow:
        rows = TrackerRow.objects.with_all().select_related("team__locality").order_by("pk")
        return rows[place % rows.count()]

    def person(self, place: int) -> User:
        return [self.world.officer, self.world.manager][place % 2]

    @rule(team=NUMBER, pin=st.sampled_from(["", "000001", "000002"]), back=st.booleans())
    def add(self, team: int, pin: str, back: bool) -> None:
        self.number += 1
        values = {
            "person": cleaned("person", f"Child {self.number}"),
            "stage": cleaned("stage", Stage.AWAITING),
        }
        values |= {"pin": cleaned("pin", pin)} if pin else {}
        self.do(lambda: add_case(team=self.teams[team % 3], values=values, by=self.world.officer), back=back)

    @precondition(lambda self: TrackerRow.objects.exists())
    @rule(place=NUMBER, who=NUMBER, number=NUMBER, key=st.sampled_from(EDITED), back=st.booleans())
    def edit(self, place: int, who: int, number: int, key: str, back: bool) -> None:
        row = self.row(place)
        if key == "x":
            column = TeamColumn.objects.filter(team=row.team).first()
            key = column.key if column else "owner"
        value = {
            "needed": lambda: a_need(number % 2),
            "difficulty": lambda: a_difficulty(number % 2) if number % 3 else None,
            "by_when": lambda: TODAY + timedelta(days=number % 3) if number % 4 else None,
            "stage": lambda: (Stage.UNDERWAY, Stage.DECIDED)[number % 2],
            "pin": lambda: f"00000{number % 4}",
            "colour": lambda: (Colour.RED, Colour.GREEN)[number % 2],
        }.get(key, lambda: f"text {number % 3}")()  # type: ignore[no-untyped-call] # each gives another type
        edit = partial(edit_cell, row=row, field=key, new=cleaned(key, value), base=row.rev(key))
        self.do(partial(edit, by=self.person(who), reason="why"), back=back)

    @precondition(lambda self: TrackerRow.objects.exists())
    @rule(place=NUMBER, who=NUMBER, act=st.sampled_from(LIFE), back=st.booleans())
    def live(self, place: int, who: int, act: Any, back: bool) -> None:
        row = self.row(place)
        more = {"outcome": an_outcome()} if act is close_row else {}
        self.do(lambda: act(row=row, by=self.person(who), **more), back=back)

    @precondition(lambda self: TrackerRow.objects.exists())
    @rule(place=NUMBER, to=NUMBER, back=st.booleans())
    def move(self, place: int, to: int, back: bool) -> None:
        row, team = self.row(place), self.teams[to % 3]
        self.do(lambda: move_row(row=row, to=team, by=self.world.officer, reason="Moved house"), back=back)

    @rule(
        team=NUMBER,
        number=NUMBER,
        act=st.sampled_from(["add", "rename", "remove", "legend"]),
        back=st.booleans(),
    )
    def column(self, team: int, number: int, act: str, back: bool) -> None:
        of, by = self.teams[team % 3], self.world.officer
        there = TeamColumn.objects.filter(team=of).select_related("team").order_by("pk").last()
        heading = ("RAG", "School", "Room")[number % 3]
        if act == "legend":
            meanings = {Colour.RED: heading}
            self.do(lambda: set_legend(team=of, meanings=meanings, by=by), back=back)
        elif act == "add" or there is None:
            self.do(
                lambda: add_column(team=of, heading=heading, kind=ColumnKind.TEXT, options=[], by=by),
                back=back,
            )
        elif act == "rename":
            self.do(lambda: rename_column(column=there, heading=heading, by=by), back=back)
        else:
            self.do(lambda: remove_column(column=there, by=by), back=back)

    @rule(team=NUMBER, pin=st.sampled_from(["000001", "000003"]), closed=st.booleans(), back=st.booleans())
    def bring_in(self, team: int, pin: str, closed: bool, back: bool) -> None:
        of, by = self.teams[team % 3], self.world.officer
        stage = "Closed" if closed else "Decided to close"
        file = workbook({"pin": pin, "person": f"Imported {pin}", "stage": stage, "owner": "FILE"})
        self.do(lambda: import_rows(team=of, plan=plan_of(file, of, by=by), by=by), back=back)

    @precondition(lambda self: TrackerRow.objects.exists())
    @rule(place=NUMBER, text=st.sampled_from(["", "pasted"]), add=st.booleans(), back=st.booleans())
    def paste(self, place: int, text: str, add: bool, back: bool) -> None:
        of = self.row(place).team
        rows = list(TrackerRow.objects.filter(team=of, state=RowState.OPEN).with_all())
        edits = [
            CellEdit(number, row.pk, key, cleaned(key, text), row.rev(key))
            for number, (row, key) in enumerate(product(rows, ("action", "update")))
        ]
        if add:
            edits += [CellEdit(1000, None, "person", cleaned("person", "Pasted"), group="a")]
        paste = partial(write_cells, team=of, edits=edits, clear=True, op=uuid4())
        self.do(lambda: paste(by=self.world.manager), back=back)

    @precondition(lambda self: Operation.objects.exists())
    @rule(place=NUMBER, redo=st.booleans())
    def take_back(self, place: int, redo: bool) -> None:
        done = Operation.objects.exclude(kind__in=("undo", "redo")).filter(undone_by__isnull=not redo)
        operation = done.order_by("pk")[place % (done.count() or 1) :].first()
        if operation and operation.by:
            act = redo_operation if redo else undo_operation
            self.do(partial(act, operation=operation, by=operation.by), back=False)

    @invariant()
    def the_log_tells_the_tracker(self) -> None:
        assert [differences(team) for team in self.teams] == [[], [], []]


def test_the_log_played_to_its_head_is_the_tracker_whatever_was_done(db: None) -> None:
    run_state_machine_as_test(
        RandomActs,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_log_of_the_demonstration_council_tells_its_trackers(db: None) -> None:
    load_council(today=TODAY)

    assert [found for team in Team.objects.all() if (found := differences(team))] == []
