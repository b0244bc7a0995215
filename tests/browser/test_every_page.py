"""axe on every page that a person can open, light and dark; titles; no page wider than a narrow window."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from tests.architecture.test_addresses import address_in, holder, signed_table
from tests.browser.accessibility import all_findings, findings
from tests.browser.measured import (
    covered,
    faint,
    in_forced_colours,
    lost,
    lost_at_twice_the_size,
    low_for_a_finger,
    moving,
    small,
    wrong_basics,
)
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_closed_row, make_row
from tests.figures import measured
from tests.reading import reading_age, sentences
from tests.tracker.transfer.acts import bring_in, workbook
from tracker.changes.words import merge_words
from tracker.choices import Colour, Stage
from tracker.models import TeamColumn

# What is no page: fragments, figures for machines, and what belongs to one upload.
NO_PAGES = {
    "rows",
    "changes",
    "people",
    "live",
    "calendar",
    "figures_csv",
    "figures_json",
    "livez",
    "readyz",
    "import_preview",
    "import_question",
    "import_done",
    "dashboard_preview",
    "dashboard_done",
    "undo",
    "delivery_report",
    "view",
    "meeting_agenda",
    "session",
    # Nothing unless something was typed: test_typed_without_script.py looks at it.
    "typed",
    # Nothing without an app that is set up, and the password once more: test_signing_in.py looks at them.
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
}
# Who is signed in is sent on from these.
FOR_STRANGERS = {"account_login", "mfa_authenticate", "openid_connect_callback"}
PAGES = [one for one in signed_table() if "GET" in one.methods and one.name not in NO_PAGES | FOR_STRANGERS]
# A test looks at so many of them that a slow machine is done with it in time.
PARTS = 4
NARROW = {"width": 320, "height": 640}

OLDEST_READER = 12
JARGON = re.compile(r"\b(invalid|null|parameter|timestamp|boolean|csrf|http|query|timed out)\b", re.I)

PageAs = Callable[..., Page]


@pytest.fixture
def council(world: World) -> World:
    """A team with cases of every kind, and its neighbours."""
    TeamColumn.objects.create(team=world.team, heading="School")
    for number, stage in enumerate(("", *Stage.values[:-1])):
        make_row(
            team=world.team,
            by=world.officer,
            pin=f"{number:06}",
            stage=stage,
            needed=a_need(number),
            difficulty=a_difficulty(number),
            action="Meet with hospital re: possible home discharge",
            colour=Colour.RED,
        )
    make_closed_row(team=world.team, by=world.officer, action="Done")
    bring_in(workbook({"pin": "000099", "needed": "Roof over head"}), world.team)
    merge_words(word=a_need(11), into=a_need(12), by=world.officer)
    make_row(team=world.foreign, by=world.officer)
    assert world.neighbour.pk
    return world


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_faults(council: World, page_as: PageAs, scheme: str, part: int) -> None:
    """K1, K6, K7, K9, K10, K11: axe, letters twice as large, targets, focus in sight, forced colours."""
    addresses = PAGES[part::PARTS]
    pages = {
        person: page_as(person, color_scheme=scheme) for person in {holder(council, one) for one in addresses}
    }
    found = {}

    for address in addresses:
        page = pages[holder(council, address)]
        answer = page.goto(address_in(council, address, council.team))
        assert answer is not None
        assert answer.status == 200, address.name
        found[address.name] = all_findings(page) + faint(page)
        if scheme == "light":
            found[address.name] += small(page) + covered(page) + in_forced_colours(page)
            found[address.name] += lost_at_twice_the_size(page)

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_each_page_says_where_one_is_in_plain_words(
    council: World, sign_in: Callable[[User], Client]
) -> None:
    """K16: titles of their own, one heading of the first level. K17: a reading age of 12 at most."""
    titles = {}
    said = set()

    for address in PAGES:
        client = sign_in(holder(council, address))
        page = client.get(address_in(council, address, council.team)).content.decode()
        titles[address.name] = re.findall(r"<title>(.+?)</title>", page, re.DOTALL)
        assert len(re.findall(r"<h1\b", page)) == 1, address.name
        said |= set(sentences(page))

    assert len({" ".join(one) for one in titles.values()}) == len(PAGES), titles
    assert [one for one in said if JARGON.search(one)] == []
    age = reading_age(sorted(said))
    measured("K17 reading age of what pages say", age)
    assert age <= OLDEST_READER


def test_nothing_is_lost_at_400_percent(council: World, page_as: PageAs) -> None:
    """K6, K8, K9 at 320 pixels, text spaced out too, by touch and without motion; K15 and K16 on the way."""
    pages = {
        person: page_as(person, viewport=NARROW, reduced_motion="reduce", has_touch=True)
        for person in {holder(council, one) for one in PAGES}
    }
    found = {}

    for address in PAGES:
        page = pages[holder(council, address)]
        page.goto(address_in(council, address, council.team))
        found[address.name] = wrong_basics(page) + small(page) + low_for_a_finger(page) + moving(page)
        found[address.name] += lost(page)
        measured("K6 pages measured at 320 pixels", 1)

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_has_no_faults(
    site: str, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = new_context(base_url=site, color_scheme=scheme).new_page()

    page.goto("/sign-in/")

    assert findings(page) == []


@pytest.mark.parametrize("where", ["/teams/987654/", "/no-such-page/"])
def test_a_refusal_has_no_faults(council: World, page_as: PageAs, where: str) -> None:
    page = page_as(council.coordinator)

    page.goto(where)

    assert findings(page) == []
