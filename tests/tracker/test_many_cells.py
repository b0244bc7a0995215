"""The address of many cells: what a preview tells, what a paste from Excel comes to, how it is refused."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import a_need, cleaned, make_row, make_rows
from tracker.changes.columns import add_column
from tracker.changes.edit import edit_cell
from tracker.choices import ColumnKind, Stage
from tracker.models import Operation, TeamColumn, TeamLog, TrackerRow

SignIn = Callable[[User], Client]


# What the test client answers has attributes that its type does not know: Any.
def send(client: Client, world: World, cells: list[dict[str, Any]], **more: Any) -> Any:
    """Sends the cells to Amber Team 1 as the script's form does."""
    told = {"op": uuid4(), "tab": "tab-1", "cells": json.dumps(cells)} | more
    return client.post(reverse("cells", args=[world.team.pk]), told)


def cell(row: TrackerRow, field: str, value: str, **more: Any) -> dict[str, Any]:
    """One cell as the script sends it."""
    return {"row": row.pk, "field": field, "value": value, "base": row.rev(field)} | more


def problems(answer: Any) -> dict[int, str]:
    """The codes of what was refused, by place."""
    return {one["place"]: one["problem"]["code"] for one in answer.json()["cells"] if "problem" in one}


def test_a_preview_tells_old_and_new_and_changes_nothing(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="000123", owner="JB", by_when=date(2026, 11, 2))
    head = TeamLog.head_of(world.team.pk)

    answer = send(
        sign_in(world.manager), world, [cell(row, "owner", "AN"), cell(row, "by_when", "5/5/2026")], dry=1
    )

    told = answer.json()
    assert [(one["pin"], one["old"], one["new"]) for one in told["cells"]] == [
        ("000123", "JB", "AN"),
        ("000123", "02/11/26", "05/05/26"),
    ]
    assert (told["outcome"], told["problems"]) == ("preview", 0)
    assert TeamLog.head_of(world.team.pk) == head


def test_a_paste_answers_with_the_cells_as_the_server_draws_them(world: World, sign_in: SignIn) -> None:
    rows = make_rows(2, team=world.team)

    answer = send(sign_in(world.manager), world, [cell(row, "stage", "decided TO close") for row in rows])

    told = answer.json()
    assert (told["outcome"], told["counts"], told["seq"]) == ("saved", {"cells": 2, "added": 0}, 4)
    assert all('data-stage="decided"' in one["cell"] and one["rev"] == 1 for one in told["cells"])
    assert set(TrackerRow.objects.values_list("stage", flat=True)) == {Stage.DECIDED}


