"""Sheets to hand out: what is on them, who may print them, and the entry that each leaves."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import forget_log, make_closed_row, make_row, make_rows
from tracker.sheets import owners_of

SignIn = Callable[[User], Client]


def printed(client: Client, world: World, **told: str) -> str:
    """The sheet that this form gives."""
    answer = client.post(reverse("sheets", args=[world.team.pk]), {"names": "initials", **told})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_owners_sheet_has_their_actions_in_any_spelling_by_date_and_no_others(
    world: World, sign_in: SignIn
) -> None:
    make_row(
        team=world.team, by=world.officer, pin="000001", action="Later", owner="jb", by_when=date(2030, 1, 2)
    )
    make_row(
        team=world.team, by=world.officer, pin="000002", action="Sooner", owner="JB", by_when=date(2030, 1, 1)
    )
    make_row(team=world.team, by=world.officer, pin="000003", action="Someone's", owner="JBN")
    make_closed_row(team=world.team, by=world.officer, action="Gone", owner="JB")
    make_row(team=world.neighbour, by=world.officer, action="Next door", owner="JB")

    sheet = printed(sign_in(world.coordinator), world, sheet="of jb")

    assert owners_of(world.team) == {"jb": "JB", "jbn": "JBN"}
    assert sheet.index("Sooner") < sheet.index("Later")
    assert not [text for text in ("Someone's", "Gone", "Next door") if text in sheet]


@pytest.mark.parametrize(
    ("role", "told", "code", "shown", "hidden"),
    [
        (Role.TEAM_MANAGER, {"names": "initials"}, 200, "ET", "Ed Test"),
        (Role.TEAM_MANAGER, {"names": "full"}, 422, "Say what the full names are needed for.", "Ed Test"),
        (Role.TEAM_MANAGER, {"names": "full", "reason": "Room without a screen"}, 200, "Ed Test", "ET<"),
        (Role.PRACTICE_SUPERVISOR, {"names": "full", "reason": "Because"}, 422, "initials", "Ed Test"),
        (Role.STAND_IN, {"names": "initials"}, 200, "ET", "Ed Test"),
    ],
)
def test_names_follow_the_rules_of_the_export(
    world: World, sign_in: SignIn, role: Role, told: dict[str, str], code: int, shown: str, hidden: str
) -> None:
    row = make_row(team=world.team, by=world.officer, pin="000002", person="Ed Test")
    forget_log()

    answer = sign_in(world.person(role)).post(
        reverse("sheets", args=[world.team.pk]), {"sheet": "table", **told}
    )
    text = answer.content.decode()

    assert (answer.status_code, shown in text, hidden in text) == (code, True, False)
    entries = [
        (one.purpose, one.row_ids, one.detail["names"]) for one in AuditEvent.objects.filter(kind="export")
    ]
    assert entries == ([("print meeting sheet", [row.pk], told["names"])] if code == 200 else [])


def test_a_sheet_says_that_it_is_a_copy_and_whose(world: World, sign_in: SignIn) -> None:
    sheet = printed(sign_in(world.coordinator), world, sheet="table")

    assert f"Copy, not live. Printed by {world.coordinator.name}" in sheet


def test_a_sheet_takes_the_same_statements_for_one_row_and_thirty(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    make_row(team=world.team, by=world.officer, owner="JB")
    printed(client, world, sheet="of jb")
    counts = []

    for more in (0, 30):
        make_rows(more, team=world.team, owner="JB")
        with CaptureQueriesContext(connection) as statements:
            printed(client, world, sheet="of jb")
        counts.append(len(statements))

    assert counts[0] == counts[1]
