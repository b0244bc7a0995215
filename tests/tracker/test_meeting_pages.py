"""The pages of the meeting: begun, gone through, ended, decided; as forms and as answers to scripts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.conftest import NOON, World
from tests.factories import a_need, an_outcome, make_meeting, make_row, make_rows
from tracker.changes.families import pick_siblings
from tracker.changes.meetings import end_meeting, start_meeting
from tracker.changes.places import close_team
from tracker.changes.undo import undo_operation
from tracker.choices import Result, Stage
from tracker.models import Change, Meeting, MeetingItem, Operation, RefusedEdit, TrackerRow

SCRIPT = {"X-ICM": "script"}
TODAY = NOON.date()
pytestmark = pytest.mark.usefixtures("noon")


def save(client: Client, row: TrackerRow, field: str, value: str, **more: Any) -> Any:
    """What the page's script sends for one cell."""
    current = TrackerRow.objects.get(pk=row.pk)
    told = {"field": field, "value": value, "base": current.rev(field), "op": uuid4()}
    return client.post(reverse("cell", args=[row.pk]), told | more)


def test_a_post_begins_the_meeting_and_a_second_one_joins_it(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    make_row(team=world.team)
    address = reverse("meeting", args=[world.team.pk])

    answers = [
        sign_in(person).post(address, {"leader": "AN", "minutes": 30})
        for person in (world.manager, world.supervisor)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Meeting.objects.get().started_by == world.manager


def test_minutes_that_are_none_are_said_where_they_are(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(world.manager).post(
        reverse("meeting", args=[world.team.pk]), {"leader": "Anna", "minutes": "soon"}
    )

    assert answer.status_code == 422
    assert 'value="Anna"' in answer.content.decode()
    assert not Meeting.objects.exists()


def test_an_edit_bears_its_meeting_only_where_it_is_the_teams_own_of_today(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team)
    own = start_meeting(team=world.team, by=world.manager)
    foreign = start_meeting(team=world.foreign, by=world.officer)
    old = make_meeting(team=world.neighbour, by=world.officer)
    Meeting.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(days=2))

    for number, meeting in enumerate((own, foreign, old, None)):
        save(client, row, "owner", f"A{number}", **({"meeting": meeting.pk} if meeting else {}))

    assert [change.meeting_id for change in Change.objects.filter(field="owner")] == [
        own.pk,
        None,
        None,
        None,
    ]


def test_what_was_typed_offline_still_bears_the_meeting_after_its_end(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row = make_row(team=world.team)
    meeting = make_meeting(team=world.team, by=world.manager)

    save(sign_in(world.manager), row, "action", "Ring school", meeting=meeting.pk)

    page = sign_in(world.manager).get(reverse("decided", args=[world.team.pk, meeting.pk]))
    assert "Ring school" in page.content.decode()


def test_an_action_for_siblings_is_one_act_and_one_undo(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    rows = make_rows(3, team=world.team, action="Before")
    also = ",".join(f"{row.pk}:0" for row in rows[1:])

    answer = save(sign_in(world.manager), rows[0], "action", "For all", also=also)

    assert answer.json()["outcome"] == "saved"
    assert answer.json()["row"] == rows[0].pk
    act = Operation.objects.latest("pk")
    assert act.changes.count() == 3
    undo_operation(operation=act, by=world.manager)
    assert set(TrackerRow.objects.values_list("action", flat=True)) == {"Before"}


@pytest.mark.parametrize(("overtaken", "status"), [(0, 409), (1, 422)], ids=["its own cell", "a sibling's"])
def test_a_newer_text_anywhere_among_siblings_saves_nothing_and_keeps_what_was_typed(
    world: World, sign_in: Callable[[User], Client], overtaken: int, status: int
) -> None:
    rows = [make_row(team=world.team, person=name, action="Before") for name in ("Ada Test", "Ben Test")]
    save(sign_in(world.supervisor), rows[overtaken], "action", "Theirs")
    told = {"field": "action", "value": "For all", "base": 0, "op": uuid4(), "also": f"{rows[1].pk}:0"}

    answer = sign_in(world.manager).post(reverse("cell", args=[rows[0].pk]), told)

    assert answer.status_code == status
    assert ("panel" in answer.json()) == (status == 409)
    assert status == 409 or "Ben Test" in answer.json()["message"]
    assert not TrackerRow.objects.filter(action="For all").exists()
    assert RefusedEdit.objects.filter(value="For all", by=world.manager).exists()


def test_a_row_of_another_team_is_no_sibling_and_is_not_named(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row, foreign = make_row(team=world.team), make_row(team=world.foreign, person="Not To Be Named")

    answers = [
        save(sign_in(world.manager), row, "action", "For all", also=f"{number}:0")
        for number in (foreign.pk, 987654)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json() == answers[1].json()
    assert not TrackerRow.objects.filter(action="For all").exists()


def test_a_result_goes_on_to_the_next_case_that_has_none(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, rows = sign_in(world.manager), make_rows(3, team=world.team)
    start_meeting(team=world.team, by=world.manager)
    address = [reverse("meeting_item", args=[world.team.pk, row.pk]) for row in rows]
    client.post(address[1], {"result": "discussed"}, headers=SCRIPT)

    answer = client.post(address[0], {"result": "parked"})

    assert answer.headers["Location"].endswith(f"?row={rows[2].pk}")
    assert [item.result for item in MeetingItem.objects.all()] == [Result.PARKED, Result.DISCUSSED, ""]


def test_one_result_is_for_all_siblings(world: World, sign_in: Callable[[User], Client]) -> None:
    rows = make_rows(3, team=world.team)
    pick_siblings(team=world.team, cases=[row.case for row in rows[:2]], by=world.manager)
    start_meeting(team=world.team, by=world.manager)

    sign_in(world.manager).post(
        reverse("meeting_item", args=[world.team.pk, rows[0].pk]), {"result": "skipped"}, headers=SCRIPT
    )

    assert MeetingItem.objects.filter(result=Result.SKIPPED).count() == 2


def test_siblings_who_moved_to_another_team_are_listed_there(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    rows = [make_row(team=world.team, person=name) for name in ("Ada Test", "Ben Test")]
    pick_siblings(team=world.team, cases=[row.case for row in rows], by=world.manager)
    close_team(team=world.team, heir=world.neighbour, by=world.officer)

    page = sign_in(world.officer).get(reverse("siblings", args=[world.neighbour.pk]))

    assert [[row.person for row in members] for members in page.context["families"]] == [
        ["Ada Test", "Ben Test"]
    ]


@pytest.mark.parametrize("facts", [{"result": "missed"}, {"last_action": "eaten"}])
def test_what_is_no_result_is_refused(
    world: World, sign_in: Callable[[User], Client], facts: dict[str, str]
) -> None:
    row = make_row(team=world.team)
    start_meeting(team=world.team, by=world.manager)

    answer = sign_in(world.manager).post(
        reverse("meeting_item", args=[world.team.pk, row.pk]), facts, headers=SCRIPT
    )

    assert answer.status_code == 422
    assert MeetingItem.objects.get().result == ""


def test_after_the_end_nothing_is_noted_any_more_and_the_page_is_told(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team)
    make_meeting(team=world.team, by=world.manager)

    noted = client.post(
        reverse("meeting_item", args=[world.team.pk, row.pk]), {"result": "parked"}, headers=SCRIPT
    )

    assert (noted.status_code, noted.json()["message"]) == (422, "This meeting has ended.")
    assert client.get(reverse("meeting_agenda", args=[world.team.pk])).status_code == 204


def test_a_case_added_or_closed_meanwhile_stays_on_the_list(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, person="Ada Test")
    meeting = start_meeting(team=world.team, by=world.manager)
    new = make_row(team=world.team, person="Ben Test")
    save(client, row, "stage", Stage.CLOSED, outcome=an_outcome().pk, meeting=meeting.pk)

    agenda = client.get(reverse("meeting_agenda", args=[world.team.pk]), {"row": row.pk}).content.decode()
    client.post(reverse("meeting_item", args=[world.team.pk, new.pk]), {"result": "discussed"})

    assert "added during the meeting" in agenda
    assert "Closed" in agenda
    assert MeetingItem.objects.get(row=new).result == Result.DISCUSSED


def decided(world: World, sign_in: Callable[[User], Client]) -> str:
    """The page of the team's last meeting."""
    meeting = Meeting.objects.filter(team=world.team).latest("pk")
    answer = sign_in(world.head).get(reverse("decided", args=[world.team.pk, meeting.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_of_decisions_tells_what_the_meeting_wrote_and_nothing_else(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(world.manager)
    rows = [make_row(team=world.team, person=f"{name} Test") for name in ("Ada", "Ben", "Cora", "Dan", "Eve")]
    meeting = start_meeting(team=world.team, by=world.manager)
    told = {"meeting": meeting.pk}
    save(client, rows[0], "stage", Stage.DECIDED, **told)
    save(client, rows[0], "action", "Ring school", **told)
    save(client, rows[0], "owner", "AN", **told)
    save(client, rows[1], "stage", Stage.CLOSED, outcome=an_outcome().pk, **told)
    save(client, rows[2], "action", "Taken back", **told)
    undo_operation(operation=Operation.objects.latest("pk"), by=world.manager)
    save(client, rows[3], "action", "On another page")
    for row, result in zip(rows[:4], ("discussed", "discussed", "parked", "skipped"), strict=True):
        client.post(reverse("meeting_item", args=[world.team.pk, row.pk]), {"result": result})
    end_meeting(meeting=meeting, by=world.manager)
    save(client, rows[0], "action", "Written later")

    page = decided(world, sign_in)

    assert "Stage not set → Decided to close" in page
    assert "Ring school" in page
    assert "Actions of AN" in page
    assert f": {an_outcome().label}" in page
    for absent in ("Taken back", "On another page", "Written later"):
        assert absent not in page
    assert MeetingItem.objects.get(row=rows[4]).result == Result.NOT_REACHED


def test_text_and_mail_carry_no_names(world: World, sign_in: Callable[[User], Client]) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, person="Adelaide Test", pin="000777")
    meeting = start_meeting(team=world.team, by=world.manager)
    save(client, row, "action", "Ring school", meeting=meeting.pk)
    end_meeting(meeting=meeting, by=world.manager)

    page = decided(world, sign_in)

    text = page.split("<textarea")[1].split("</textarea>")[0]
    mail = page.split('href="mailto:')[1].split('"')[0]
    assert "000777 AT: Ring school" in text
    assert "Adelaide" not in text + mail
    assert "000777" not in mail
    assert "Actions%20set%3A%201" in mail


def test_a_meeting_of_another_team_is_not_found_under_this_one(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    meeting = make_meeting(team=world.neighbour, by=world.officer)

    answer = sign_in(world.manager).get(reverse("decided", args=[world.team.pk, meeting.pk]))

    assert answer.status_code == 404


def statements(client: Client, address: str) -> int:
    """How many statements the page takes."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("shown", ["start", "meeting", "meeting_agenda", "decided", "siblings"])
def test_a_page_takes_the_same_statements_for_few_rows_and_many(
    world: World, sign_in: Callable[[User], Client], shown: str
) -> None:
    client = sign_in(world.manager)
    make_meeting(team=world.team, by=world.manager)
    found = []

    for number in (5, 45):
        rows = make_rows(number, team=world.team, stage=Stage.UNDERWAY, needed=a_need(), action="Ring school")
        name = "meeting" if shown == "start" else shown
        if shown != "start":
            meeting = start_meeting(team=world.team, by=world.manager)
            for row in rows:
                save(client, row, "owner", "AN", meeting=meeting.pk)
        where = [world.team.pk, meeting.pk] if shown == "decided" else [world.team.pk]
        found.append(statements(client, reverse(name, args=where)))
        if shown != "start":
            end_meeting(meeting=meeting, by=world.manager)

    assert found[0] == found[1]


def test_the_newest_meeting_stands_first(world: World, sign_in: Callable[[User], Client]) -> None:
    held = [make_meeting(team=world.team, by=world.officer) for _ in range(3)]
    for days, meeting in enumerate(held):
        Meeting.objects.filter(pk=meeting.pk).update(started_at=NOON - timedelta(days=days))

    page = sign_in(world.manager).get(reverse("meetings", args=[world.team.pk]))

    assert [meeting for meeting, _ in page.context["meetings"]] == held
