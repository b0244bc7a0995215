"""The worklist's page: cells saved at once, stale ones told, PINs and dates pasted, undo."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import cleaned, make_row, make_rows
from tests.tracker.workbook.files import make_workbook
from tracker.changes.edit import edit_cell
from tracker.models import Operation, TrackerRow

SignIn = Callable[[User], Client]
NOON = "2026-11-24 12:00"
PASSED = date(2026, 11, 20)


# The test client's answer is of a class of its own.
def fields_of(answer: Any) -> dict[str, str]:
    """What the page's form would send as it stands."""
    html = answer.content.decode()
    tags = re.findall(r"<input[^>]+>", html)
    named = {re.findall(r'name="([^"]+)"', tag)[0]: re.findall(r'value="([^"]*)"', tag) for tag in tags}
    return {name: (values or [""])[0] for name, values in named.items() if name not in ("file", "pasted")}


@pytest.fixture
def rows(world: World) -> dict[str, TrackerRow]:
    """One row without a PIN, one whose meeting has passed."""
    with time_machine.travel(NOON):
        return {
            "no PIN": make_row(team=world.team, person="Tess Sample", next_meeting=date(2026, 12, 1)),
            "passed": make_row(team=world.team, person="Max Mockup", pin="001207", next_meeting=PASSED),
        }


def page_of(world: World) -> str:
    """The team's list."""
    return reverse("worklist", args=[world.team.pk])


@time_machine.travel(NOON)
def test_all_that_was_typed_is_saved_in_one_act_and_undone_in_one(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    client = sign_in(world.coordinator)
    fields = fields_of(client.get(page_of(world)))
    pin, day = f"pin-{rows['no PIN'].pk}", f"next_meeting-{rows['passed'].pk}"

    answer = client.post(page_of(world), {**fields, pin: "001201", day: "4/12"}, follow=True)
    stored = sorted(TrackerRow.objects.values_list("case__pin", "next_meeting"))
    operation = Operation.objects.get(kind="worklist")
    client.post(reverse("worklist_undo", args=[world.team.pk, operation.op]))

    assert "Saved: 2 values." in answer.content.decode()
    assert stored == [("001201", date(2026, 12, 1)), ("001207", date(2026, 12, 4))]
    assert sorted(TrackerRow.objects.values_list("case__pin", "next_meeting")) == [
        ("", date(2026, 12, 1)), ("001207", PASSED),
    ]  # fmt: skip


@time_machine.travel(NOON)
def test_a_date_that_somebody_wrote_meanwhile_is_told_and_saved_only_on_purpose(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    client, row = sign_in(world.coordinator), rows["passed"]
    fields = fields_of(client.get(page_of(world)))
    day = f"next_meeting-{row.pk}"
    new = cleaned("next_meeting", date(2026, 12, 2))
    edit_cell(row=row, field="next_meeting", new=new, base=row.rev("next_meeting"), by=world.manager)

    stale = client.post(page_of(world), {**fields, day: "4/12"})
    row.refresh_from_db()
    kept = row.next_meeting
    client.post(page_of(world), fields_of(stale))

    row.refresh_from_db()
    assert (stale.status_code, kept, row.next_meeting) == (409, date(2026, 12, 2), date(2026, 12, 4))
    assert f"{world.manager.name} wrote 02/12/26 meanwhile" in stale.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("pin", "001207", "is already on Amber Team 1"),
        ("next_meeting", "31/11/26", "November 2026 has 30 days"),
    ],
)
@time_machine.travel(NOON)
def test_a_value_that_cannot_be_is_told_at_its_place_and_nothing_is_lost(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn, field: str, value: str, says: str
) -> None:
    client = sign_in(world.coordinator)
    fields = fields_of(client.get(page_of(world)))

    answer = client.post(page_of(world), {**fields, f"{field}-{rows['no PIN'].pk}": value})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{value}"' in answer.content.decode()


@time_machine.travel(NOON)
def test_nothing_changed_saves_nothing(world: World, rows: dict[str, TrackerRow], sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)

    client.post(page_of(world), fields_of(client.get(page_of(world))))

    assert rows
    assert not Operation.objects.filter(kind="worklist").exists()


PASTES: dict[str, dict[str, Any]] = {
    "two columns": {"pasted": "001207\t4/12/26\n009999\t5/12/26"},
    "with headings": {"pasted": "PIN\tDate of next CIN meeting\n001207\t04/12/2026\n009999\t5/12/26"},
    "lost zeros": {"pasted": "1207\t4 Dec 2026\n9999\t5/12/26"},
    "a CSV": {
        "file": ("l.csv", b"PIN,Name,Next CIN meeting\r\n001207,Max,04/12/2026\r\n009999,X,05/12/2026")
    },
    "a workbook": {
        "file": (
            "list.xlsx",
            make_workbook(
                [[1207, date(2026, 12, 4)], [9999, date(2026, 12, 5)]], headings=("PIN", "Next CIN meeting")
            ),
        )
    },
}


