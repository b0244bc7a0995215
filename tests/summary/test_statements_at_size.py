"""A page takes as many statements for ten thousand rows as for a team's: of teams, of localities, of all."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions
from accounts.models import Locality, User
from accounts.roles import Role
from tests.factories import make_member
from tracker.changes import demonstration
from tracker.changes.demonstration import load_rows
from tracker.months import first_of_month

# One team's: with fewer a list may have nobody on it, and then its rows are not asked for.
FEW = 45
OF_A_TEAM = ("", "summary/", "closures/")
OF_A_LOCALITY = ("summary/", "closures/", "difficulties/", "check-in/", "cases/")
OF_ALL = ("/summary/", "/closures/", "/difficulties/", "/cases/", "/")


def statements(client: Client, address: str) -> int:
    """How many the page takes once the rights of its person are known."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_pages_take_the_same_statements_for_a_teams_rows_and_for_ten_thousand(
    db: None, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One team a locality, and all localities but the first ones like one of them: quicker to load.
    monkeypatch.setattr(demonstration, "ROWS_A_TEAM", demonstration.ROWS_A_LOCALITY)
    monkeypatch.setattr(demonstration, "TOLD", 1)
    # All of this takes longer than the minute after which a session notes that somebody is there.
    monkeypatch.setattr(sessions, "NOTED_EVERY", 60 * 60)
    client = sign_in(make_member(Role.PERFORMANCE_OFFICER))
    load_rows(rows=FEW, today=timezone.localdate())
    few = {address: statements(client, address) for address in addresses()}

    load_rows(rows=10_000, today=timezone.localdate())

    many = {address: statements(client, address) for address in addresses()}
    assert list(many.values()) == list(few.values())


def addresses() -> list[str]:
    """The pages of all localities, then those of the one that came last and of its team."""
    locality = Locality.objects.latest("pk")
    team = locality.teams.get()
    # Long enough that a few rows, too, have changed in every list of words: each costs a statement.
    changed = f"since/?on={first_of_month(timezone.localdate(), -11):%d/%m/%y}"
    return [
        *OF_ALL,
        *(f"/localities/{locality.pk}/{page}" for page in (*OF_A_LOCALITY, changed)),
        *(f"/teams/{team.pk}/{page}" for page in (*OF_A_TEAM, changed)),
    ]