def test_dates_are_read_day_first_and_no_value_becomes_empty_by_itself(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    rows = make_rows(4, team=world.team, by_when=date(2026, 1, 1))
    typed = ("5/5/2026", "05/06/26", "31/02/26", "")
    cells = [cell(row, "by_when", text) for row, text in zip(rows, typed, strict=True)]

    assert problems(send(client, world, cells)) == {2: "unreadable", 3: "clears"}
    assert send(client, world, cells, skip="[2]", clear=1).json()["counts"]["cells"] == 3

    assert list(TrackerRow.objects.order_by("pk").values_list("by_when", flat=True)) == [
        date(2026, 5, 5),
        date(2026, 6, 5),
        date(2026, 1, 1),
        None,
    ]


def test_a_word_that_is_in_no_list_is_refused_with_the_nearest_one(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)

    answer = send(sign_in(world.manager), world, [cell(row, "stage", "Decided to clos")])

    assert answer.status_code == 422
    assert answer.json()["cells"][0]["problem"]["nearest"] == "Decided to close"


def test_a_pasted_number_is_no_word_but_a_raw_value_is(world: World, sign_in: SignIn) -> None:
    client, row, number = sign_in(world.manager), make_row(team=world.team), str(a_need().pk)

    assert problems(send(client, world, [cell(row, "needed", number)])) == {0: "not-listed"}
    assert send(client, world, [cell(row, "needed", number, raw=True)]).json()["outcome"] == "saved"


def test_a_stale_cell_says_who_when_and_what(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, owner="JB")
    typed = cell(row, "owner", "AN")
    edit_cell(row=row, field="owner", new=cleaned("owner", "KW"), base=0, by=world.supervisor)

    answer = send(sign_in(world.manager), world, [typed])

    problem = answer.json()["cells"][0]["problem"]
    assert (answer.status_code, answer.json()["outcome"]) == (409, "conflict")
    assert (problem["by"], problem["theirs"], bool(problem["at"])) == (world.supervisor.name, "KW", True)


def test_rows_are_found_by_pin_also_without_the_zeros_that_excel_took(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.coordinator), make_row(team=world.team, pin="000123")
    cells = [{"pin": pin, "field": "owner", "value": "AN"} for pin in ("123", "000999")]

    preview = send(client, world, cells, dry=1).json()["cells"]

    assert (preview[0]["row"], preview[0]["rev"]) == (row.pk, 0)
    assert preview[1]["problem"]["message"] == "PIN 000999 is not on this tracker."


def test_a_blank_pin_finds_no_row_and_letter_case_hides_none(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.coordinator), make_row(team=world.team, pin="0AB12")
    make_row(team=world.team, pin="000")
    cells = [{"pin": pin, "field": "owner", "value": "AN"} for pin in ("ab12", "", "00")]

    told = send(client, world, cells, dry=1).json()["cells"]

    assert told[0]["row"] == row.pk
    assert told[1]["problem"]["message"] == "There is no PIN to find the case by."
    assert told[2]["pin"] == "000"


def test_writing_needs_the_version_that_the_preview_told(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, pin="000123")

    answer = send(sign_in(world.coordinator), world, [{"pin": "000123", "field": "owner", "value": "AN"}])

    assert (answer.status_code, "preview" in answer.json()["message"]) == (422, True)


def test_a_block_that_runs_past_the_last_row_adds_cases(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    more = [
        {"row": None, "new": "1", "field": "person", "value": "Bea Sample"},
        {"row": None, "new": "1", "field": "owner", "value": "AN"},
    ]
    client = sign_in(world.manager)

    assert send(client, world, [cell(row, "owner", "AN"), *more], dry=1).json()["adds"] == 1
    told = send(client, world, [cell(row, "owner", "AN"), *more]).json()

    assert told["step"] == "paste of 1 cell and 1 new case"
    assert TrackerRow.objects.get(pk=told["added"][0]).owner == "AN"


def test_a_case_typed_in_the_table_is_added_by_its_name(world: World, sign_in: SignIn) -> None:
    fresh = [{"row": None, "new": "1", "field": "person", "value": "Bea Sample"}]

    told = send(sign_in(world.manager), world, fresh, kind="add").json()

    assert (told["step"], TrackerRow.objects.get().person) == ("add, Bea Sample", "Bea Sample")


def test_a_teams_own_columns_take_pasted_values_too(world: World, sign_in: SignIn) -> None:
    add_column(
        team=world.team, heading="RAG", kind=ColumnKind.CHOICE, options=["Red", "Green"], by=world.manager
    )
    row, key = make_row(team=world.team), TeamColumn.objects.get().key
    client = sign_in(world.manager)

    assert problems(send(client, world, [cell(row, key, "Blue")])) == {0: "not-listed"}
    assert send(client, world, [cell(row, key, "green")]).json()["cells"][0]["raw"] == "Green"


def test_json_is_taken_as_well_as_a_form(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    body = {"op": str(uuid4()), "kind": "fill", "cells": [cell(row, "owner", "AN")], "skip": []}

    answer = sign_in(world.manager).post(
        reverse("cells", args=[world.team.pk]), json.dumps(body), content_type="application/json"
    )

    assert answer.json()["outcome"] == "saved"
    assert Operation.objects.latest("pk").kind == "fill"


def test_two_hundred_cells_are_the_most(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)

    answer = send(sign_in(world.manager), world, [cell(row, "owner", "AN")] * 201)

    assert (answer.status_code, "200 cells at most" in answer.json()["message"]) == (422, True)


def test_what_cannot_be_read_is_refused_in_words(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    broken: list[Any] = [
        [1],
        [{"row": "x", "field": "owner", "value": "AN"}],
        [{}],
        {},
        [{"field": 1, "value": ""}],
    ]

    answers = [send(client, world, cells) for cells in broken]

    assert [answer.status_code for answer in answers] == [422] * len(broken)
    assert all(answer.json()["message"] for answer in answers)


def test_a_repeat_whose_answer_got_lost_gives_it_again(world: World, sign_in: SignIn) -> None:
    client, op = sign_in(world.manager), uuid4()
    cells = [{"row": None, "new": "1", "field": "person", "value": "Bea Sample"}]
    first = send(client, world, cells, op=op).json()

    again = send(client, world, cells, op=op).json()

    assert again == first
    assert TrackerRow.objects.count() == 1
