"""Rows of another locality are planted: whatever is sent with their numbers in it, nothing of them comes out.

Each form is one that a page sends: with the numbers of its own place it is taken, which is tested first.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.changes.stand_ins import approve_stand_in
from accounts.models import Team, User
from accounts.roles import Role
from summary.changes.check_ins import keep_check_in
from tests.architecture.test_addresses import Address, patterns, signed_table, undone, whole
from tests.conftest import World
from tests.factories import an_outcome, make_closed_row, make_meeting, make_person, make_row
from tests.tracker.transfer.acts import bring_in, exported, workbook
from tests.tracker.workbook.files import read
from tracker.changes.lifecycle import remove_row
from tracker.changes.meetings import start_meeting
from tracker.changes.parked import park
from tracker.changes.saved import save_view, share_view
from tracker.models import Change, Difficulty, Need, Operation, SavedView, TeamColumn, TrackerRow

__all__ = ["whole"]

SignIn = Callable[[User], Client]
NAME, TEXT = "Zebedee Canaryname", "canarytext about a child"
# What nobody outside the locality can have typed; of PINs, which anybody can, test_nothing_personal_leaks.py.
CANARIES = ("Canaryname", "canarytext")
# Between them they may do all that is done in a team: no other role adds to it.
OUTSIDERS = (Role.TEAM_MANAGER, Role.HEAD_OF_SERVICE, Role.STAND_IN)


@dataclass(frozen=True)
class Things:
    """Something of everything that has a number in one team: what addresses and forms name."""

    team: Team
    asker: Team
    elsewhere: Team
    row: TrackerRow
    sibling: TrackerRow
    closed: TrackerRow
    removed: TrackerRow
    stand_in: User
    op: UUID
    numbers: dict[str, Any]

    def base(self, key: str) -> int:
        """The version of a field of the row."""
        return self.row.rev(key)


def things(world: World, team: Team, *, name: str, text: str, pin: str, elsewhere: Team) -> Things:
    """A team with something of everything, all of it with this name and text.

    `elsewhere` is where its cases go.
    """
    by, head = world.officer, world.person(Role.HEAD_OF_SERVICE, elsewhere=team == world.foreign)
    difficulty = Difficulty.objects.create(label=f"{text} in the way")
    need = Need.objects.create(label=f"{text} is needed")
    told: dict[str, Any] = {"person": name, "action": text, "update": text, "owner": name}
    row = make_row(team=team, by=by, pin=pin, needed=need, difficulty=difficulty, **told)
    # As an import leaves words: on their rows, and read by nobody yet.
    Need.objects.filter(pk=need.pk).update(reviewed=False)
    Difficulty.objects.filter(pk=difficulty.pk).update(reviewed=False)
    removed = make_row(team=team, by=by, **told)
    remove_row(row=removed, by=by)
    view = save_view(team=team, name=text, query="stage=decided", by=by)
    share_view(view=view, shared=True, by=by)
    bring_in(workbook({"person": name, "pin": f"{pin}9", "action": text}), team, by=by)
    parked = park(reading=read(workbook({"person": name})), team=team, by=by, now=timezone.now())
    stand_in = make_person(name=name)
    approve_stand_in(person=stand_in, locality=team.locality, by=by)
    note: dict[str, Any] = {"note": text, "figures": {"teams": []}, "now": timezone.now()}
    imported = Operation.objects.filter(team=team, kind="import").latest("pk").op
    return Things(
        team=team,
        asker=world.team,
        elsewhere=elsewhere,
        row=row,
        sibling=make_row(team=team, by=by, **told),
        closed=make_closed_row(team=team, by=by, **told),
        removed=removed,
        stand_in=stand_in,
        op=imported,
        numbers={
            "team_id": team.pk,
            "locality_id": team.locality_id,
            "row_id": row.pk,
            "meeting_id": make_meeting(team=team, by=by).pk,
            "column_id": TeamColumn.objects.create(team=team, heading=text).pk,
            "view_id": view.pk,
            "check_in_id": keep_check_in(locality=team.locality, by=head, **note).pk,
            "op": imported,
            "parked_id": parked.pk,
        },
    )


@pytest.fixture
def own(whole: World) -> Things:
    """The outsiders' own team, in the middle of a meeting."""
    made = things(whole, whole.team, name="Ed Test", text="Ring", pin="000123", elsewhere=whole.neighbour)
    start_meeting(team=whole.team, by=whole.officer)
    return made


@pytest.fixture
def planted(whole: World) -> Things:
    """The team of the other locality."""
    return things(whole, whole.foreign, name=NAME, text=TEXT, pin="987123", elsewhere=whole.foreign)


def cells(at: Things) -> dict[str, str]:
    """A paste that finds one case by its number and one by its PIN."""
    by_number = {"row": at.row.pk, "field": "action", "value": "Planned", "base": at.base("action")}
    by_pin = {"pin": at.row.pin, "field": "update", "value": "Planned", "base": at.base("update")}
    return {"cells": json.dumps([by_number, by_pin]), "clear": "1"}


