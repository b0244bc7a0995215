"""Who is where: told by number to those who can edit the team, and to nobody else. On both databases."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.changes.people import end_membership
from accounts.models import User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.live.listening import Listener, saved_by
from tracker.live.presence import GONE_AFTER, Mode, Present, heard_report, read_report

Opened = Callable[..., Listener]
SignIn = Callable[[User], Client]
AN = User(pk=12)
REPORT = {"tab": "0a1b2c", "row": "7", "field": "action", "mode": "typing"}


def test_editors_are_told_who_types_where(world: World, site: str, opened: Opened, sign_in: SignIn) -> None:
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    answer = sign_in(world.supervisor).post(f"/teams/{world.team.pk}/presence/", REPORT)

    assert answer.status_code == 204
    told = listener.next("presence")
    assert told["told"] == {
        "team": world.team.pk,
        "person": world.supervisor.pk,
        "tab": "0a1b2c",
        "row": 7,
        "field": "action",
        "mode": "typing",
        "screen": "tracker",
    }
    assert told["id"] == ""


def test_who_comes_later_is_told_who_is_there(
    world: World, site: str, opened: Opened, sign_in: SignIn
) -> None:
    opened(site, world.coordinator, world.team).next("hello")
    sign_in(world.supervisor).post(f"/teams/{world.team.pk}/presence/", REPORT)

    later = opened(site, world.officer, world.team)

    assert later.next("presence")["told"]["person"] == world.supervisor.pk


def test_who_can_only_read_is_not_told_who_is_there(
    world: World, site: str, opened: Opened, sign_in: SignIn
) -> None:
    row = make_row(team=world.team)
    reader, editor = opened(site, world.head, world.team), opened(site, world.coordinator, world.team)
    reader.next("hello")
    editor.next("hello")

    sign_in(world.supervisor).post(f"/teams/{world.team.pk}/presence/", REPORT)
    editor.next("presence")
    saved_by(world.supervisor, row, "action", "Seen by both")

    reader.next("change")
    assert b"presence" not in reader.raw


def test_other_teams_are_not_told(world: World, site: str, opened: Opened, sign_in: SignIn) -> None:
    elsewhere, here = opened(site, world.officer, world.foreign), opened(site, world.officer, world.team)
    elsewhere.next("hello")
    here.next("hello")

    sign_in(world.supervisor).post(f"/teams/{world.team.pk}/presence/", REPORT)

    here.next("presence")
    elsewhere.next("heartbeat")
    assert b"presence" not in elsewhere.raw


def test_nobody_reports_from_a_team_they_cannot_see(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.supervisor).post(f"/teams/{world.foreign.pk}/presence/", REPORT)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"tab": "Ed Test"},
        {"tab": ""},
        {"row": "seven"},
        {"row": "9" * 30},
        {"field": "Ring the school"},
        {"field": "action\nid: 4:99"},
        {"mode": "dancing"},
    ],
)
def test_a_report_with_words_of_its_own_is_refused(
    world: World, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    answer = sign_in(world.supervisor).post(f"/teams/{world.team.pk}/presence/", REPORT | wrong)

    assert answer.status_code == 422


def test_a_report_reads_as_it_was_sent() -> None:
    report = read_report(4, AN, {"tab": "0a", "mode": "away"})

    assert report is not None
    assert heard_report(report.words.split()[1:]) == report


@pytest.mark.parametrize("screen", ["meeting", "tracker", "seen-as", "a child's name"])
def test_a_page_says_that_it_is_the_meetings_and_nothing_else(screen: str) -> None:
    report = read_report(4, AN, REPORT | {"screen": screen})

    assert report is not None
    assert report.screen == ("meeting" if screen == "meeting" else "tracker")


def test_an_officer_who_sees_as_somebody_is_there_as_the_officer_and_says_so(
    world: World, site: str, opened: Opened, sign_in: SignIn
) -> None:
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")
    client = sign_in(world.officer)
    client.post(f"/people/{world.supervisor.pk}/view-as/")

    client.post(f"/teams/{world.team.pk}/presence/", REPORT | {"screen": "meeting"})

    told = listener.next("presence")["told"]
    assert (told["person"], told["screen"]) == (world.officer.pk, "seen-as")


def test_a_report_of_an_older_process_is_understood() -> None:
    report = heard_report(["4", "12", "0a", "7", "action", "typing"])

    assert (report.person, report.screen) == (12, "tracker")


def test_a_page_that_no_longer_reports_has_gone() -> None:
    report = read_report(4, AN, REPORT)
    assert report is not None
    present = Present()

    present.note(report, now=100)

    assert present.on({4}, now=100 + GONE_AFTER) == [report]
    assert present.on({5}, now=100) == []
    assert present.on({4}, now=101 + GONE_AFTER) == []


def test_a_page_that_says_it_goes_has_gone_at_once() -> None:
    here, gone = (read_report(4, AN, REPORT | {"mode": mode}) for mode in ("here", "gone"))
    assert here
    assert gone
    assert gone.mode == Mode.GONE
    present = Present()

    present.note(here, now=100)
    present.note(gone, now=101)

    assert present.on({4}, now=101) == []


def test_names_are_given_of_those_who_see_the_team_or_wrote_on_it(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    asked = [world.supervisor, world.person(Role.TEAM_MANAGER, elsewhere=True), world.stranger]
    saved_by(world.officer, row, "action", "Mine")
    ids = ",".join(str(person.pk) for person in [*asked, world.officer])

    answer = sign_in(world.coordinator).get(f"/teams/{world.team.pk}/people/?ids={ids},x,{9**30}")

    assert answer.json() == {
        str(person.pk): {"initials": person.initials, "name": person.name}
        for person in (world.supervisor, world.officer)
    }


def test_with_colleagues_all_come_who_may_edit_here_and_nobody_else(world: World, sign_in: SignIn) -> None:
    editors = [world.supervisor, world.manager, world.coordinator, world.officer]
    others = [world.head, world.person(Role.TEAM_MANAGER, elsewhere=True), world.stranger]
    gone = world.stand_in
    end_membership(membership=gone.memberships.get(), by=world.officer)
    address = f"/teams/{world.team.pk}/people/"

    told = sign_in(world.head).get(address, {"ids": world.head.pk, "colleagues": 1}).json()

    assert told.keys() == {str(person.pk) for person in (*editors, world.head)}
    assert told.keys().isdisjoint(str(person.pk) for person in (*others[1:], gone))
