"""The officer's page for many workbooks, from the upload to the report."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.conftest import NOON, World
from tests.factories import forget_log
from tests.tracker.transfer.acts import workbook
from tests.tracker.workbook.test_bundle import zipped
from tracker.delivery_page import summaries
from tracker.models import DeliveredFile, Delivery, FileState, TrackerRow

SignIn = Callable[[User], Client]
A = workbook({"pin": "1", "person": "=Ann"})
B = workbook({"pin": "2", "person": "Ben", "by_when": "31/02/26"})


@pytest.fixture
def client(world: World, sign_in: SignIn) -> Client:
    """An officer of a council with three teams."""
    assert [world.team, world.neighbour, world.foreign]
    return sign_in(world.officer)


# What the test client answers has attributes that its type does not know: Any.
def hand_in(client: Client, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(reverse("imports"), {"workbooks": sent})


def read_all(client: Client) -> Delivery:
    """Presses the button for the next file until there is none."""
    delivery = Delivery.objects.latest("at")
    for _ in range(20):
        if "data-next" not in client.get(at(delivery)).content.decode():
            return delivery
        client.post(reverse("delivery_next", args=[delivery.pk]))
    raise AssertionError("there is always a next file")


def at(delivery: Delivery) -> str:
    return reverse("delivery", args=[delivery.pk])


def teams_of(delivery: Delivery) -> dict[str, object]:
    """What the form of the page sends when nobody touches it."""
    read = delivery.files.filter(state=FileState.READ)
    return {f"team-{file.pk}": file.team_id or "" for file in read}


def imported(client: Client, *files: tuple[str, bytes]) -> Delivery:
    hand_in(client, *files)
    delivery = read_all(client)
    client.post(at(delivery), {"act": "confirm", **teams_of(delivery)})
    return read_all(client)


def test_a_zip_and_a_file_go_from_upload_to_report_without_script(world: World, client: Client) -> None:
    together = zipped(("Amber Team 1 IC Meetings.xlsx", A), ("letter.xlsx", b"Dear all,"))

    delivery = imported(client, ("all.zip", together), ("Bolsover Team 1.xlsx", B))

    page = client.get(at(delivery)).content.decode()
    assert "2 of 3 imported, 1 refused." in page
    assert "1 file left something to settle." in page
    assert page.count(">Undo<") == 2
    assert TrackerRow.objects.filter(team=world.team).count() == 1
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.IMPORT).count() == 2


def test_nothing_is_imported_before_the_word(client: Client) -> None:
    hand_in(client, ("Amber Team 1.xlsx", A))
    delivery = read_all(client)

    assert "Import 1 file" in client.get(at(delivery)).content.decode()
    assert not TrackerRow.objects.exists()


def test_a_team_chosen_on_the_page_is_looked_at_before_it_is_imported(world: World, client: Client) -> None:
    hand_in(client, ("which.xlsx", A))
    delivery = read_all(client)
    chosen = dict.fromkeys(teams_of(delivery), world.neighbour.pk)

    client.post(at(delivery), {"act": "confirm", **chosen})
    read_all(client)
    assert not TrackerRow.objects.exists()
    client.post(at(delivery), {"act": "confirm", **chosen})
    read_all(client)

    assert TrackerRow.objects.get().team == world.neighbour


def test_a_team_that_is_none_is_refused_at_its_file(client: Client) -> None:
    hand_in(client, ("which.xlsx", A))
    delivery = read_all(client)
    (name,) = teams_of(delivery)

    answer = client.post(at(delivery), {"act": "confirm", name: "987654"})

    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Choose the workbooks of the teams"),
        ([("all.zip", zipped())], "There is no workbook in it"),
        ([("all.zip", zipped(*((f"{n}.xlsx", b"x") for n in range(201))))], "more than 200 files"),
    ],
    ids=["nothing", "an empty zip", "too many"],
)
def test_what_is_no_delivery_is_refused_at_its_place(
    client: Client, files: list[tuple[str, bytes]], words: str
) -> None:
    answer = hand_in(client, *files)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert page.index(words) < page.index('type="file"')
    assert not Delivery.objects.exists()


def test_more_files_than_a_request_may_bring_are_refused_in_words(client: Client) -> None:
    most = settings.DATA_UPLOAD_MAX_NUMBER_FILES

    answer = hand_in(client, *((f"{number}.xlsx", b"x") for number in range(most + 1)))

    assert answer.status_code == 400
    assert f"At most {most} files can be sent at once." in answer.content.decode()


def test_our_script_gets_the_part_of_the_page_that_changes(client: Client) -> None:
    hand_in(client, ("Amber Team 1.xlsx", A))
    delivery = Delivery.objects.get()

    answer = client.post(reverse("delivery_next", args=[delivery.pk]), headers={"X-ICM": "script"})

    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith('<div class="stack" data-steps="0">')


def test_a_file_is_shown_row_by_row_and_the_look_is_logged(world: World, client: Client) -> None:
    hand_in(client, ("Amber Team 1.xlsx", B))
    read_all(client)
    file = DeliveredFile.objects.get()
    forget_log()

    page = client.get(reverse("delivered", args=[file.pk])).content.decode()

    assert "What the import would do: 1 new" in page
    assert "Ben" in page
    assert AuditEvent.objects.get(kind=AuditEvent.Kind.VIEW).team_id == world.team.pk


def test_the_report_says_what_came_of_each_file_and_no_cell_of_it_is_a_formula(client: Client) -> None:
    delivery = imported(client, ("=cmd.xlsx", b"x"), ("Bolsover Team 1.xlsx", B))

    answer = client.get(reverse("delivery_report", args=[delivery.pk]))

    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(line["File"], line["Team"], line["Outcome"], line["New"]) for line in lines] == [
        ("'=cmd.xlsx", "", "Refused", ""),
        ("Bolsover Team 1.xlsx", "Bolsover Team 1", "Imported", "1"),
        ("Bolsover Team 1.xlsx", "Bolsover Team 1", "warning", ""),
    ]
    assert "31/02/26" in lines[2]["What"]
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT).count() == 1


def test_leftovers_wait_on_the_home_page_until_they_are_settled(client: Client) -> None:
    delivery = imported(client, ("Bolsover Team 1.xlsx", B))
    assert "1 import with leftovers" in client.get("/").content.decode()

    client.post(at(delivery), {"act": "settle"})

    assert "with leftovers" not in client.get("/").content.decode()
    assert "What was left is settled." in client.get(at(delivery)).content.decode()


def test_an_import_is_undone_on_its_own_page(world: World, client: Client) -> None:
    delivery = imported(client, ("Amber Team 1.xlsx", A))
    file = delivery.files.get()

    client.post(reverse("import_done", args=[world.team.pk, file.op]))

    assert not TrackerRow.objects.open().exists()
    assert ">Undo<" not in client.get(at(delivery)).content.decode()


def test_the_page_takes_the_same_statements_for_two_files_and_for_twenty(client: Client) -> None:
    def taken(files: int) -> int:
        hand_in(client, *((f"{number}.xlsx", b"x") for number in range(files)))
        delivery = Delivery.objects.latest("at")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(delivery)).status_code == 200
        return len(asked)

    assert taken(2) == taken(20)


def test_giving_up_imports_nothing(client: Client) -> None:
    hand_in(client, ("Amber Team 1.xlsx", A))
    delivery = read_all(client)

    client.post(at(delivery), {"act": "discard"})

    assert not Delivery.objects.exists()
    assert not TrackerRow.objects.exists()


def test_the_newest_delivery_stands_first_and_the_oldest_fall_off(world: World) -> None:
    started = [
        Delivery.objects.create(by=world.officer, at=NOON + timedelta(hours=hour)) for hour in range(31)
    ]

    assert summaries() == started[:0:-1]