def row_form(at: Things) -> dict[str, Any]:
    """The row's own page, from which the action and the meeting come."""
    keys = ["pin", "person", "stage", "needed", "owner", "by_when", "update", "difficulty", "next_meeting"]
    keys += ["action", "expected_month", "colour", f"x{at.numbers['column_id']}"]
    bases = {f"base_{key}": at.base(key) for key in keys}
    words = {"needed": at.row.needed_id, "difficulty": at.row.difficulty_id}
    told = {"person": "Ed Test", "pin": at.row.pin, "action": "Planned", "meeting": at.numbers["meeting_id"]}
    return bases | words | told


def dates_of(at: Things) -> dict[str, str]:
    """The date of each row, as the worklist asks for them."""
    rows = TrackerRow.objects.open().filter(team=at.team)
    dates = {f"next_meeting-{row.pk}": "01/02/27" for row in rows}
    return dates | {
        f"base-{key}-{row.pk}": str(row.rev(key)) for row in rows for key in ("pin", "next_meeting")
    }


def export_file(at: Things) -> dict[str, SimpleUploadedFile]:
    """An export of the asker's own team whose hidden sheet names this team's row."""
    book = openpyxl.load_workbook(BytesIO(exported(at.asker)))
    for line in book["ICM"].iter_rows(min_row=9):
        line[3].value = at.row.pk
    kept = BytesIO()
    book.save(kept)
    return {"file": SimpleUploadedFile("export.xlsx", kept.getvalue())}


def change_of(at: Things) -> int:
    """The entry of the history before which the row had no action."""
    return Change.objects.filter(row=at.row).earliest("seq").pk


TOMORROW = timezone.localdate() + timedelta(days=1)
FORMS: dict[str, Callable[[Things], Mapping[str, Any]]] = {
    "tracker": lambda at: {"needed": at.row.needed_id},
    "look": lambda at: {"needed": at.row.needed_id},
    "layout": lambda at: {"hide": f"x{at.numbers['column_id']}"},
    "hitches_report": lambda at: {"parked": 1, "reconnects": 0, "offline": 0},
    "presence": lambda at: {"tab": "0a", "row": at.row.pk, "field": "action", "mode": "here"},
    "cells": cells,
    "views": lambda at: {"name": "Mine", "query": f"needed={at.row.needed_id}"},
    "view": lambda at: {"act": "share"},
    "add_case": lambda at: {"person": "New Child", f"x{at.numbers['column_id']}": "Planned"},
    "columns": lambda at: {"heading": "RAG", "kind": "text"},
    "column": lambda at: {"heading": "RAG"},
    "legend": lambda at: {"red": "Urgent"},
    "row": row_form,
    "cell": lambda at: {
        "field": "action",
        "value": "Planned",
        "base": at.base("action"),
        "also": f"{at.sibling.pk}:{at.sibling.rev('action')}",
        "meeting": at.numbers["meeting_id"],
    },
    "answer": lambda at: {"base": 0, "difficulty": at.row.difficulty_id, "answer": "I will ring them"},
    "close": lambda at: {
        "outcome": an_outcome().pk,
        "base": at.base("stage"),
        "meeting": at.numbers["meeting_id"],
    },
    "remove": lambda at: {},
    "move": lambda at: {"team": at.elsewhere.pk, "reason": "They have moved"},
    "expected_month": lambda at: {"base": at.base("expected_month"), "month": "12/27"},
    "import": export_file,
    "worklist": dates_of,
    "worklists": dates_of,
    "worklist_paste": lambda at: {"pasted": f"{at.row.pin}\t01/02/27"},
    "dashboard": lambda at: {"pasted": f"PIN\tName\tTeam\n{at.row.pin}\tEd Test\t{at.team}\n"},
    "export": lambda at: {"names": "initials"},
    "sheets": lambda at: {"names": "initials", "sheet": "table"},
    "stand_in": lambda at: {"person": at.stand_in.pk, "since": TOMORROW, "until": TOMORROW},
    "meeting": lambda at: {"minutes": 30},
    "meeting_item": lambda at: {"result": "discussed", "last_action": "done"},
    "meeting_order": lambda at: {"to": "first"},
    "meeting_room": lambda at: {"minutes": 40},
    "meeting_end": lambda at: {},
    "siblings": lambda at: {"rows": [at.row.pk, at.sibling.pk]},
    "keep_check_in": lambda at: {"note": "Kept"},
    "import_done": lambda at: {},
    "find": lambda at: {"text": at.row.pin, "locality": at.numbers["locality_id"]},
    "ask": lambda at: {"place": f"team-{at.team.pk}", "role": Role.TEAM_MANAGER, "why": "I work there now"},
}
# Taken only after something else was done, or on another row: here their numbers are sent all the same.
LATER: dict[str, Callable[[Things], Mapping[str, Any]]] = {
    "undo": lambda at: {"step": at.op},
    "redo": lambda at: {"step": at.op},
    "put_back": lambda at: {"change": change_of(at), "base": at.base("action")},
    "reopen": lambda at: {},
    "restore": lambda at: {},
    "import_preview": lambda at: {"digest": "0" * 64},
    "import_question": lambda at: {"header_row": 1},
    "dashboard_preview": lambda at: {"digest": "0" * 64},
    "dashboard_done": lambda at: {},
    "worklist_undo": lambda at: {},
}


