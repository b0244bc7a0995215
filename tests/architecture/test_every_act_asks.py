"""Each act asks for its right itself: whoever lacks it is refused, whatever a view forgot."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.changes import (
    invitations,
    keys,
    notices,
    people,
    requests,
    second_factor,
    single_sign_on,
    stand_ins,
)
from accounts.changes import places as council
from accounts.models import AccessRequest, AddressKey, Team, User
from accounts.permissions import Refused
from accounts.roles import Role
from summary.changes import check_ins
from tests.conftest import World
from tests.factories import (
    a_difficulty,
    a_need,
    an_outcome,
    cleaned,
    make_closed_row,
    make_member,
    make_row,
)
from tests.tracker.transfer.acts import a_delivered_file, workbook
from tests.tracker.workbook.files import read
from toolkit.changes import ideas
from toolkit.models import Idea, Tie
from tracker.changes import (
    answers,
    cells,
    columns,
    deliveries,
    edit,
    erasing,
    families,
    layout,
    lifecycle,
    meetings,
    parked,
    parked_lists,
    places,
    put_back,
    retention,
    saved,
    undo,
    words,
    worklist,
)
from tracker.choices import Colour, ColumnKind, Density
from tracker.dashboard.reading import DashboardList
from tracker.fields import FIELDS
from tracker.models import Change, DeliveredFile, FileState, Operation, TeamColumn, TrackerRow
from tracker.workbook.guard import SheetsUnclear


@dataclass
class Things:
    """What is acted upon, made by people who may."""

    world: World
    row: TrackerRow
    with_pin: TrackerRow
    closed: TrackerRow
    removed: TrackerRow
    column: TeamColumn
    done: Operation
    undone: Operation
    value: Change


@pytest.fixture
def things(world: World) -> Things:
    """One of each."""
    team, officer = world.team, world.officer
    assert [world.neighbour, world.foreign, world.stranger, world.coordinator, world.stand_in, world.manager]
    row = make_row(team=team, by=officer, difficulty=a_difficulty(), action="First")
    removed = make_row(team=team, by=officer)
    lifecycle.remove_row(row=removed, by=officer)
    columns.add_column(team=team, heading="School", kind=ColumnKind.TEXT, options=[], by=officer)
    edit.edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=officer)
    undone = Operation.objects.latest("pk")
    undo.undo_operation(operation=undone, by=officer)
    edit.edit_cell(
        row=row, field="owner", new=cleaned("owner", "JB"), base=row_now(row).rev("owner"), by=officer
    )
    undone.refresh_from_db()
    return Things(
        world=world,
        row=row_now(row),
        with_pin=make_row(team=team, by=officer, pin="000123"),
        closed=make_closed_row(team=team, by=officer),
        removed=removed,
        column=TeamColumn.objects.get(),
        done=Operation.objects.latest("pk"),
        undone=undone,
        value=Change.objects.filter(row=row, field="owner").earliest("seq"),
    )


def row_now(row: TrackerRow) -> TrackerRow:
    return TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)


def a_wish(t: Things) -> AccessRequest:
    return AccessRequest.objects.create(
        person=t.world.stranger, role=Role.TEAM_MANAGER, locality=t.world.amber, team=t.world.team, why="New"
    )


def mine(t: Things, by: User, operation: Operation) -> Operation:
    """The act as if this person had done it, when they still could."""
    Operation.objects.filter(pk=operation.pk).update(by=by)
    operation.by_id = by.pk
    return operation


def a_meeting(t: Things) -> Any:
    return meetings.start_meeting(team=t.world.team, by=t.world.officer)


def typed(t: Things) -> list[cells.CellEdit]:
    return [cells.CellEdit(0, t.row.pk, "action", cleaned("action", "Mine"), 1)]


def away(t: Things, by: User) -> None:
    """A move to another locality."""
    lifecycle.move_row(row=t.row, to=t.world.foreign, by=by, reason="Moved house")


def over_there(t: Things, by: User) -> None:
    """A move to another locality, which the person sees too."""
    people.add_membership(person=by, role=Role.TEAM_COORDINATOR, locality=t.world.bolsover, by=None)
    by.rights_seen = None
    away(t, by)


def into_a_closed_team(t: Things, by: User) -> None:
    """A file whose team has ended meanwhile."""
    file = a_delivered_file(by)
    DeliveredFile.objects.filter(pk=file.pk).update(state=FileState.READ)
    Team.objects.filter(pk=t.world.neighbour.pk).update(closed_at=timezone.now())
    people.raise_access_version()
    team = Team.objects.get(pk=t.world.neighbour.pk)
    deliveries.choose_teams(delivery=file.delivery, teams={file.pk: team}, by=by)


def back_again(t: Things, by: User) -> None:
    """A move to another locality, taken back."""
    away(t, t.world.officer)
    undo.undo_operation(operation=mine(t, by, Operation.objects.latest("pk")), by=by)


Act = Callable[[Things, User], object]

# By somebody without any access.
ACTS: dict[str, Act] = {
    "accounts.invite": lambda t, by: invitations.invite(person=t.world.manager, by=by),
    "accounts.invite_listed": lambda t, by: invitations.invite_listed(
        emails=[make_member(Role.TEAM_MANAGER, locality=t.world.amber).email], by=by
    ),
    "accounts.make_key": lambda t, by: keys.make_key(opens=AddressKey.Opens.FIGURES, by=by),
    "accounts.end_key": lambda t, by: keys.end_key(key=a_key(t), by=by),
    "accounts.forget_failed_mail": lambda t, by: notices.forget_failed_mail(by=by),
    "accounts.add_person": lambda t, by: people.add_person(email="a@council.example", name="A", by=by),
    "accounts.add_with_access": lambda t, by: people.add_with_access(
        email="a@council.example", name="A", by=by, role=Role.PERFORMANCE_OFFICER
    ),
    "accounts.add_many": lambda t, by: people.add_many(lines=[Line()], by=by),
    "accounts.rename_person": lambda t, by: people.rename_person(person=t.world.manager, name="B", by=by),
    "accounts.add_membership": lambda t, by: people.add_membership(
        person=t.world.manager, role=Role.PERFORMANCE_OFFICER, by=by
    ),
    "accounts.change_membership": lambda t, by: people.change_membership(
        membership=t.world.manager.memberships.get(),
        role=Role.HEAD_OF_SERVICE,
        locality=t.world.amber,
        teams=(),
        until=None,
        by=by,
    ),
    "accounts.end_membership": lambda t, by: people.end_membership(
        membership=t.world.manager.memberships.get(), by=by
    ),
    "accounts.end_access": lambda t, by: people.end_access(person=t.world.manager, by=by),
    "accounts.let_back_in": lambda t, by: people.let_back_in(person=t.world.manager, by=by),
    "accounts.reset_second_factor": lambda t, by: second_factor.reset_second_factor(
        person=t.world.manager, by=by
    ),
    "accounts.end_link": lambda t, by: single_sign_on.end_link(person=t.world.manager, by=by),
    "accounts.add_locality": lambda t, by: council.add_locality(name="New", by=by),
    "accounts.add_team": lambda t, by: council.add_team(name="New", locality=t.world.amber, by=by),
    "accounts.add_teams": lambda t, by: council.add_teams(names=["New"], locality=t.world.amber, by=by),
    "accounts.rename_place": lambda t, by: council.rename_place(place=t.world.team, name="New", by=by),
    "accounts.name_contact_officer": lambda t, by: council.name_contact_officer(
        locality=t.world.amber, officer=t.world.officer, by=by
    ),
    "accounts.drop_contact_officer": lambda t, by: council.drop_contact_officer(
        locality=t.world.amber, officer=t.world.officer, by=by
    ),
    "accounts.grant_request": lambda t, by: requests.grant_request(request=a_wish(t), by=by),
    "accounts.refuse_request": lambda t, by: requests.refuse_request(request=a_wish(t), answer="No", by=by),
    "accounts.approve_stand_in": lambda t, by: stand_ins.approve_stand_in(
        person=t.world.manager, locality=t.world.amber, by=by
    ),
    "accounts.withdraw_approval": lambda t, by: stand_ins.withdraw_approval(approval=approved(t), by=by),
    "accounts.name_stand_in": lambda t, by: stand_ins.name_stand_in(
        team=t.world.team,
        person=approved(t).person,
        since=timezone.localdate(),
        until=timezone.localdate(),
        today=timezone.localdate(),
        by=by,
    ),
    "summary.keep_check_in": lambda t, by: check_ins.keep_check_in(
        locality=t.world.amber, note="", figures={"teams": []}, by=by, now=timezone.now()
    ),
    "toolkit.add_idea": lambda t, by: ideas.add_idea(text="Mine", tie=Tie(), by=by),
    "toolkit.change_idea": lambda t, by: ideas.change_idea(
        idea=an_idea(), text="Mine", tie=Tie(), base=0, by=by
    ),
    "toolkit.put_back": lambda t, by: ideas.put_back(version=an_idea().versions.get(), by=by),
    "toolkit.retire_idea": lambda t, by: ideas.retire_idea(idea=an_idea(), by=by),
    "toolkit.bring_back": lambda t, by: ideas.bring_back(idea=an_idea(), by=by),
    "toolkit.move_idea": lambda t, by: ideas.move_idea(idea=an_idea(), down=True, by=by),
    "tracker.answer_difficulty": lambda t, by: answers.answer_difficulty(
        row=t.row, difficulty=a_difficulty(), text="Mine", base=0, by=by
    ),
    "tracker.look_at_cells": lambda t, by: cells.look_at_cells(team=t.world.team, edits=typed(t), by=by),
    "tracker.write_cells": lambda t, by: cells.write_cells(
        # Of a cell that is there it asks once more: without any, only the act's own question is left.
        team=t.world.team,
        edits=[],
        by=by,
        op=uuid4(),
    ),
    "tracker.write_worklist": lambda t, by: worklist.write_worklist(
        teams=[t.world.team], edits=typed(t), by=by, op=uuid4()
    ),
    "tracker.add_column": lambda t, by: columns.add_column(
        team=t.world.team, heading="Mine", kind=ColumnKind.TEXT, options=[], by=by
    ),
    "tracker.rename_column": lambda t, by: columns.rename_column(column=t.column, heading="Mine", by=by),
    "tracker.remove_column": lambda t, by: columns.remove_column(column=t.column, by=by),
    "tracker.put_back_column": lambda t, by: columns.put_back_column(column=t.column, by=by),
    "tracker.move_column": lambda t, by: columns.move_column(column=t.column, left=True, by=by),
    "tracker.set_legend": lambda t, by: columns.set_legend(
        team=t.world.team, meanings={Colour.RED: "Mine"}, by=by
    ),
    "tracker.edit_cell": lambda t, by: edit.edit_cell(
        row=t.row, field="action", new=cleaned("action", "Mine"), base=1, by=by
    ),
    "tracker.hide_columns": lambda t, by: layout.hide_columns(team=t.world.team, columns=set(), by=by),
    "tracker.set_width": lambda t, by: layout.set_width(
        team=t.world.team, column=FIELDS["action"], width=200, by=by
    ),
    "tracker.set_density": lambda t, by: layout.set_density(
        team=t.world.team, density=Density.COMPACT, by=by
    ),
    "tracker.deliver": lambda t, by: deliveries.deliver(files=[], by=by, now=timezone.now()),
    "tracker.begin_step": lambda t, by: deliveries.begin_step(delivery=a_delivery(t), by=by),
    "tracker.keep_looked": lambda t, by: deliveries.keep_looked(
        file=a_delivered_file(t.world.officer), was=FileState.WAITING, by=by
    ),
    "tracker.choose_teams": lambda t, by: deliveries.choose_teams(delivery=a_delivery(t), teams={}, by=by),
    "tracker.confirm": lambda t, by: deliveries.confirm(delivery=a_delivery(t), by=by, now=timezone.now()),
    "tracker.settle": lambda t, by: deliveries.settle(delivery=a_delivery(t), by=by, now=timezone.now()),
    "tracker.discard": lambda t, by: deliveries.discard(delivery=a_delivery(t), by=by),
    "tracker.park": lambda t, by: parked.park(
        reading=read(workbook({})), team=t.world.team, by=by, now=timezone.now()
    ),
    "tracker.park_question": lambda t, by: parked.park_question(
        question=SheetsUnclear("Which sheet?", sheets=()),
        file=b"x",
        team=t.world.team,
        by=by,
        now=timezone.now(),
    ),
    "tracker.park_list": lambda t, by: parked_lists.park_list(
        reading=DashboardList(None, 1, {}, (), (), (), ()), locality=t.world.amber, by=by, now=timezone.now()
    ),
    "tracker.edit_cells": lambda t, by: edit.edit_cells(
        row=t.row, edits=[edit.Edit("action", cleaned("action", "Mine"), 1)], by=by
    ),
    "tracker.add_case": lambda t, by: lifecycle.add_case(
        team=t.world.team, values={"person": cleaned("person", "Mine")}, by=by
    ),
    "tracker.close_row": lambda t, by: lifecycle.close_row(row=t.row, outcome=an_outcome(), by=by),
    "tracker.reopen_row": lambda t, by: lifecycle.reopen_row(row=t.closed, by=by),
    "tracker.remove_row": lambda t, by: lifecycle.remove_row(row=t.row, by=by),
    "tracker.restore_row": lambda t, by: lifecycle.restore_row(row=t.removed, by=by),
    "tracker.move_row": lambda t, by: lifecycle.move_row(row=t.row, to=t.world.neighbour, by=by),
    "tracker.start_meeting": lambda t, by: meetings.start_meeting(team=t.world.team, by=by),
    "tracker.set_room": lambda t, by: meetings.set_room(meeting=a_meeting(t), room=meetings.Room(), by=by),
    "tracker.mark": lambda t, by: meetings.mark(meeting=a_meeting(t), rows=[t.row], result="done", by=by),
    "tracker.move_step": lambda t, by: meetings.move_step(meeting=a_meeting(t), row=t.row, to="up", by=by),
    "tracker.end_meeting": lambda t, by: meetings.end_meeting(meeting=a_meeting(t), by=by),
    "tracker.edit_siblings": lambda t, by: meetings.edit_siblings(
        row=t.row, bases={}, field="action", new=cleaned("action", "Mine"), base=1, by=by, op=uuid4()
    ),
    "tracker.pick_siblings": lambda t, by: families.pick_siblings(
        team=t.world.team, cases=[t.row.case], by=by
    ),
    "tracker.close_team": lambda t, by: places.close_team(team=t.world.team, heir=t.world.neighbour, by=by),
    "tracker.open_team_again": lambda t, by: places.open_team_again(team=t.world.team, by=by),
    "tracker.move_team": lambda t, by: places.move_team(team=t.world.team, to=t.world.bolsover, by=by),
    "tracker.put_back": lambda t, by: put_back.put_back(row=t.row, change=t.value, base=1, by=by),
    "tracker.set_days": lambda t, by: retention.set_days(days=30, by=by),
    "tracker.place_hold": lambda t, by: retention.place_hold(
        case=t.closed.case, reason="Court", asked_by="Legal", by=by
    ),
    "tracker.end_hold": lambda t, by: retention.end_hold(case=held(t), by=by, now=timezone.now()),
    "tracker.erase_row": lambda t, by: erasing.erase_row(
        row=t.removed, whole=False, reason="Added in error", by=by
    ),
    "tracker.save_view": lambda t, by: saved.save_view(team=t.world.team, name="Mine", query="", by=by),
    "tracker.rename_view": lambda t, by: saved.rename_view(view=a_view(t, by), name="Other", by=by),
    "tracker.share_view": lambda t, by: saved.share_view(view=a_view(t, by), shared=True, by=by),
    "tracker.open_first": lambda t, by: saved.open_first(view=a_view(t, by), first=True, by=by),
    "tracker.delete_view": lambda t, by: saved.delete_view(view=a_view(t, by), by=by),
    "tracker.undo_operation": lambda t, by: undo.undo_operation(operation=mine(t, by, t.done), by=by),
    "tracker.redo_operation": lambda t, by: undo.redo_operation(operation=mine(t, by, t.undone), by=by),
    "tracker.add_word": lambda t, by: words.add_word(key="needed", label="Mine", hint="", by=by),
    "tracker.change_word": lambda t, by: words.change_word(
        word=a_need(), label="Mine", hint="", was=a_need().label, by=by
    ),
    "tracker.accept_word": lambda t, by: words.accept_word(word=a_need(), label="Mine", by=by),
    "tracker.move_word": lambda t, by: words.move_word(word=a_need(), down=True, by=by),
    "tracker.retire_word": lambda t, by: words.retire_word(word=a_need(), by=by),
    "tracker.bring_back": lambda t, by: words.bring_back(word=a_need(), by=by),
    "tracker.merge_words": lambda t, by: words.merge_words(word=a_need(), into=a_need(1), by=by),
}
# By somebody who may do something like it, and not this.
NEARLY: dict[str, tuple[Role, Act]] = {
    "a stand-in changes a PIN": (
        Role.STAND_IN,
        lambda t, by: edit.edit_cell(
            row=t.with_pin, field="pin", new=cleaned("pin", "000124"), base=1, by=by
        ),
    ),
    "a stand-in puts an older value back": (
        Role.STAND_IN,
        lambda t, by: put_back.put_back(row=t.row, change=t.value, base=t.row.rev("owner"), by=by),
    ),
    "a coordinator moves a case to another locality": (Role.TEAM_COORDINATOR, away),
    "a coordinator of two localities moves a case between them": (Role.TEAM_COORDINATOR, over_there),
    "an officer brings a workbook into a team that is closed": (
        Role.PERFORMANCE_OFFICER,
        into_a_closed_team,
    ),
    "a manager who was an officer takes a move between localities back": (
        Role.TEAM_MANAGER,
        back_again,
    ),
}


class Line:
    """One line of a pasted list."""

    number, email, name = 1, "a@council.example", "A"
    access: dict[str, Any] = {"role": Role.PERFORMANCE_OFFICER}


def a_key(t: Things) -> AddressKey:
    keys.make_key(opens=AddressKey.Opens.FIGURES, by=t.world.officer)
    return AddressKey.objects.get()


def an_idea() -> Idea:
    return Idea.objects.shown().tied_to(Tie())[0]


def held(t: Things) -> Any:
    return retention.place_hold(case=t.closed.case, reason="Court", asked_by="Legal", by=t.world.officer).case


def a_delivery(t: Things) -> Any:
    return a_delivered_file(t.world.officer).delivery


def approved(t: Things) -> Any:
    return stand_ins.approve_stand_in(person=t.world.supervisor, locality=t.world.amber, by=t.world.officer)


def a_view(t: Things, by: User) -> Any:
    """A view that the person saved when they still saw the tracker."""
    view = saved.save_view(team=t.world.team, name="Mine", query="", by=t.world.officer)
    view.person_id = by.pk
    return view


def not_refused(things: Things, names: set[str] | None = None) -> dict[str, str]:
    """The acts that somebody could do who may not, and what became of each; of all, or of these."""
    found = {}
    asked: dict[str, tuple[User, Act]] = {name: (things.world.stranger, act) for name, act in ACTS.items()}
    asked |= {name: (things.world.person(role), act) for name, (role, act) in NEARLY.items()}
    for name, (by, act) in asked.items():
        if names is not None and name not in names:
            continue
        with transaction.atomic():
            by.rights_seen = None
            try:
                with transaction.atomic():
                    act(things, by)
                found[name] = "done"
            except Refused:
                pass
            except Exception as other:
                found[name] = f"{type(other).__name__}: {other}"
            transaction.set_rollback(True)
    return found


def test_each_act_is_refused_to_who_may_not_do_it(things: Things) -> None:
    assert not_refused(things) == {}


# Why the others with `by` are in neither table.
ASKED = "asked before it by every act that calls it"
UPLOADS = "of one's own upload only: any other answers 404 (test_addresses.py, ONE_PERSONS_OWN)"
BULK = "asks for each thing that it does (transfer/test_bulk.py, dashboard/test_bring_in.py)"
ASKS_ELSEWHERE = {
    "accounts.end_session": "ends one's own only",
    "accounts.end_all_sessions": ASKED,
    "accounts.give": ASKED,
    "accounts.give_password": "one's own by an invitation's link, or the operator's by the command",
    "accounts.take_along": ASKED,
    "tracker.acting": ASKED,
    "tracker.check_not_open_elsewhere": ASKED,
    "tracker.check_version": ASKED,
    "tracker.keep_refused": ASKED,
    "tracker.pin_taken": ASKED,
    "tracker.pins_taken": ASKED,
    "tracker.stale_edit": ASKED,
    "tracker.telling_of_pins": ASKED,
    "tracker.write_answer": ASKED,
    "tracker.answer_question": UPLOADS,
    "tracker.keep_decisions": UPLOADS,
    "tracker.parked_import": UPLOADS,
    "tracker.parked_list": UPLOADS,
    "tracker.unpark": UPLOADS,
    "tracker.unpark_list": UPLOADS,
    "tracker.bring_in": BULK,
    "tracker.import_file": BULK,
    "tracker.import_rows": BULK,
}


def acts() -> Iterator[str]:
    """Every function of ours that changes something in somebody's name."""
    for folder in sorted(Path(settings.BASE_DIR).glob("*/changes")):
        app = folder.parent.name
        for path in sorted(folder.glob("*.py")):
            module = import_module(f"{app}.changes.{path.stem}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                if function.__module__ != module.__name__ or name.startswith("_"):
                    continue
                if "by" in inspect.signature(function).parameters:
                    yield f"{app}.{name}"


def test_no_act_is_forgotten() -> None:
    assert set(acts()) - ACTS.keys() == ASKS_ELSEWHERE.keys()
