"""Rows that are held back, completed in the preview: they come in within the same operation."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.changes.people import raise_access_version
from accounts.models import TeamGroupPermission
from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tests.tracker.transfer.acts import workbook
from tests.tracker.transfer.test_import_page import SignIn, fields_of, previewed
from tracker.choices import RowState
from tracker.models import Operation, TrackerRow


def completed(client: Client, team: Any, data: bytes, **typed: str) -> Any:
    """Uploads, types into the preview, and gives what is shown then."""
    address, sent = previewed(client, team, data)
    # What the test client answers has attributes that its type does not know: Any.
    page: Any
    names = {name.replace("__", "-"): text for name, text in typed.items()}
    page = client.post(address, {**sent, **names, "again": "1"}, follow=True)
    page.address = address
    return page


def confirm(client: Client, page: Any) -> None:
    client.post(page.address, fields_of(page))


def persons(world: World) -> list[tuple[str, str]]:
    return [(row.pin, row.person) for row in TrackerRow.objects.open().filter(team=world.team).with_all()]


def test_a_pin_that_stands_twice_is_corrected(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    data = workbook({}, {"person": "Bea Sample"})

    confirm(client, completed(client, world.team, data, type__3__pin="001202"))

    assert persons(world) == [("001201", "Tess Sample"), ("001202", "Bea Sample")]
    assert Operation.objects.filter(kind="import").count() == 1


def test_what_was_typed_is_shown_before_it_is_done(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}, {"person": "Bea Sample"}))

    page = client.post(address, {**sent, "type-3-pin": "001202"}, follow=True).content.decode()

    assert "Nothing is imported yet. This is what would happen now." in page
    assert "What the import would do: 2 new" in page
    assert not TrackerRow.objects.exists()


def test_a_row_of_nobody_is_given_its_name(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    data = workbook({}, {"pin": None, "person": None})

    confirm(client, completed(client, world.team, data, type__3__person="Bea Sample"))

    assert persons(world) == [("001201", "Tess Sample"), ("", "Bea Sample")]


def test_a_date_that_is_none_is_typed_anew(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    page = completed(client, world.team, workbook({"by_when": "31/02/26"}), type__2__by_when="28/02/26")

    confirm(client, page)

    assert "31/02/26" not in page.content.decode()
    assert f"{TrackerRow.objects.get().by_when}" == "2026-02-28"


def test_what_cannot_be_read_stays_as_typed_and_holds_its_row_back(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)

    page = completed(client, world.team, workbook({"by_when": "TBC"}), type__2__by_when="30/02/26")

    text = page.content.decode()
    assert 'value="30/02/26"' in text
    assert "February 2026 has 28 days" in text.replace("&quot;", "")
    assert "1 held back" in text


def test_a_row_is_left_out(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    data = workbook({}, {"person": "Bea Sample"})

    confirm(client, completed(client, world.team, data, which__2="out"))

    assert persons(world) == [("001201", "Bea Sample")]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"pin": "1201"}, {}),
        ({"pin": ""}, {}),
        ({"pin": "001201"}, {"pin": None}),
    ],
    ids=["almost the PIN", "no PIN here", "no PIN in the file"],
)
def test_a_row_is_said_to_be_one_of_the_tracker(
    world: World, sign_in: SignIn, here: dict[str, Any], there: dict[str, str | None]
) -> None:
    row = make_row(team=world.team, person="Tess Sample", **here)
    client = sign_in(world.coordinator)

    confirm(client, completed(client, world.team, workbook({**there}), which__2=str(row.pk)))

    row.refresh_from_db()
    assert row.needed is not None
    assert TrackerRow.objects.count() == 1


def test_a_namesake_is_said_to_be_another_child(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, pin="001201", person="Tess Sample")
    client = sign_in(world.coordinator)

    confirm(client, completed(client, world.team, workbook({"pin": None}), which__2="new"))

    assert persons(world) == [("001201", "Tess Sample"), ("", "Tess Sample")]


def test_a_case_that_was_closed_here_is_reopened_and_all_of_it_undone(world: World, sign_in: SignIn) -> None:
    row = make_closed_row(team=world.team, pin="001201", person="Tess Sample", owner="AN")
    client = sign_in(world.coordinator)
    page = completed(client, world.team, workbook({}, {"pin": "001202"}), which__2="reopen")
    done = client.post(page.address, fields_of(page)).headers["Location"]
    row.refresh_from_db()
    reopened = (row.state, row.get_stage_display())

    client.post(done)

    row.refresh_from_db()
    assert reopened == (RowState.OPEN, "Intervention underway")
    assert (row.state, row.owner, row.needed) == (RowState.CLOSED, "AN", None)
    assert not persons(world)


def test_a_role_that_imports_and_may_not_reopen_brings_no_closed_case_back(
    world: World, sign_in: SignIn
) -> None:
    # No role is so today: the council's table could be.
    row = make_closed_row(team=world.team, pin="001201", person="Tess Sample")
    client = sign_in(world.coordinator)
    page = completed(client, world.team, workbook({}, {"pin": "001202"}), which__2="reopen")
    TeamGroupPermission.objects.filter(permission__codename="reopen_row").delete()
    raise_access_version()

    answer = client.post(page.address, fields_of(page))

    row.refresh_from_db()
    assert answer.status_code == 403
    assert row.state == RowState.CLOSED
    assert not persons(world)


def test_a_pin_that_another_case_has_may_not_be_typed(world: World, sign_in: SignIn) -> None:
    make_row(team=world.neighbour, pin="001299")
    client = sign_in(world.coordinator)
    data = workbook({}, {"person": "Bea Sample"})

    page = completed(client, world.team, data, type__3__pin="001299").content.decode()

    assert "B3 (Person)" not in page
    assert "A3 (PIN) is open on Amber Team 2" in page or "on another tracker of this locality" in page


def test_a_value_that_was_typed_is_no_conflict(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", by_when=date(2026, 12, 1))
    client = sign_in(world.coordinator)

    confirm(
        client,
        completed(client, world.team, workbook({"by_when": "TBC"}), type__2__by_when="11/12/26"),
    )

    row.refresh_from_db()
    assert f"{row.by_when}" == "2026-12-11"