@pytest.mark.parametrize("posted", PASTES.values(), ids=PASTES)
@time_machine.travel(NOON)
def test_pasted_dates_are_shown_old_and_new_then_written_in_one_act(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn, posted: dict[str, Any]
) -> None:
    client, place = sign_in(world.coordinator), reverse("worklist_paste", args=[world.team.pk])
    sent = {key: SimpleUploadedFile(*value) if key == "file" else value for key, value in posted.items()}

    shown = client.post(place, sent)
    untouched = TrackerRow.objects.get(pk=rows["passed"].pk).next_meeting
    fields = {name: html_unescaped(value) for name, value in fields_of(shown).items()}
    client.post(place, fields)

    page = shown.content.decode()
    assert [
        text for text in ("20/11/26", "04/12/26", "9999 is not on this tracker") if text not in page
    ] == []
    assert (untouched, TrackerRow.objects.get(pk=rows["passed"].pk).next_meeting) == (
        PASSED,
        date(2026, 12, 4),
    )
    assert Operation.objects.filter(kind="worklist").count() == 1


def html_unescaped(value: str) -> str:
    """A value as the browser would send it."""
    return value.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("", "Paste the two columns"),
        ("001207", "Two columns are needed"),
        ("1\t1/1/27\n" * 201, "At most 200"),
    ],
)
@time_machine.travel(NOON)
def test_what_cannot_be_pasted_is_told_at_its_place(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn, pasted: str, says: str
) -> None:
    answer = sign_in(world.coordinator).post(
        reverse("worklist_paste", args=[world.team.pk]), {"pasted": pasted}
    )

    assert rows
    assert answer.status_code == 422
    assert says in answer.content.decode()


@time_machine.travel(NOON)
def test_all_teams_of_a_person_are_on_one_page_and_no_others(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    make_row(team=world.neighbour, person="Not Mine")

    page = sign_in(world.coordinator).get(reverse("worklists")).content.decode()

    assert rows
    assert ("Tess Sample" in page, "Not Mine" in page) == (True, False)


@time_machine.travel(NOON)
def test_the_page_of_all_teams_saves_all_of_it_in_an_act_for_each_team(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    client, page = sign_in(world.officer), reverse("worklists")
    other = make_row(team=world.neighbour, person="Ed Test", pin="001301", next_meeting=PASSED)
    fields = fields_of(client.get(page))
    typed = {f"pin-{rows['no PIN'].pk}": "001201", f"next_meeting-{other.pk}": "4/12"}

    answer = client.post(page, {**fields, **typed}, follow=True)

    said = answer.content.decode()
    assert [f"Saved: 1 value of {team}." in said for team in (world.team, world.neighbour)] == [True, True]
    rows["no PIN"].refresh_from_db()
    other.refresh_from_db()
    assert (TrackerRow.objects.with_case().get(pk=rows["no PIN"].pk).pin, other.next_meeting) == (
        "001201",
        date(2026, 12, 4),
    )
    done = Operation.objects.get(kind="worklist", team=world.neighbour)
    client.post(reverse("worklist_undo", args=[world.neighbour.pk, done.op]), {"all": "1"})
    other.refresh_from_db()
    assert other.next_meeting == PASSED


@time_machine.travel(NOON)
def test_the_page_of_all_teams_saves_nothing_where_one_cell_is_in_the_way(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    client, page = sign_in(world.officer), reverse("worklists")
    other = make_row(team=world.neighbour, person="Ed Test", pin="001301", next_meeting=PASSED)
    fields = fields_of(client.get(page))
    typed = {f"pin-{rows['no PIN'].pk}": "001207", f"next_meeting-{other.pk}": "4/12"}

    answer = client.post(page, {**fields, **typed})

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "is already on Amber Team 1" in said
    assert 'value="4/12"' in said
    other.refresh_from_db()
    assert other.next_meeting == PASSED


@time_machine.travel(NOON)
def test_nobody_saves_for_a_team_that_is_not_theirs(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    client, page = sign_in(world.coordinator), reverse("worklists")
    other = make_row(team=world.neighbour, person="Ed Test", pin="001301", next_meeting=PASSED)
    fields = fields_of(client.get(page))
    forged = {f"next_meeting-{other.pk}": "4/12", f"base-next_meeting-{other.pk}": "0"}

    client.post(page, {**fields, **forged})

    assert rows
    other.refresh_from_db()
    assert other.next_meeting == PASSED


@time_machine.travel(NOON)
def test_home_says_how_many_wait(world: World, rows: dict[str, TrackerRow], sign_in: SignIn) -> None:
    assert rows
    assert world.neighbour.pk

    page = sign_in(world.coordinator).get("/").content.decode()

    assert "2 cases want a PIN or a date of the next CIN meeting" in page


@time_machine.travel(NOON)
def test_looking_leaves_its_entry_in_the_log(
    world: World, rows: dict[str, TrackerRow], sign_in: SignIn
) -> None:
    sign_in(world.coordinator).get(page_of(world))

    entry = AuditEvent.objects.get(kind=AuditEvent.Kind.VIEW)
    assert (entry.purpose, set(entry.row_ids)) == ("worklist", {row.pk for row in rows.values()})


@time_machine.travel(NOON)
def test_a_long_list_takes_as_many_statements_as_a_short_one(
    world: World, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = sign_in(world.coordinator)
    make_rows(40, team=world.team, next_meeting=date.today() - timedelta(3))  # noqa: DTZ011 - frozen

    with django_assert_max_num_queries(14):
        client.get(page_of(world))
