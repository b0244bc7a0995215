"""T7: the bundle of a child holds every planted fact and no other child's, and says who looked."""

import io
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.chain.seal import seal
from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.retention.planting import FACTS, PERSON, PIN, plant
from tracker.models import Change, TrackerRow
from tracker.others import Others

SignIn = Callable[[User], Client]
# The word of a workbook that was replaced is a word of a list by now.
HELD = {name: fact for name, fact in FACTS.items() if name != "word"}


@pytest.fixture
def planted(world: World) -> TrackerRow:
    """The child, and beside it another one."""
    row = plant(world)
    make_row(team=world.team, by=world.officer, pin="NO7H15", person="Basil Other", action="wrenone")
    return row


def cells(content: bytes) -> list[str]:
    """Every text of the workbook."""
    book = load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value]


def test_the_file_holds_every_planted_fact_and_no_other_childs(
    world: World, planted: TrackerRow, sign_in: SignIn
) -> None:
    sign_in(world.manager).get(reverse("closed", args=[world.team.pk]))

    answer = sign_in(world.officer).post(reverse("bundle_file", args=[planted.case_id]))

    text = "\n".join(cells(answer.content))
    assert {name: fact for name, fact in HELD.items() if fact not in text} == {}
    assert [one for one in (PIN, PERSON, "Parked", "Extended") if one not in text] == []
    assert [one for one in ("NO7H15", "Basil", "wrenone") if one in text] == []
    assert f"{world.manager.name}\nLooked at cases\nclosed list" in text


def test_the_page_holds_the_same(world: World, planted: TrackerRow, sign_in: SignIn) -> None:
    page = sign_in(world.officer).get(reverse("bundle", args=[planted.case_id])).content.decode()

    assert {name: fact for name, fact in HELD.items() if fact not in page} == {}
    assert [one for one in ("NO7H15", "Basil", "wrenone") if one in page] == []


def test_making_it_is_logged_and_the_entry_is_in_it(
    world: World, planted: TrackerRow, sign_in: SignIn
) -> None:
    answer = sign_in(world.officer).post(reverse("bundle_file", args=[planted.case_id]))

    entry = AuditEvent.objects.get(purpose="subject-access bundle, file")
    rows = TrackerRow.objects.filter(case=planted.case_id).order_by("pk").values_list("pk", flat=True)
    assert (entry.actor_id, entry.kind, entry.row_ids) == (world.officer.pk, "export", list(rows))
    assert "subject-access bundle, file" in cells(answer.content)


def test_other_peoples_names_are_marked_and_the_childs_is_not(
    world: World, planted: TrackerRow, sign_in: SignIn
) -> None:
    page = sign_in(world.officer).get(reverse("bundle", args=[planted.case_id])).content.decode()

    assert f"of {PERSON} rang <mark>Olive</mark> <mark>Owl</mark>" in page
    assert "<mark>Anna Sibling</mark>" in page
    assert f"<mark>{PERSON}</mark>" not in page


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Visit Ed with Jo Bell and his Nan.", ["Jo Bell", "Nan"]),
        ("jo bell rang", ["jo bell"]),
        ("On Monday the CIN meeting; Amber Team 1 comes.", []),
        ("Call school. Then Intervention underway.", []),
        ("Ed Test is well", []),
        ("Waiting for CAMHS", []),
        ("Bell said no", ["Bell"]),
        ("", []),
    ],
)
def test_what_counts_as_somebody_elses_name(world: World, text: str, marked: list[str]) -> None:
    row = make_row(team=world.team, by=world.officer, person="Ed Test")
    User.objects.create(email="jo@council.example", name="Jo Bell")

    pieces = Others(row.case).pieces(text)

    assert "".join(piece.text for piece in pieces) == text
    assert [one.text for one in pieces if one.marked] == marked


def test_a_pin_finds_its_case_and_the_one_that_had_it(
    world: World, planted: TrackerRow, sign_in: SignIn
) -> None:
    client = sign_in(world.officer)

    now = client.post(reverse("subject_access"), {"pin": f" {PIN} "}).content.decode()
    once = client.post(reverse("subject_access"), {"pin": FACTS["old PIN"]}).content.decode()
    never = client.post(reverse("subject_access"), {"pin": "123456"}).content.decode()

    assert now.count(reverse("bundle", args=[planted.case_id])) == 1
    assert f"had this PIN once, now {PIN}" in once
    assert "No case has or had this PIN." in never


@pytest.mark.parametrize("who", ["coordinator", "manager", "head"])
def test_only_officers_make_it(world: World, planted: TrackerRow, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world, who))

    codes = [
        client.get(reverse("bundle", args=[planted.case_id])).status_code,
        client.post(reverse("bundle_file", args=[planted.case_id])).status_code,
        client.get(reverse("subject_access")).status_code,
    ]

    assert codes == [403, 403, 403]


def test_it_is_made_within_ten_seconds_of_two_thousand_changes(
    world: World, planted: TrackerRow, sign_in: SignIn
) -> None:
    entry = Change.objects.filter(row=planted).latest("seq")
    Change.objects.bulk_create(
        Change(
            team=entry.team, seq=entry.seq + number, operation=entry.operation, row=planted, kind="set",
            field="action", new="Anna and Olive Owl went to Derby. " * 10, rev=number, by_name="Jo Bell",
        )
        for number in range(1, 2001)
    )  # fmt: skip
    AuditEvent.objects.bulk_create(
        AuditEvent(
            kind="view", actor_name="Jo Bell", purpose="tracker", row_ids=[*range(5000, 5040), planted.pk]
        )
        for _ in range(1000)
    )
    seal()  # as the timer has done by then
    client, began = sign_in(world.officer), time.process_time()

    answer = client.post(reverse("bundle_file", args=[planted.case_id]))

    assert (answer.status_code, time.process_time() - began < 10) == (200, True)
