"""Help and the accessibility statement."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.roles import GLOBAL_PERMISSIONS, TEAM_PERMISSIONS, Role
from tests.conftest import World
from toolkit.views.help import DATES, KEYS, role_lines
from tracker.workbook.dates import read_date

SignIn = Callable[[User], Client]


# The law's model of a statement: its headings in its order, and what it has every body say.
MODEL_HEADINGS = [
    "Accessibility statement for the Improvement Cycle Meeting tracker",
    "How accessible this website is",
    "Feedback and contact information",
    "Enforcement procedure",
    "Technical information about this website’s accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that’s not within the scope of the accessibility regulations",
    "What we’re doing to improve accessibility",
    "Preparation of this accessibility statement",
]
MODEL_SENTENCES = [
    "This accessibility statement applies to the Improvement Cycle Meeting tracker of Derwentshire",
    "The Equality and Human Rights Commission (EHRC) is responsible for enforcing",
    "contact the Equality Advisory and Support Service (EASS)",
    "Derwentshire is committed to making its website accessible, in accordance with",
    "This website is partially compliant with the Web Content Accessibility Guidelines version 2.2 AA",
    "The content listed below is non-accessible for the following reasons.",
    "This statement was prepared on 29 November 2026. It was last reviewed on",
]


def help_for(client: Client) -> str:
    return " ".join(client.get(reverse("help")).content.decode().split())


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_help(world: World, sign_in: SignIn, role: Role) -> None:
    answer = sign_in(world.person(role)).get("/help/")

    assert answer.status_code == 200


@pytest.mark.parametrize("role", Role)
def test_each_role_has_a_sheet_from_the_workbook_that_help_leads_to(
    world: World, sign_in: SignIn, role: Role
) -> None:
    client = sign_in(world.manager)
    where = reverse("from_the_workbook", args=[role])

    assert f'href="{where}"' in help_for(client)
    sheet = client.get(where).content.decode()
    assert f"From the workbook to here: {role.label.lower()}" in sheet
    # What is the same for everybody, and a table of its own.
    assert sheet.count('<th scope="col">In the workbook</th>') == 2
    assert "<caption>What each of us did, and does</caption>" in sheet


def test_a_role_that_is_none_has_no_sheet(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.manager).get("/help/from-the-workbook/social_worker/")

    assert answer.status_code == 404


def test_somebody_without_any_access_reads_help(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.stranger).get("/help/")

    assert answer.status_code == 200


def test_somebody_signed_out_is_sent_to_sign_in(db: None, client: Client) -> None:
    answer = client.get("/help/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_form_cannot_be_posted_to_help(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.manager).post("/help/")

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "question",
    [
        "frozen",
        "Do new cases automatically appear",
        "What do I do with cases once they&#x27;re closed?",
        "How do I save",
        "suddenly disappeared",
        "Who do I contact",
    ],
)
def test_every_question_of_the_guide_is_answered(world: World, sign_in: SignIn, question: str) -> None:
    shown = help_for(sign_in(world.coordinator)).replace("'", "&#x27;")

    assert question in shown


def test_it_says_what_the_meeting_is_and_is_not(world: World, sign_in: SignIn) -> None:
    shown = help_for(sign_in(world.head))

    assert "different, internal meeting" in shown
    assert "not re-assessing the child" in shown


def test_it_names_the_contact_officer_of_ones_locality_and_no_other(world: World, sign_in: SignIn) -> None:
    other = world.person(Role.TEAM_MANAGER, elsewhere=True)
    world.amber.contact_officers.add(world.officer)
    world.bolsover.contact_officers.add(other)

    shown = help_for(sign_in(world.manager))

    assert f"mailto:{world.officer.email}" in shown
    assert other.email not in shown


def test_it_links_to_the_councils_dashboard(world: World, sign_in: SignIn, settings: Settings) -> None:
    settings.DASHBOARD_URL = "https://dashboard.council.example/cin"

    shown = help_for(sign_in(world.coordinator))

    assert 'href="https://dashboard.council.example/cin"' in shown


def test_it_says_what_to_do_where_the_dashboards_address_is_not_set(
    world: World, sign_in: SignIn, settings: Settings
) -> None:
    settings.DASHBOARD_URL = ""

    shown = help_for(sign_in(world.coordinator))

    assert "Its address has not been set here." in shown


def test_it_lists_the_keys_that_the_table_knows(world: World, sign_in: SignIn) -> None:
    shown = help_for(sign_in(world.coordinator))

    assert [key for key, *_ in KEYS if f">{escape(key)}<" not in shown] == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("20/1/22", date(2022, 1, 20)),
        ("20.01.22", date(2022, 1, 20)),
        ("20-1-2022", date(2022, 1, 20)),
        ("20 Jan 22", date(2022, 1, 20)),
        ("20 January 2022", date(2022, 1, 20)),
        ("Thu 20/1/22", date(2022, 1, 20)),
        ("20/1", date(2023, 1, 20)),
        ("20 Jan", date(2023, 1, 20)),
        ("fri", date(2022, 12, 16)),
        ("Friday", date(2022, 12, 16)),
        ("+7", date(2022, 12, 21)),
        ("today", date(2022, 12, 14)),
        ("tomorrow", date(2022, 12, 15)),
    ],
)
def test_a_date_that_help_offers_is_read_as_it_says(typed: str, read: date) -> None:
    offered = {example for line, _ in DATES for example in line.split(", ")}

    assert typed in offered
    assert read_date(typed, today=date(2022, 12, 14)) == read


def test_the_table_of_roles_has_a_line_for_each_permission_and_a_cell_for_each_role() -> None:
    lines = role_lines()

    assert len(lines) == len(TEAM_PERMISSIONS) + len(GLOBAL_PERMISSIONS)
    assert {len(line.cells) for line in lines} == {len(Role)}


def test_the_table_of_roles_says_how_far_and_whether_a_reason_is_asked() -> None:
    change_pin = next(line for line in role_lines() if line.act == "change a PIN")

    assert change_pin.cells == (
        "all localities",
        "own teams",
        "own teams, with a reason",
        "own teams, with a reason",
        "",
        "",
    )


def test_the_accessibility_statement_is_open_to_all_and_names_nobody(world: World, client: Client) -> None:
    """K18: at a fixed address, for everybody."""
    world.amber.contact_officers.add(world.officer)

    answer = client.get("/accessibility/")

    assert answer.status_code == 200
    assert "ask your manager to pass it on" in " ".join(answer.content.decode().split())
    assert world.officer.email not in answer.content.decode()


def test_the_accessibility_statement_has_the_headings_and_sentences_of_the_laws_model(
    world: World, client: Client, settings: Settings
) -> None:
    """K18: as the law has it."""
    settings.COUNCIL_NAME = "Derwentshire"

    page = client.get("/accessibility/").content.decode()

    words = " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())
    assert re.findall(r"<h[123]>([^<]+)", page) == MODEL_HEADINGS
    assert [sentence for sentence in MODEL_SENTENCES if sentence not in words] == []


def test_every_page_leads_to_the_accessibility_statement_also_before_signing_in(
    world: World, client: Client, sign_in: SignIn
) -> None:
    """K18: found from every page."""
    pages = [client.get("/sign-in/"), sign_in(world.manager).get("/help/"), client.get("/no-such-page/")]

    found = [
        re.search(r'<footer.*?href="(/accessibility/)"', one.content.decode(), re.DOTALL) for one in pages
    ]

    assert all(found)


def test_the_accessibility_statement_names_the_councils_contact_to_everybody(
    world: World, client: Client, settings: Settings
) -> None:
    """K18: whom to write to."""
    settings.ACCESSIBILITY_EMAIL = "accessibility@council.example"

    page = client.get("/accessibility/").content.decode()

    assert '<a href="mailto:accessibility@council.example">' in page
    assert "ask your manager" not in " ".join(page.split())


def test_the_accessibility_statement_names_the_officer_to_somebody_signed_in(
    world: World, sign_in: SignIn
) -> None:
    world.amber.contact_officers.add(world.officer)

    answer = sign_in(world.manager).get("/accessibility/")

    assert f"mailto:{world.officer.email}" in answer.content.decode()
