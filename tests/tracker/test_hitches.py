"""How often working together went wrong: by week, for performance officers, without content."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.hitches import count_hitches
from tracker.models import Hitches

SignIn = Callable[[User], Client]
MONDAY = date(2026, 11, 2)


def test_a_text_that_meets_a_newer_one_counts_once_in_its_week(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    edit_cell(row=row, field="action", new=cleaned("action", "Theirs"), base=0, by=world.supervisor)
    mine = {"field": "action", "value": "Mine", "base": 0, "op": uuid4()}
    client = sign_in(world.coordinator)

    with time_machine.travel(datetime(2026, 11, 8, 12, tzinfo=UTC), tick=False):
        answer = client.post(reverse("cell", args=[row.pk]), mine)

    assert answer.status_code == 409
    counted = Hitches.objects.get()
    assert (counted.team, counted.week, counted.conflicts) == (world.team, MONDAY, 1)


def test_a_refused_text_that_is_sent_again_is_counted_once(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    edit_cell(row=row, field="action", new=cleaned("action", "Theirs"), base=0, by=world.supervisor)
    mine = {"field": "action", "value": "Mine", "base": 0, "op": uuid4()}
    client = sign_in(world.coordinator)

    answers = [client.post(reverse("cell", args=[row.pk]), mine) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert Hitches.objects.get().conflicts == 1


def test_a_page_adds_what_happened_on_it(world: World, sign_in: SignIn) -> None:
    client, address = sign_in(world.coordinator), reverse("hitches_report", args=[world.team.pk])

    for seconds in (60, 30):
        client.post(address, {"parked": 1, "reconnects": 2, "offline": seconds})

    counted = Hitches.objects.get()
    assert (counted.parked, counted.reconnects, counted.offline) == (2, 4, 90)


@pytest.mark.parametrize(
    "sent",
    [{}, {"parked": -1, "reconnects": 0, "offline": 0}, {"parked": 0, "reconnects": 0, "offline": 10**9}],
)
def test_what_no_page_counts_is_not_added(world: World, sign_in: SignIn, sent: dict[str, int]) -> None:
    answer = sign_in(world.coordinator).post(reverse("hitches_report", args=[world.team.pk]), sent)

    assert answer.status_code == 422
    assert not Hitches.objects.exists()


def test_the_officer_sees_the_weeks_and_the_teams(world: World, sign_in: SignIn) -> None:
    count_hitches(team_id=world.team.pk, on=date(2026, 11, 4), conflicts=3, offline=600)
    count_hitches(team_id=world.foreign.pk, on=date(2026, 11, 2), conflicts=4, parked=1)
    count_hitches(team_id=world.team.pk, on=date(2026, 10, 1), conflicts=9)

    with time_machine.travel(datetime(2026, 11, 5, 12, tzinfo=UTC), tick=False):
        answer = sign_in(world.officer).get(reverse("hitches"))

    weeks = answer.context["weeks"]
    assert [one["week"] for one in weeks][:2] == [MONDAY, date(2026, 10, 26)]
    assert len(weeks) == 13
    assert (weeks[0]["conflicts"], weeks[0]["parked"], weeks[0]["offline"]) == (7, 1, 600)
    assert [(one["team__name"], one["conflicts"]) for one in answer.context["teams"]] == [
        (world.foreign.name, 4),
        (world.team.name, 3),
    ]
    assert '<td class="number">10</td>' in answer.content.decode(), "minutes"
