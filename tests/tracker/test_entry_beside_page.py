"""The entry of an opened page is written while the page is drawn, and no page is shown without it."""

from collections.abc import Callable
from threading import Event, current_thread
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import make_row
from tracker.models import TrackerRow

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]
CHILD = "Zaphira"


@pytest.fixture
def row(world: World) -> TrackerRow:
    """A case of Amber Team 1."""
    return make_row(team=world.team, by=world.coordinator, person=CHILD)


def test_the_page_is_drawn_while_its_entry_is_on_its_way(
    world: World, sign_in: SignIn, row: TrackerRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, drawn, waited = sign_in(world.supervisor), Event(), []
    save = AuditEvent.save

    def save_late(entry: AuditEvent, **how: Any) -> None:
        waited.append((drawn.wait(60), current_thread().name.partition("_")[0]))
        save(entry, **how)

    def draw(*args: Any, **kwargs: Any) -> HttpResponse:
        page = render(*args, **kwargs)
        drawn.set()
        return page

    monkeypatch.setattr(AuditEvent, "save", save_late)
    monkeypatch.setattr("tracker.views.history.render", draw)
    answer = client.get(reverse("history", args=[row.pk]))

    assert answer.status_code == 200
    assert waited == [(True, "beside")]
    assert AuditEvent.objects.filter(purpose="history", row_ids=[row.pk]).count() == 1


@pytest.mark.parametrize(
    ("failure", "status"), [(OperationalError("disk full"), 503), (DatabaseError("broken"), 500)]
)
@pytest.mark.parametrize("page", ["tracker", "row", "history"])
def test_no_page_is_shown_whose_entry_cannot_be_written(
    world: World,
    sign_in: SignIn,
    row: TrackerRow,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    failure: DatabaseError,
    status: int,
) -> None:
    client = sign_in(world.supervisor)
    client.raise_request_exception = False
    address = reverse(page, args=[world.team.pk if page == "tracker" else row.pk])
    assert CHILD in client.get(address).content.decode()

    def fail(entry: AuditEvent, **how: Any) -> None:
        raise failure

    monkeypatch.setattr(AuditEvent, "save", fail)
    answer = client.get(address)

    assert answer.status_code == status
    assert CHILD not in answer.content.decode()


def test_the_number_that_a_page_carries_is_that_of_its_entry(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    page = sign_in(world.supervisor).get(reverse("tracker", args=[world.team.pk]))

    assert f'data-entry="{AuditEvent.objects.get(purpose="tracker").pk}"' in page.content.decode()
