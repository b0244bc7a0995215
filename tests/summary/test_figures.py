"""The figures for Power BI: what the Summary says, by key alone, and nothing about a child."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.changes.keys import end_key, make_key
from accounts.changes.people import raise_access_version
from accounts.models import AddressKey, Membership, User
from accounts.permissions import Refused
from summary.figures import COLUMNS
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row, make_rows
from tests.summary.known import fill
from tracker.choices import Stage

FIGURES = AddressKey.Opens.FIGURES


def as_csv(key: str) -> dict[tuple[str, str, str], int]:
    """Team, measure and code to cases, out of the CSV."""
    text = Client().get(reverse("figures_csv", args=[key])).content.decode("utf-8-sig")
    lines = csv.DictReader(StringIO(text))
    return {(one["team"], one["measure"], one["code"]): int(one["cases"]) for one in lines}


def test_the_figures_are_the_summarys_and_csv_and_json_say_the_same(world: World) -> None:
    today = timezone.localdate()
    fill(world.team, by=world.officer, today=today)
    assert [world.foreign]
    key = make_key(opens=FIGURES, by=world.officer)
    team = world.team.name

    told = as_csv(key)
    lines = Client().get(reverse("figures_json", args=[key])).json()

    wanted = {
        ("open", ""): 6,
        ("stage", Stage.UNDERWAY.value): 2,
        ("stage", ""): 1,
        ("need", str(a_need(1).pk)): 3,
        ("need", ""): 2,
        ("difficulty", str(a_difficulty(0).pk)): 1,
        ("difficulty", ""): 4,
        ("overdue", ""): 1,
        ("expected", ""): 2,
        ("closed", ""): 2,
        ("new", ""): 8,
        ("stuck", "any"): 0,
    }
    assert {one: told[team, *one] for one in wanted} == wanted
    assert told[world.foreign.name, "open", ""] == 0
    assert tuple(lines[0]) == COLUMNS
    assert {one["date"] for one in lines} == {today.isoformat()}
    assert {(one["team"], one["measure"], one["code"]): one["cases"] for one in lines} == told


def test_no_name_no_pin_and_no_text_is_in_the_figures(world: World) -> None:
    make_row(team=world.team, by=world.officer, pin="900002", person="Ed Test", action="Ring", owner="ANX")
    key = make_key(opens=FIGURES, by=world.officer)

    text = Client().get(reverse("figures_csv", args=[key])).content.decode()

    assert not [word for word in ("900002", "Ed Test", "Ring", "ANX") if word in text]


def test_only_who_sees_the_council_makes_a_key(world: World) -> None:
    with pytest.raises(Refused):
        make_key(opens=FIGURES, by=world.head)


def ended(person: User) -> None:
    end_key(key=AddressKey.objects.get(person=person), by=person)


def no_officer_any_more(person: User) -> None:
    Membership.objects.filter(person=person).update(ended_at=timezone.now())
    raise_access_version()


@pytest.mark.parametrize("happens", [ended, no_officer_any_more])
def test_a_key_opens_nothing_once_it_is_ended_or_its_officer_is_none(
    world: World, happens: Callable[[User], None]
) -> None:
    key = make_key(opens=FIGURES, by=world.officer)

    happens(world.officer)

    assert Client().get(reverse("figures_csv", args=[key])).status_code == 404


def test_the_key_of_a_calendar_opens_no_figures(world: World) -> None:
    key = make_key(opens=AddressKey.Opens.CALENDAR, by=world.officer)

    assert Client().get(reverse("figures_json", args=[key])).status_code == 404


def test_the_figures_take_the_same_statements_for_one_row_and_thirty(world: World) -> None:
    key = make_key(opens=FIGURES, by=world.officer)
    counts = []

    for more, team in ((1, world.team), (30, world.foreign)):
        make_rows(more, team=team, stage=Stage.UNDERWAY)
        with CaptureQueriesContext(connection) as statements:
            as_csv(key)
        counts.append(len(statements))

    assert counts[0] == counts[1]
