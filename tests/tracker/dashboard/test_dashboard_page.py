"""The dashboard's list on its page: upload or paste, choose, confirm, undo; and who may."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import make_closed_row, make_row, make_rows
from tests.tracker.dashboard.lists import HEADINGS, book, made
from tests.tracker.dashboard.test_compare import line
from tracker.changes.lifecycle import remove_row
from tracker.choices import Stage
from tracker.models import Operation, ParkedList, TrackerRow

SignIn = Callable[[User], Client]
LIST = made([line("001999", "Fay Fictional", "Amber Team 1"), line("000002", "New Name", "Amber Team 1")])


def page_of(world: World) -> str:
    """Where a list is brought."""
    return reverse("dashboard", args=[world.amber.pk])


def upload(client: Client, world: World, content: bytes, name: str = "list.csv") -> HttpResponse:
    """Brings a file; follows to the comparison."""
    # The test client's answer is one of a view.
    return client.post(page_of(world), {"file": SimpleUploadedFile(name, content)}, follow=True)  # type: ignore[return-value]


def fields_of(answer: HttpResponseBase) -> dict[str, str]:
    """What the form of the comparison would send, its choices as they stand."""
    assert isinstance(answer, HttpResponse)
    html = answer.content.decode()
    hidden = dict(re.findall(r'name="(op|digest)" value="([^"]+)"', html))
    chosen = {
        name: (re.findall(r'value="([^"]+)"\s+selected', options) or ["nothing"])[0]
        for name, options in re.findall(r'<select name="([^"]+)"(.*?)</select>', html, flags=re.DOTALL)
    }
    return {**hidden, **chosen, **({"facts": "yes"} if 'name="facts"' in html else {})}


def address(answer: HttpResponse) -> str:
    """Where a followed answer came from."""
    return str(answer.request["PATH_INFO"])  # type: ignore[attr-defined] # of the test client's answer


@pytest.fixture
def trackers(world: World) -> World:
    """A case that is gone, and one under another name."""
    make_row(team=world.team, pin="000001", person="Gone From There")
    make_row(team=world.team, pin="000002", person="Old Name")
    return world


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_list_is_compared_and_nothing_is_changed(trackers: World, sign_in: SignIn, name: str) -> None:
    content = (
        LIST.encode() if name.endswith("csv") else book([line("001999", "Fay Fictional", "Amber Team 1")])
    )

    answer = upload(sign_in(trackers.coordinator), trackers, content, name)

    page = answer.content.decode()
    assert [word for word in ("New here", "Fay Fictional", "Gone From There") if word not in page] == []
    assert not Operation.objects.filter(kind="dashboard").exists()


def test_a_pasted_table_is_a_list_too(trackers: World, sign_in: SignIn) -> None:
    pasted = made([line("001999", "Fay Fictional", "Amber Team 1")], separator="\t", end="\n")

    answer = sign_in(trackers.coordinator).post(page_of(trackers), {"pasted": pasted}, follow=True)

    assert "Fay Fictional" in answer.content.decode()


def test_what_is_chosen_is_done_and_undone_in_one_go(trackers: World, sign_in: SignIn) -> None:
    client = sign_in(trackers.coordinator)
    answer = upload(client, trackers, LIST.encode())
    fields = fields_of(answer)
    name = next(name for name in fields if name.startswith("do-name"))

    done = client.post(address(answer), {**fields, name: "name"}, follow=True)
    opened = {row.pin: (row.person, row.stage) for row in TrackerRow.objects.open().with_all()}
    client.post(address(done))  # type: ignore[arg-type] # the test client's answer

    assert "Done: 1 added, 1 renamed, 1 brought up to date." in done.content.decode()
    assert opened["001999"] == ("Fay Fictional", Stage.AWAITING)
    assert opened["000002"][0] == "New Name"
    assert {row.pin: row.person for row in TrackerRow.objects.open().with_all()} == {
        "000001": "Gone From There", "000002": "Old Name",
    }  # fmt: skip
    assert not ParkedList.objects.exists()


def test_old_and_new_are_shown_before_a_next_cin_meeting_is_written(trackers: World, sign_in: SignIn) -> None:
    row = TrackerRow.objects.get(case__pin="000002")
    TrackerRow.objects.filter(pk=row.pk).update(next_meeting=date(2026, 2, 1))
    client = sign_in(trackers.coordinator)
    rows = [(*line("000002", "Old Name", "Amber Team 1"), "05/11/2026", "03/12/2099")]
    headings = (*HEADINGS, "Last visit", "Next CIN meeting")

    answer = upload(client, trackers, made(rows, headings=headings).encode())
    shown = " ".join(answer.content.decode().split())
    row.refresh_from_db()
    before = row.next_meeting
    done = client.post(address(answer), fields_of(answer), follow=True)
    row.refresh_from_db()

    assert "Amber Team 1: 01/02/26 </td>" in shown
    assert "<strong>03/12/99</strong>" in shown
    assert "Last visit not known → 05/11/26" in shown
    assert (before, row.next_meeting) == (date(2026, 2, 1), date(2099, 12, 3))
    assert "1 given the list’s next CIN meeting, 1 brought up to date" in done.content.decode()
    assert "05/11/26" in client.get(reverse("row", args=[row.pk])).content.decode()


def test_pressing_twice_does_it_once(trackers: World, sign_in: SignIn) -> None:
    client = sign_in(trackers.coordinator)
    answer = upload(client, trackers, LIST.encode())
    fields = fields_of(answer)

    client.post(address(answer), fields)
    again = client.post(address(answer), fields)

    assert (again.status_code, Operation.objects.filter(kind="dashboard").count()) == (302, 1)


def test_a_change_meanwhile_is_shown_with_what_was_chosen(trackers: World, sign_in: SignIn) -> None:
    client = sign_in(trackers.coordinator)
    answer = upload(client, trackers, LIST.encode())
    fields = fields_of(answer)
    name = next(name for name in fields if name.startswith("do-name"))
    remove_row(row=TrackerRow.objects.get(case__pin="000001"), by=trackers.manager)

    late = client.post(address(answer), {**fields, name: "name"})

    assert late.status_code == 409
    assert fields_of(late)[name] == "name"
    assert not Operation.objects.filter(kind="dashboard").exists()


def test_giving_it_up_changes_nothing_and_forgets_the_list(trackers: World, sign_in: SignIn) -> None:
    client = sign_in(trackers.coordinator)
    answer = upload(client, trackers, LIST.encode())

    client.post(address(answer), {**fields_of(answer), "discard": "1"})

    assert not ParkedList.objects.exists()
    assert TrackerRow.objects.open().count() == 2


@pytest.mark.parametrize(
    ("posted", "says"),
    [({}, "Choose the file"), ({"pasted": "hello"}, "No dashboard list"), ({"pasted": made([])}, "no cases")],
)
def test_what_is_no_list_is_refused_where_it_was_given(
    trackers: World, sign_in: SignIn, posted: dict[str, str], says: str
) -> None:
    answer = sign_in(trackers.coordinator).post(page_of(trackers), posted)

    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_a_list_is_its_own_persons_alone(trackers: World, sign_in: SignIn) -> None:
    answer = upload(sign_in(trackers.coordinator), trackers, LIST.encode())

    assert sign_in(trackers.manager).get(address(answer)).status_code == 404


def test_a_coordinator_cannot_act_on_a_neighbours_tracker(trackers: World, sign_in: SignIn) -> None:
    closed = make_closed_row(team=trackers.neighbour, pin="000009", person="Closed There")
    client = sign_in(trackers.coordinator)
    answer = upload(client, trackers, made([line("000009", "Closed There", "Amber Team 2")]).encode())

    forged = client.post(address(answer), {**fields_of(answer), f"do-closed-{closed.pk}": "reopen"})

    closed.refresh_from_db()
    assert (forged.status_code, closed.state) == (409, "closed")


def test_nothing_of_another_locality_is_told(trackers: World, sign_in: SignIn) -> None:
    make_row(team=trackers.foreign, pin="000777", person="Hidden Elsewhere")
    content = made(
        [line("000777", "Bo Placeholder", "Bolsover Team 1"), line("000002", "Old Name", "Amber Team 1")]
    )

    page = upload(sign_in(trackers.coordinator), trackers, content.encode()).content.decode()

    assert "Hidden Elsewhere" not in page
    assert "is not a team of Amber" in page


def test_looking_leaves_its_entry_in_the_log(trackers: World, sign_in: SignIn) -> None:
    upload(sign_in(trackers.coordinator), trackers, LIST.encode())

    entry = AuditEvent.objects.get(kind=AuditEvent.Kind.VIEW)
    assert (entry.purpose, len(entry.row_ids)) == ("dashboard list", 2)


def test_many_of_a_kind_are_chosen_at_once(trackers: World, sign_in: SignIn) -> None:
    client = sign_in(trackers.coordinator)
    content = made([line(f"1{n:05}", f"Child {n}", "Amber Team 1") for n in range(1200)])
    answer = upload(client, trackers, content.encode())

    client.post(address(answer), fields_of(answer))

    assert TrackerRow.objects.open().count() == 1202


def test_a_long_list_takes_as_many_statements_as_a_short_one(trackers: World, sign_in: SignIn) -> None:
    client = sign_in(trackers.coordinator)
    counts = []
    for number in (3, 90):
        make_rows(number // 3, team=trackers.team)
        content = made([line(f"2{n:05}", f"Child {n}", "Amber Team 1") for n in range(number)])
        place = address(upload(client, trackers, content.encode()))
        with CaptureQueriesContext(connection) as statements:
            client.get(place)
        counts.append(len(statements))

    assert counts[0] == counts[1]
