"""The largest tracker that is read: previewed and confirmed while somebody waits."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.conftest import World
from tests.tracker.transfer.acts import exported, workbook
from tests.tracker.transfer.test_import_page import SignIn, fields_of
from tracker.models import TrackerRow

ROWS = 5_000
SECONDS = 10
LATER = date(2026, 12, 11)


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """Says how long it took, and fails when that was too long."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    sys.stdout.write(f"{what}: {took:.1f} s\n")
    assert took < seconds


def cases(**values: object) -> bytes:
    """A workbook of so many cases."""
    return workbook(*[{"pin": f"{n:06}", "person": f"Person {n}", **values} for n in range(1, ROWS + 1)])


def preview(client: Client, team_id: int, data: bytes) -> tuple[str, dict[str, str]]:
    file = SimpleUploadedFile("team.xlsx", data)
    address = client.post(reverse("import", args=[team_id]), {"file": file}).headers["Location"]
    return address, fields_of(client.get(address))


@pytest.mark.slow
def test_five_thousand_rows_are_previewed_and_confirmed_in_seconds(world: World, sign_in: SignIn) -> None:
    data = cases()
    client = sign_in(world.coordinator)

    with within(SECONDS, "preview of new rows"):
        address, sent = preview(client, world.team.pk, data)
    with within(SECONDS, "confirmation of new rows"):
        client.post(address, sent)

    assert TrackerRow.objects.filter(team=world.team).count() == ROWS


@pytest.mark.slow
def test_five_thousand_conflicts_are_previewed_in_seconds(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    first = cases()
    client.post(*preview(client, world.team.pk, first))
    second = cases(owner="KW")

    with within(SECONDS, "preview of conflicts"):
        address, sent = preview(client, world.team.pk, second)
    client.post(address, sent)

    assert not TrackerRow.objects.filter(team=world.team, owner="KW").exists()


@pytest.mark.slow
def test_five_thousand_rows_are_exported_in_seconds(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    first = cases()
    client.post(*preview(client, world.team.pk, first))

    with within(SECONDS, "export"):
        data = exported(world.team)

    assert data


@pytest.mark.slow
def test_five_thousand_changed_rows_are_confirmed_in_seconds(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    first = cases()
    client.post(*preview(client, world.team.pk, first))
    second = cases(owner="KW", action="Ring nurse", needed="Schedule/attend a meeting", by_when=LATER)
    address, sent = preview(client, world.team.pk, second)
    client.post(address, {**sent, "keep": "file"})
    sent = fields_of(client.get(address))

    with within(SECONDS, "confirmation of changed rows"):
        client.post(address, sent)

    assert TrackerRow.objects.filter(team=world.team, owner="KW", by_when=LATER).count() == ROWS
