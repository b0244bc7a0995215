"""A workbook about which something has to be asked: on the page, and at the command line."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import World
from tests.tracker.transfer.test_import_page import SignIn, fields_of, upload
from tests.tracker.workbook.files import HEADINGS, case, make_workbook
from tracker.models import ParkedImport, TrackerRow

UNKNOWN = make_workbook(
    [case(), case(pin="001202", person="Bea Sample")], headings=["Reference", "Who it is", *HEADINGS[2:]]
)


def two_sheets(names: tuple[str, str] = ("Autumn", "Winter")) -> bytes:
    def add(book: Any, sheet: Any) -> None:
        other = book.add_worksheet(names[1])
        other.write_row(0, 0, HEADINGS)
        other.write_row(1, 0, ["001299", "Cara Sample", "Decided to close"])

    return make_workbook([case()], name=names[0], also=add)


def asked(client: Client, team: Any, data: bytes) -> str:
    """The address of the question."""
    address: str = upload(client, team, data).headers["Location"]
    return address


def test_columns_that_cannot_be_told_are_asked_with_their_values(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)

    page = client.get(asked(client, world.team, UNKNOWN)).content.decode()

    assert "Which column is “PIN”?" in page
    assert "A: Reference (001201, 001202)" in page
    assert not TrackerRow.objects.exists()


def test_the_answer_reads_the_same_upload(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address = asked(client, world.team, UNKNOWN)

    preview = client.post(address, {"pin": "A", "person": "B", "header_row": "1"}, follow=True)
    client.post(preview.redirect_chain[-1][0], fields_of(preview))

    rows = TrackerRow.objects.filter(team=world.team)
    assert [(row.pin, row.person) for row in rows] == [("001201", "Tess Sample"), ("001202", "Bea Sample")]


def test_the_file_goes_when_it_was_read(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address = asked(client, world.team, UNKNOWN)
    kept = ParkedImport.objects.get().file is not None

    client.post(address, {"pin": "A", "person": "B", "header_row": "1"})

    assert (kept, ParkedImport.objects.get().file) == (True, None)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "Say which it is."),
        ({"pin": "A", "person": "A"}, "Column A cannot be two things at once."),
        ({"pin": "-", "person": "-"}, "A tracker needs a column for the PIN or for the person."),
        ({"pin": "A", "person": "QQ"}, "QQ is not one of the available choices"),
    ],
)
def test_an_answer_that_cannot_be_true_is_refused_where_it_stands(
    world: World, sign_in: SignIn, answer: dict[str, str], words: str
) -> None:
    client = sign_in(world.coordinator)

    page = client.post(asked(client, world.team, UNKNOWN), {**answer, "header_row": "1"})

    assert page.status_code == 422
    assert words in page.content.decode()


def test_other_headings_ask_anew(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    data = make_workbook(
        [["PIN", "Person", "Stage"], *[case()[:3]] * 1], headings=["Stage", "Owner of file", "Action by"]
    )
    address = asked(client, world.team, data)

    page = client.post(address, {"header_row": "2"}, follow=True)

    assert "Preview of the import" in page.content.decode()


def test_of_two_sheets_alike_somebody_says_which(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address = asked(client, world.team, two_sheets())
    page = client.get(address).content.decode()

    preview = client.post(address, {"sheet": "Winter"}, follow=True)

    assert "Winter: 001299 Cara Sample…" in page
    assert "Cara Sample" in preview.content.decode()
    assert "Tess Sample" not in preview.content.decode()


def test_a_copy_beside_the_tracker_is_not_asked_about(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)

    page = upload(client, world.team, two_sheets(("Cases", "Cases (2)"))).headers["Location"]

    assert page == reverse("import_preview", args=[world.team.pk, ParkedImport.objects.get().pk])


def test_a_question_of_somebody_else_is_not_there(world: World, sign_in: SignIn) -> None:
    address = asked(sign_in(world.coordinator), world.team, UNKNOWN)

    assert sign_in(world.manager).get(address).status_code == 404
