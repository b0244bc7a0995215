"""A list against the trackers of a locality: what is found, and what each person is offered."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from tests.conftest import World
from tests.factories import make_closed_row, make_row, make_rows
from tests.tracker.dashboard.lists import HEADINGS, made, read
from tracker.changes.lifecycle import move_row, remove_row
from tracker.dashboard.compare import Comparison, Finding, Kind, compare, usual_pin_width
from tracker.workbook.words import loose_name

NEW = ("001999", "Fay Fictional", "Amber Team 1", "01/10/2026", "50", "KW", "")


def compared(world: World, *rows: tuple[str, ...], by: User | None = None) -> Comparison:
    """The comparison of a list with these rows."""
    return compare(read(made(rows or [NEW])), locality=world.amber, by=by)


def line(pin: str, name: str, team: str) -> tuple[str, ...]:
    """A row of a list."""
    return (pin, name, team, "01/10/2026", "50", "KW", "")


def acts(finding: Finding) -> list[str]:
    """What is offered, by act."""
    return [choice.act for choice in finding.choices]


def pins(found: Comparison, team: Team, name: str) -> list[str]:
    """One list of one team."""
    return next(one.pins[name] for one in found.teams if one.team == team)


def test_a_case_on_neither_tracker_is_new_and_added_unless_told_otherwise(world: World) -> None:
    team = world.team

    found = compared(world)

    assert pins(found, team, "new_on_dashboard") == ["001999"]
    assert [(one.kind, one.chosen) for one in found.findings] == [("new", f"add-{team.pk}")]


def test_an_open_case_that_the_list_lacks_is_gone_and_left_unless_told_otherwise(world: World) -> None:
    row = make_row(team=world.team, pin="000001")
    make_row(team=world.team, pin="")

    found = compared(world)

    gone = next(one for one in found.findings if one.kind == "gone")
    assert (gone.mine, gone.chosen, set(acts(gone))) == (row, "nothing", {"nothing", "close"})
    assert pins(found, world.team, "open_on_tracker_not_on_dashboard") == ["000001"]


def test_a_case_that_is_open_on_another_team_may_be_moved(world: World) -> None:
    world.neighbour  # noqa: B018 - the team exists from here on
    make_row(team=world.team, pin="001999", person="Fay Fictional")

    found = compared(world, line("001999", "Fay Fictional", "amber  team 2"))

    assert pins(found, world.team, "on_tracker_but_dashboard_says_other_team") == ["001999"]
    assert pins(found, world.neighbour, "new_on_dashboard") == ["001999"]
    assert [acts(one) for one in found.findings] == [["nothing", "move"]]


def test_a_case_is_not_moved_to_a_team_that_is_closed(world: World) -> None:
    Team.objects.filter(pk=world.neighbour.pk).update(closed_at=timezone.now())
    make_row(team=world.team, pin="001999", person="Fay Fictional")
    new = line("002000", "Gil Fictional", "Amber Team 2")

    found = compared(world, line("001999", "Fay Fictional", "amber  team 2"), new)

    assert [(one.kind, acts(one)) for one in found.findings] == [("new", ["nothing"]), ("other", ["nothing"])]
    assert "Amber Team 2 is closed" in found.findings[1].why


def test_a_case_that_the_list_has_in_another_locality_is_told_and_not_moved(world: World) -> None:
    world.foreign  # noqa: B018 - the team exists from here on
    make_row(team=world.team, pin="001999", person="Fay Fictional")

    found = compared(world, line("001999", "Fay Fictional", "Bolsover Team 1"))

    assert [(one.kind, acts(one)) for one in found.findings] == [("other", ["nothing"])]


def test_a_closed_case_that_is_on_the_list_may_be_reopened(world: World) -> None:
    make_closed_row(team=world.team, pin="001999", person="Fay Fictional")

    found = compared(world)

    assert pins(found, world.team, "closed_on_tracker_still_on_dashboard") == ["001999"]
    assert pins(found, world.team, "new_on_dashboard") == []
    assert [acts(one) for one in found.findings] == [["nothing", "reopen"]]


def test_cases_of_a_team_that_the_list_does_not_name_are_not_called_gone(world: World) -> None:
    make_row(team=world.team, pin="000001")
    make_row(team=world.neighbour, pin="000002")

    found = compared(world)

    assert [(one.kind, one.pin) for one in found.findings] == [("new", "001999"), ("gone", "000001")]
    assert "C1 heads no case of Amber Team 2: its open case is not compared." in [
        message.text for message in found.messages
    ]


def test_what_a_moved_case_left_closed_behind_it_is_not_closed(world: World) -> None:
    row = make_row(team=world.team, pin="001999", person="Fay Fictional")
    move_row(row=row, to=world.neighbour, by=world.officer)

    found = compared(world, line("001999", "Fay Fictional", "Amber Team 2"))

    assert pins(found, world.team, "closed_on_tracker_still_on_dashboard") == []
    assert pins(found, world.neighbour, "on_both") == ["001999"]
    assert found.findings == []


def test_a_removed_case_that_is_on_the_list_comes_in_as_the_same_case(world: World) -> None:
    row = make_row(team=world.team, pin="001999", person="Fay Fictional")
    remove_row(row=row, by=world.officer)

    found = compared(world)

    assert [(one.kind, one.case) for one in found.findings] == [("new", row.case)]


@pytest.mark.parametrize(
    ("here", "there", "differs"),
    [
        ("Uma Imaginary", "Uma Demo-Imaginary", True),
        ("Uma Imaginary", "uma  imaginary", False),
        ("Uma Imaginary", "IMAGINARY, Uma", False),
        ("Niamh O'Fictional", "Niamh O’Fictional", False),
        ("Zoë Sämple", "Zoe Sample", True),
    ],
)
def test_a_name_that_differs_is_told_and_may_be_taken(
    world: World, here: str, there: str, differs: bool
) -> None:
    make_row(team=world.team, pin="001999", person=here)

    found = compared(world, line("001999", there, "Amber Team 1"))

    assert pins(found, world.team, "on_both") == ["001999"]
    assert [acts(one) for one in found.findings] == ([["nothing", "name"]] if differs else [])
    assert (loose_name(here) != loose_name(there)) is differs


def test_a_pin_that_lost_its_zeros_is_still_the_same_case(world: World) -> None:
    make_row(team=world.team, pin="001999", person="Fay Fictional")

    found = compare(
        read(made([line("1999", "Fay Fictional", "Amber Team 1")]), pin_width=0),
        locality=world.amber,
        by=None,
    )

    assert pins(found, world.team, "on_both") == ["001999"]


def test_the_namesake_without_a_pin_may_be_given_it(world: World) -> None:
    row = make_row(team=world.team, person="Fay Fictional")

    found = compared(world)

    assert [(one.mine, acts(one), one.chosen) for one in found.findings] == [
        (row, ["nothing", "pin", "add"], "nothing")
    ]


def test_a_broken_row_keeps_its_case_from_being_called_gone(world: World) -> None:
    make_row(team=world.team, pin="001999")

    found = compare(read(made() + '001999,"Fay,Amber Team 1\r\n'), locality=world.amber, by=None)

    assert not [one for one in found.findings if one.kind == "gone"]


def test_a_case_whose_plan_ended_is_gone_and_the_page_says_what_it_is_now(world: World) -> None:
    make_row(team=world.team, pin="001999")
    rows = [("001999", "Fay", "Amber Team 1", "b) Child Protection plan")]

    found = compare(
        read(made(rows, headings=("PIN", "Name", "Team", "CaseStatus"))), locality=world.amber, by=None
    )

    assert [(one.kind, one.why) for one in found.findings] == [
        ("gone", "The list has the case as “b) Child Protection plan”.")
    ]


def test_a_list_without_teams_is_matched_by_pin_and_asks_where_a_new_case_belongs(world: World) -> None:
    world.neighbour  # noqa: B018 - the team exists from here on
    make_row(team=world.team, pin="001452", person="Mia Notreal")
    rows = [("001452", "Mia Notreal"), ("001999", "Fay Fictional")]

    found = compare(read(made(rows, headings=("PIN", "Name"))), locality=world.amber, by=None)

    assert pins(found, world.team, "on_both") == ["001452"]
    assert [(acts(one), one.chosen) for one in found.findings] == [(["nothing", "add", "add"], "nothing")]


def test_rows_of_teams_elsewhere_are_told_once_a_team_and_counted_as_held_back(world: World) -> None:
    make_row(team=world.foreign, pin="000777", person="Hidden Elsewhere")
    rows = [line("000777", "Bo Placeholder", "Bolsover Team 1"), line("000778", "Bo", "Bolsover Team 1")]

    found = compared(world, *rows)

    told = [message.text for message in found.messages]
    assert told == ["C2 (Team) says “Bolsover Team 1”, which is not a team of Amber (2 rows): not compared."]
    assert (found.findings, found.counts["held_back"]) == ([], 2)


def test_facts_that_differ_are_found_and_a_blank_takes_only_the_worker_away(world: World) -> None:
    row = make_row(team=world.team, pin="001999", person="Fay Fictional")
    type(row.case).objects.filter(pk=row.case_id).update(
        last_sign_off=date(2026, 1, 1), allocated_worker="Somebody"
    )

    found = compared(world, ("001999", "Fay Fictional", "Amber Team 1", "01/10/2026", "50", "", ""))

    assert [fact.values for fact in found.facts] == [{"cin_start": date(2026, 10, 1), "allocated_worker": ""}]


MEETINGS = (*HEADINGS, "Last visit", "Next CIN meeting")


@pytest.mark.parametrize(
    ("ours", "theirs", "proposed"),
    [
        (None, "03/12/2026", "meeting"),
        (date(2026, 11, 12), "03/12/2026", "meeting"),
        (date(2026, 12, 3), "03/12/2026", None),
        (date(2026, 12, 10), "03/12/2026", None),
        (date(2026, 11, 12), "", None),
        # It has passed: told, and left unless somebody chooses it.
        (None, "12/11/2026", "nothing"),
    ],
)
@time_machine.travel("2026-11-20 12:00")
def test_a_later_next_cin_meeting_is_proposed(
    world: World, ours: date | None, theirs: str, proposed: str | None
) -> None:
    make_row(team=world.team, pin="001999", person="Fay Fictional", next_meeting=ours)

    found = compare(read(made([(*NEW, "", theirs)], headings=MEETINGS)), locality=world.amber, by=None)

    assert [one.chosen for one in found.of(Kind.MEETING)] == ([proposed] if proposed else [])


@time_machine.travel("2026-11-20 12:00")
def test_the_next_cin_meeting_of_a_neighbours_case_is_told_and_not_offered(world: World) -> None:
    make_row(team=world.neighbour, pin="001999", person="Fay Fictional")
    row = ("001999", "Fay Fictional", "Amber Team 2", "01/10/2026", "50", "KW", "", "", "03/12/2026")

    found = compare(read(made([row], headings=MEETINGS)), locality=world.amber, by=world.coordinator)

    assert [(one.chosen, acts(one)) for one in found.of(Kind.MEETING)] == [("nothing", ["nothing"])]


def test_a_fact_tells_what_is_kept_and_what_the_list_says(world: World) -> None:
    row = make_row(team=world.team, pin="001999", person="Fay Fictional")
    kept = {"cin_start": date(2026, 10, 1), "allocated_worker": "KW", "last_visit": date(2026, 11, 1)}
    type(row.case).objects.filter(pk=row.case_id).update(**kept)

    found = compare(
        read(made([(*NEW, "19/11/2026", "")], headings=MEETINGS)), locality=world.amber, by=world.coordinator
    )

    assert [fact.told for fact in found.facts] == [[("Last visit", date(2026, 11, 1), date(2026, 11, 19))]]


def test_a_coordinator_is_offered_acts_on_her_own_teams_only(world: World) -> None:
    make_row(team=world.neighbour, pin="000001")
    make_row(team=world.neighbour, pin="000002", person="Other Name")
    make_closed_row(team=world.neighbour, pin="000003", person="Closed There")
    rows = [
        line("001999", "Fay Fictional", "Amber Team 2"),
        line("000002", "Fay Fictional", "Amber Team 2"),
        line("000003", "Closed There", "Amber Team 2"),
    ]

    found = compared(world, *rows, by=world.coordinator)

    assert {one.kind: acts(one) for one in found.findings} == {
        "new": ["nothing"], "gone": ["nothing"], "closed": ["nothing"], "name": ["nothing"],
    }  # fmt: skip
    assert found.facts == []


def test_the_digest_tells_what_somebody_changed_meanwhile(world: World) -> None:
    row = make_row(team=world.team, pin="000001")
    first = compared(world).digest

    again, remove = compared(world).digest, remove_row(row=row, by=world.officer)

    assert again == first != compared(world).digest
    assert remove.outcome == "saved"


def test_the_width_of_our_pins_is_known_where_they_have_one(world: World) -> None:
    assert usual_pin_width(world.amber) is None
    make_row(team=world.team, pin="1234567")
    assert usual_pin_width(world.amber) == 7
    make_row(team=world.team, pin="12345")
    assert usual_pin_width(world.amber) == 0


def test_comparing_takes_the_same_number_of_statements_for_any_number_of_cases(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    coordinator = world.coordinator
    make_rows(3, team=world.team)
    rows = [line(f"{n:06}", f"Child {n}", "Amber Team 1") for n in range(60)]

    with django_assert_max_num_queries(17):
        compared(world, *rows, by=coordinator)