def address_of(address: Address, place: Things, thing: Things) -> str:
    """The address in the place, with all numbers but the place's own those of the other things."""
    converters = next(one for one in patterns() if one.name == address.name).pattern.converters
    of_place = {key: place.numbers[key] for key in ("team_id", "locality_id")}
    numbers = thing.numbers | of_place
    return reverse(address.name, kwargs={key: numbers[key] for key in converters})


def told(answer: HttpResponseBase) -> list[str]:
    """The canaries in all that was answered."""
    content = b"" if answer.streaming else getattr(answer, "content", b"")
    text = content.decode("utf-8", "replace") + json.dumps(dict(answer.items()))
    return [one for one in CANARIES if one in text]


def stands(team: Team) -> tuple[Any, ...]:
    """What a team has, for comparing with what it has later."""
    rows = TrackerRow.objects.filter(team=team).order_by("pk")
    return (
        list(rows.values_list("pk", "row_rev", "case__person", "case__family")),
        Change.objects.filter(team=team).count(),
        SavedView.objects.filter(team=team).count(),
    )


def posts() -> list[Address]:
    """The addresses about a place that take a post, and those that gather what is in several places."""
    wide = ("worklists", "ask", "find")
    return [
        one
        for one in signed_table()
        if "POST" in one.methods
        and (one.about in ("team", "row") or "locality" in one.about or one.name in wide)
    ]


def test_every_form_about_a_place_is_sent_here() -> None:
    assert {one.name for one in posts()} == FORMS.keys() | LATER.keys()


def test_each_form_is_taken_in_its_own_place(whole: World, sign_in: SignIn, own: Things) -> None:
    refused = {}

    for address in (one for one in posts() if one.name in FORMS):
        person = whole.head if address.permission == "answer_difficulty" else whole.officer
        with undone():
            form = {"op": uuid4(), **FORMS[address.name](own)}
            code = sign_in(person).post(address_of(address, own, own), form).status_code
        if code not in (200, 204, 302, 303):
            refused[address.name] = code

    assert refused == {}


@pytest.mark.parametrize("role", OUTSIDERS, ids=lambda role: str(role))
def test_a_form_with_numbers_of_another_locality_tells_nothing_and_changes_nothing(
    whole: World, sign_in: SignIn, own: Things, planted: Things, role: Role
) -> None:
    client = sign_in(whole.person(role))
    before = stands(planted.team)
    found = {}

    for address, place in product(posts(), (own, planted)):
        form = {"op": uuid4(), **{**FORMS, **LATER}[address.name](planted)}
        where = address_of(address, place, planted)
        with undone():
            answer = client.post(where, form, follow=True)
            if told(answer) or stands(planted.team) != before:
                found[where] = (answer.status_code, told(answer))

    assert found == {}


# What pages and scripts ask an address beside it, each with the number of something that is not there.
QUERIES: dict[str, Callable[[Things], Mapping[str, Any]]] = {
    "tracker": lambda at: {"needed": at.row.needed_id, "difficulty": at.row.difficulty_id},
    "rows": lambda at: {"ids": f"{at.row.pk},{at.closed.pk},{at.removed.pk}", "entry": 1},
    "changes": lambda at: {"after": 0},
    "people": lambda at: {"ids": at.stand_in.pk},
    "undo": lambda at: {"tab": "0a"},
    "as_it_stood": lambda at: {"number": 99},
    "row": lambda at: {"meeting": at.numbers["meeting_id"]},
    "history": lambda at: {"field": f"x{at.numbers['column_id']}"},
    "closed": lambda at: {"page": 1},
    "toolkit_in_meeting": lambda at: {"need": at.row.needed_id, "stage": "underway"},
    "team_cases": lambda at: {"needed": at.row.needed_id},
    "locality_cases": lambda at: {"difficulty": at.row.difficulty_id},
    "meeting": lambda at: {"row": at.row.pk},
    "meeting_agenda": lambda at: {"row": at.row.pk, "entry": 1},
    "worklists": lambda at: {"done": at.op},
    "worklist": lambda at: {"done": at.op},
    "who_viewed": lambda at: {"page": 1},
}


@pytest.mark.parametrize("role", OUTSIDERS, ids=lambda role: str(role))
def test_a_question_with_numbers_of_another_locality_is_told_nothing(
    whole: World, sign_in: SignIn, own: Things, planted: Things, role: Role
) -> None:
    client = sign_in(whole.person(role))
    asked = [one for one in signed_table() if one.name in QUERIES]
    found = {}

    for address in asked:
        query = QUERIES[address.name](planted)
        for where in {
            address_of(address, place, thing) for place in (own, planted) for thing in (own, planted)
        }:
            answer = client.get(where, query, follow=True)
            if told(answer):
                found[where] = (answer.status_code, told(answer))

    assert len(asked) == len(QUERIES)
    assert found == {}
