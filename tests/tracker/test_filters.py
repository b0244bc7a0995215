"""Which rows a filter selects and in which order: a table of filters, over every kind of column."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tracker.choices import Colour, ColumnKind, Stage
from tracker.models import TeamColumn, TrackerRow

SignIn = Callable[[User], Client]
FORM = "application/x-www-form-urlencoded"
TODAY = date(2026, 11, 24)
COLUMNS = {
    "school": (ColumnKind.TEXT, []),
    "visit": (ColumnKind.DATE, []),
    "rota": (ColumnKind.CHOICE, ["Weekly", "none"]),
    "seen": (ColumnKind.TICK, []),
}


@pytest.fixture
def names(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Three rows, ann full, bob another way, cy with nothing but a name; with the keys of own columns."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    keys = {
        name: TeamColumn.objects.create(team=world.team, heading=name, kind=kind, options=options).key
        for name, (kind, options) in COLUMNS.items()
    }
    full = {
        "pin": "000001",
        "stage": Stage.DECIDED,
        "needed": a_need(0),
        "action": "Meet with hospital",
        "owner": "none",
        "by_when": TODAY - timedelta(days=1),
        "update": "Done",
        "difficulty": a_difficulty(0),
        "next_meeting": TODAY,
        "colour": Colour.RED,
    }
    other = {
        "stage": Stage.UNDERWAY,
        "needed": a_need(1),
        "action": "Visit",
        "owner": "an",
        "by_when": TODAY + timedelta(days=8),
        "next_meeting": TODAY + timedelta(weeks=7),
        "colour": Colour.BLUE,
    }
    made = [
        make_row(team=world.team, by=world.officer, person="ann", **full),
        make_row(team=world.team, by=world.officer, person="bob", **other),
        make_row(team=world.team, by=world.officer, person="cy"),
    ]
    own = [
        {"school": "Larkrise", "visit": "2026-11-23", "rota": "none", "seen": "yes"},
        {"school": "Beacon", "visit": "2026-12-01", "rota": "Weekly"},
    ]
    for row, values in zip(made, own, strict=False):
        extra = {keys[name]: value for name, value in values.items()}
        TrackerRow.objects.filter(pk=row.pk).update(extra=extra)
    return {**keys, "need": str(a_need(1).pk)}


def shown(client: Client, world: World, query: str, typed: str = "") -> str:
    """The persons that the address shows with what was typed, in its order."""
    where = f"{reverse('look', args=[world.team.pk])}?{query}"
    answer = client.post(where, typed, content_type=FORM)
    ids = answer.content.decode().split('data-matching="')[1].split('"')[0].split()
    by_id = {str(row.pk): row.person for row in TrackerRow.objects.with_all()}
    return " ".join(by_id[one] for one in ids)


@pytest.mark.parametrize(
    ("query", "persons"),
    [
        ("", "ann bob cy"),
        ("stage=decided", "ann"),
        ("stage=decided&stage=none", "ann cy"),
        ("stage=decided&owner=an", ""),
        ("person=B", "bob"),
        ("pin_is=none", "bob cy"),
        ("pin_is=any", "ann"),
        ("action=HOSPITAL", "ann"),
        ("action_is=none", "cy"),
        ("update_is=any", "ann"),
        ("needed={need}", "bob"),
        ("needed=any", "ann bob"),
        ("owner=%3Dnone", "ann"),
        ("owner=none", "cy"),
        ("owner=any", "ann bob"),
        ("difficulty=any", "ann"),
        ("by_when=overdue", "ann"),
        ("by_when=later&by_when=none", "bob cy"),
        ("by_when=any", "ann bob"),
        ("by_when_from=24/11/26", "bob"),
        ("by_when_from=2026-11-23&by_when_to=2026-11-24", "ann"),
        ("next_meeting=fortnight", "ann"),
        ("next_meeting=far", "bob"),
        ("colour=red", "ann"),
        ("colour=red&colour=none", "ann cy"),
        ("colour=any", "ann bob"),
        ("{school}=lark", "ann"),
        ("{school}_is=none", "cy"),
        ("{school}_is=any", "ann bob"),
        ("{visit}=passed", "ann"),
        ("{visit}=fortnight", "bob"),
        ("{visit}=none", "cy"),
        ("{visit}_from=2026-11-24", "bob"),
        ("{visit}_to=2026-11-24", "ann"),
        ("{rota}=Weekly", "bob"),
        ("{rota}=%3Dnone", "ann"),
        ("{rota}=none", "cy"),
        ("{seen}=any", "ann"),
        ("{seen}=none", "bob cy"),
    ],
)
def test_a_filter_selects_the_rows_that_it_says(
    world: World, sign_in: SignIn, names: dict[str, str], query: str, persons: str
) -> None:
    assert shown(sign_in(world.manager), world, "", query.format(**names)) == persons


@pytest.mark.parametrize(("weeks", "persons"), [(7, ""), (1, "bob")])
def test_a_next_meeting_is_far_beyond_the_limit_of_the_worklist(
    world: World, sign_in: SignIn, names: dict[str, str], settings: Any, weeks: int, persons: str
) -> None:
    settings.NEXT_MEETING_WEEKS = weeks
    client = sign_in(world.manager)

    page = client.get(reverse("tracker", args=[world.team.pk])).content.decode()

    assert f"More than {weeks} week{'s' if weeks > 1 else ''} away" in page
    assert shown(client, world, "next_meeting=far") == persons


@pytest.mark.parametrize(
    ("query", "typed", "persons"),
    [
        ("stage=decided", "", "ann"),
        ("stage=decided&stage=none", "person=C", "cy"),
        ("sort=-person", "action_is=any", "bob ann"),
        ("by_when_from=2026-11-23&by_when_to=2026-11-24", "owner=any", "ann"),
    ],
)
def test_an_address_and_what_was_typed_add_up(
    world: World, sign_in: SignIn, names: dict[str, str], query: str, typed: str, persons: str
) -> None:
    assert shown(sign_in(world.manager), world, query, typed) == persons


@pytest.mark.parametrize("query", ["person=B", "pin=1", "owner=AN", "action=x", "update=x", "{school}=lark"])
def test_an_address_takes_nothing_that_somebody_typed(
    world: World, sign_in: SignIn, names: dict[str, str], query: str
) -> None:
    where = reverse("tracker", args=[world.team.pk])

    page = sign_in(world.manager).get(f"{where}?{query.format(**names)}").content.decode()

    assert "is not taken from an address" in page
    assert 'data-shown="3"' in page


def test_the_form_without_script_filters_and_its_links_carry_no_name(
    world: World, sign_in: SignIn, names: dict[str, str]
) -> None:
    where = reverse("tracker", args=[world.team.pk])

    page = sign_in(world.manager).post(where, {"person": "Bo", "owner": "=none"}).content.decode()

    assert "0 of 3 shown, 3 hidden by Person, Owner." in page
    assert 'value="Bo"' in page
    links = re.findall(r'(?:href|action)="([^"]*)"', page)
    assert [link for link in links if "Bo" in link or "owner=" in link] == []


@pytest.mark.parametrize(
    ("column", "up", "down"),
    [
        ("person", "ann bob cy", "cy bob ann"),
        ("pin", "ann bob cy", "ann bob cy"),
        ("stage", "bob ann cy", "ann bob cy"),
        ("owner", "bob ann cy", "ann bob cy"),
        ("action", "ann bob cy", "bob ann cy"),
        ("by_when", "ann bob cy", "bob ann cy"),
        ("colour", "ann bob cy", "bob ann cy"),
        ("{school}", "bob ann cy", "ann bob cy"),
        ("{visit}", "ann bob cy", "bob ann cy"),
        ("{rota}", "bob ann cy", "ann bob cy"),
        ("{seen}", "ann bob cy", "ann bob cy"),
    ],
)
def test_any_column_orders_the_rows_either_way_with_its_blanks_last(
    world: World, sign_in: SignIn, names: dict[str, str], column: str, up: str, down: str
) -> None:
    client, key = sign_in(world.manager), column.format(**names)

    assert shown(client, world, f"sort={key}") == up
    assert shown(client, world, f"sort=-{key}") == down


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("hair=red", "something unknown: hair"),
        ("stage=nowhere", "“nowhere” is no choice of Stage."),
        ("by_when_from=31/02/26", "“31/02/26” is no day of By when. Write it like 20/01/26."),
        ("sort=hair", "“hair” is no choice of the order of the table."),
        ("x999=yes", "something unknown: x999"),
        ("colour=pink", "“pink” is no choice of Row colour."),
    ],
)
def test_an_address_that_asks_for_something_unknown_says_so_and_hides_nothing(
    world: World, sign_in: SignIn, query: str, words: str
) -> None:
    make_row(team=world.team, by=world.officer)

    page = sign_in(world.manager).get(f"{reverse('tracker', args=[world.team.pk])}?{query}").content.decode()

    assert words in page
    assert 'data-shown="1"' in page
