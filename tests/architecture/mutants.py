"""Takes every permission check away, one at a time, and asks whether a test would have noticed.

Not among the tests: it takes minutes. `python -m scripts.mutate_permissions` runs it. A check is taken away
in the running program: of a view the one that its decorator makes, of an act the one at that line.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from accounts.models import Locality, Team, User
from accounts.permissions import rights
from accounts.roles import Role
from tests.architecture.test_addresses import Address, address_in, expected, signed_table, undone, whole
from tests.architecture.test_every_act_asks import Things, not_refused, things
from tests.conftest import World
from tracker.changes.saved import save_view, share_view

__all__ = ["things", "whole"]

# Where the act behind the view refuses just as well: that it does is asked here.
ASKED_TWICE = {
    "delivery_next",
    "person_council_account",
    "person_invite",
    "person_leaves",
    "person_second_factor",
    "power_bi_end",
}
# Its own test is below: what the table asks for is nobody's.
APART = {"view"}
GUARDED = [
    one for one in signed_table() if one.about not in ("public", "signed in") and one.name not in APART
]
# What asks for a right, and what it answers where nothing asks.
CHECKS: dict[str, Callable[..., Any]] = {
    "require": lambda user, team, permission: rights(user, team),
    "require_global": lambda *asked: None,
    "require_on_all": lambda *asked: None,
    "require_on_some": lambda *asked: None,
    "may_edit": lambda *asked: True,
    "may": lambda *asked: True,
}


@pytest.fixture
def without_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """No decorator of a view asks anything; what the view itself and its acts ask stays."""
    nothing = CHECKS["require_global"]
    for name in ("require_global", "require_on_all", "require_on_some", "check_team"):
        monkeypatch.setattr(f"accounts.access.{name}", nothing)
    monkeypatch.setattr("accounts.access.localities_with", lambda *asked: Locality.objects.all())
    monkeypatch.setattr("tracker.access.check_team", nothing)
    monkeypatch.setattr("tracker.access.teams_with", lambda *asked: Team.objects.all())


@pytest.mark.usefixtures("without_guards")
@pytest.mark.parametrize("address", GUARDED, ids=lambda one: one.name)
def test_a_view_without_its_guard_is_noticed(
    whole: World, sign_in: Callable[[User], Client], address: Address
) -> None:
    places = {"own team": whole.team, "own locality": whole.neighbour, "elsewhere": whole.foreign}

    def wrong() -> Iterator[tuple[Role, str, str]]:
        for role in reversed(Role):
            for place, team in places.items():
                for method in address.methods:
                    with undone():
                        client = sign_in(whole.person(role))
                        client.raise_request_exception = False
                        code = client.generic(method, address_in(whole, address, team)).status_code
                    if code not in expected(address, role, place):
                        yield role, place, method

    if address.name in ASKED_TWICE:
        assert list(wrong()) == [], "its act let somebody through"
    else:
        assert next(wrong(), None), f"{address.name}: nobody notices that its guard is gone"


@pytest.mark.usefixtures("without_guards")
def test_a_shared_view_without_its_guard_is_noticed(whole: World, sign_in: Callable[[User], Client]) -> None:
    shared = save_view(team=whole.foreign, name="Theirs", query="", by=whole.officer)
    share_view(view=shared, shared=True, by=whole.officer)

    code = sign_in(whole.manager).get(reverse("view", args=[whole.foreign.pk, shared.pk])).status_code

    assert code != 404, "nobody notices that its guard is gone"


@dataclass(frozen=True)
class Site:
    """One line of an act that asks for a right."""

    module: str
    line: int
    name: str
    act: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.name}"


def sites() -> Iterator[Site]:
    """Every line of `changes/` that asks."""
    for path in sorted(Path(settings.BASE_DIR).glob("*/changes/*.py")):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for act in (node for node in ast.parse(path.read_text()).body if hasattr(node, "name")):
            for node in ast.walk(act):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CHECKS:
                    yield Site(module, node.lineno, node.func.id, act.name)


# What they ask about is a whole file, or a choice of many: scripts/mutate_permissions.py mutates their
# source, and that of each `may(`, which answers a question and refuses nothing.
ELSEWHERE = {"tracker.changes.bulk", "tracker.changes.dashboard", "tracker.changes.parked"}


@contextmanager
def taken_away(site: Site) -> Iterator[None]:
    """The check at this line asks nothing meanwhile."""
    module: Any = import_module(site.module)
    real, nothing = getattr(module, site.name), CHECKS[site.name]

    def asked(*arguments: Any) -> Any:
        here = sys._getframe(1).f_lineno == site.line
        return (nothing if here else real)(*arguments)

    setattr(module, site.name, asked)
    caches["rights"].clear()
    try:
        yield
    finally:
        setattr(module, site.name, real)


# Here another act that it calls asks the same, under the lock.
ASKED_AGAIN = {"write_cells"}
ASKED_HERE = [one for one in sites() if one.module not in ELSEWHERE and one.name != "may"]


@pytest.mark.parametrize("site", ASKED_HERE, ids=str)
def test_an_act_that_does_not_ask_is_noticed(things: Things, site: Site) -> None:
    with taken_away(site):
        found = not_refused(things)

    assert bool(found) != (site.act in ASKED_AGAIN), f"{site}: nobody notices that it asks nothing"
