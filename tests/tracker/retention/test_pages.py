"""The officer's pages about keeping: the rule, legal holds, erasing for good; and what others are told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tracker.changes.lifecycle import move_row, remove_row
from tracker.changes.retention import place_hold
from tracker.models import Case, LegalHold, RetentionRule, TrackerRow
from tracker.months import beginning

SignIn = Callable[[User], Client]
THEN = beginning(date(2026, 3, 10)) + timedelta(hours=10)


@pytest.fixture
def closed(world: World) -> TrackerRow:
    """A case that was closed on the tenth of March."""
    with time_machine.travel(THEN, tick=False):
        return make_closed_row(team=world.team, by=world.officer, pin="000007", person="Ed Test")


def shown(client: Client, name: str, number: int) -> str:
    return client.get(reverse(name, args=[number])).content.decode()


def test_a_closed_row_says_when_it_will_be_erased(world: World, closed: TrackerRow, sign_in: SignIn) -> None:
    with time_machine.travel(THEN + timedelta(days=1), tick=False):
        client = sign_in(world.coordinator)

        for page in (shown(client, "row", closed.pk), shown(client, "closed", world.team.pk)):
            assert 'Will be erased on <time datetime="2026-09-06">06/09/26</time>.' in page


def test_a_row_that_moved_says_that_it_stays_while_the_case_is_open(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, by=world.officer)
    move_row(row=row, to=world.neighbour, by=world.officer)

    assert "Kept while the case is open on another tracker." in shown(
        sign_in(world.coordinator), "closed", world.team.pk
    )


def test_everybody_sees_that_a_case_is_held_and_the_officer_why(
    world: World, closed: TrackerRow, sign_in: SignIn
) -> None:
    place_hold(case=closed.case, reason="Inquest", asked_by="The coroner", by=world.officer)

    page = shown(sign_in(world.coordinator), "row", closed.pk)
    assert "On legal hold: kept until a performance officer ends it." in page
    assert "Inquest" not in page
    assert "The coroner" in shown(sign_in(world.officer), "hold", closed.pk)


def test_the_rule_is_looked_at_then_saved_and_logged(
    world: World, closed: TrackerRow, sign_in: SignIn
) -> None:
    client = sign_in(world.officer)
    where = reverse("retention")

    with time_machine.travel(THEN + timedelta(days=100), tick=False):
        client.force_login(world.officer)
        looked = client.post(where, {"days": "90", "act": "look"}).content.decode()
        unsaved = RetentionRule.in_force()
        client.post(where, {"days": "90", "act": "save"})

    assert "a run today would erase <strong>1 case</strong>" in " ".join(looked.split())
    assert "This is not saved: 180 days count." in looked
    assert (unsaved, RetentionRule.in_force()) == (180, 90)
    entry = AuditEvent.objects.get(purpose="set days")
    assert (entry.actor_id, entry.detail) == (world.officer.pk, {"old": 180, "new": 90})


@pytest.mark.parametrize("days", ["0", "366", "", "x"])
def test_a_rule_that_is_none_is_refused_at_its_field(world: World, sign_in: SignIn, days: str) -> None:
    answer = sign_in(world.officer).post(reverse("retention"), {"days": days, "act": "save"})

    assert (answer.status_code, RetentionRule.in_force()) == (422, 180)
    assert 'id="id_days_error"' in answer.content.decode()


def test_a_hold_is_placed_once_and_ended(world: World, closed: TrackerRow, sign_in: SignIn) -> None:
    client, where = sign_in(world.officer), reverse("hold", args=[closed.pk])
    told = {"act": "place", "reason": "Complaint", "asked_by": "Legal services"}

    codes = [client.post(where, one).status_code for one in (told, told, {"act": "end"}, {"act": "end"})]

    assert codes == [302, 409, 302, 409]
    hold = LegalHold.objects.get()
    assert (hold.placed_by, hold.ended_by) == (world.officer, world.officer)
    logged = list(
        AuditEvent.objects.filter(kind="retention").order_by("pk").values_list("purpose", "row_ids")
    )
    assert logged == [("place legal hold", [closed.pk]), ("end legal hold", [closed.pk])]


def erasing(**changed: str) -> dict[str, str]:
    return {"what": "case", "reason": "Typed on the wrong tracker", "typed": "000007"} | changed


def test_a_closed_case_is_erased_with_its_reason_in_one_entry(
    world: World, closed: TrackerRow, sign_in: SignIn
) -> None:
    answer = sign_in(world.officer).post(reverse("erase", args=[closed.pk]), erasing())

    closed.refresh_from_db()
    assert (answer.status_code, closed.case.person, closed.case.pin) == (302, "Erased", "")
    entry = AuditEvent.objects.get(kind="retention")
    assert (entry.purpose, entry.row_ids, entry.detail["reason"]) == (
        "erase case",
        [closed.pk],
        "Typed on the wrong tracker",
    )


@pytest.mark.parametrize(
    ("changed", "code", "sentence"),
    [
        ({"typed": "000008"}, 422, "This is not the PIN of this case. Nothing was erased."),
        ({"typed": ""}, 422, "This field is required"),
        ({"reason": ""}, 422, "This field is required"),
        ({"reason": "Test was wrong"}, 422, "without the child&#x27;s name or PIN"),
        ({"reason": "not 000007"}, 422, "without the child&#x27;s name or PIN"),
        ({"what": "row"}, 422, "has changed. Look again at what goes, then confirm."),
    ],
)
def test_what_does_not_add_up_erases_nothing(
    world: World, closed: TrackerRow, sign_in: SignIn, changed: dict[str, str], code: int, sentence: str
) -> None:
    answer = sign_in(world.officer).post(reverse("erase", args=[closed.pk]), erasing(**changed))

    page = answer.content.decode()
    assert (answer.status_code, sentence in page) == (code, True)
    assert Case.objects.get(pk=closed.case_id).person == "Ed Test"


def test_an_open_or_held_case_is_not_erased(world: World, closed: TrackerRow, sign_in: SignIn) -> None:
    client = sign_in(world.officer)
    row = make_row(team=world.team, by=world.officer, pin="000009")
    place_hold(case=closed.case, reason="Inquest", asked_by="The coroner", by=world.officer)

    codes = [
        client.post(reverse("erase", args=[one.pk]), erasing(typed=one.pin)).status_code
        for one in (row, closed)
    ]

    assert (codes, TrackerRow.objects.exclude(erased_at=None).count()) == ([422, 409], 0)
    assert "End the hold" in shown(client, "erase", closed.pk)


def test_a_row_added_in_error_goes_alone_where_its_case_goes_on(world: World, sign_in: SignIn) -> None:
    """A case that was removed from one tracker, and stands on another."""
    row = make_row(team=world.team, by=world.officer, pin="000010", person="Ed Test", action="Call Gran")
    remove_row(row=row, by=world.officer)
    other = TrackerRow.objects.create(case=row.case, team=world.neighbour)

    answer = sign_in(world.officer).post(reverse("erase", args=[row.pk]), erasing(what="row", typed="000010"))

    row.refresh_from_db()
    assert (answer.status_code, row.case.person, row.action) == (302, "Erased", "")
    assert (other.case.person, TrackerRow.objects.get(pk=other.pk).case.pin) == ("Ed Test", "000010")


@pytest.mark.parametrize("name", ["retention", "hold", "erase"])
@pytest.mark.parametrize("who", ["coordinator", "manager", "head"])
def test_nobody_but_an_officer_gets_there(
    world: World, closed: TrackerRow, sign_in: SignIn, name: str, who: str
) -> None:
    number: list[Any] = [] if name == "retention" else [closed.pk]

    assert sign_in(getattr(world, who)).post(reverse(name, args=number), erasing()).status_code == 403


def test_a_case_that_is_added_again_is_a_new_one(world: World, closed: TrackerRow, sign_in: SignIn) -> None:
    sign_in(world.officer).post(reverse("erase", args=[closed.pk]), erasing())

    again = make_row(team=world.team, by=world.officer, pin="000007", person="Ed Test")

    assert again.case_id != closed.case_id
