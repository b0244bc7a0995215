"""The history of a row in words: a text written over another's on purpose is marked so."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import StaleEdit
from tracker.history import history_of
from tracker.models import TrackerRow


def saved(row: TrackerRow, text: str, base: int, by: User) -> None:
    """What a page sends for the action."""
    edit_cell(row=row, field="action", new=cleaned("action", text), base=base, by=by)


def refused_then(world: World, text: str) -> TrackerRow:
    """A row whose supervisor met the manager's newer text with "Mine", and then saved this."""
    row = make_row(team=world.team, action="Before")
    saved(row, "Theirs", 0, world.manager)
    with pytest.raises(StaleEdit):
        saved(row, "Mine", 0, world.supervisor)
    saved(row, text, 1, world.supervisor)
    return row


def test_a_deliberate_overwrite_says_over_whose_text_and_shows_both(world: World, client: Client) -> None:
    row = refused_then(world, "Mine")
    client.force_login(world.coordinator)

    page = client.get(reverse("history", args=[row.pk])).content.decode()

    assert f"over {world.manager.name}’s text, on purpose" in page
    entries = history_of(row, reader_id=world.coordinator.pk)
    assert [(one.old, one.new) for one in entries if one.over] == [("Theirs", "Mine")]


def test_joined_texts_are_no_overwrite(world: World) -> None:
    row = refused_then(world, "Theirs\nMine")

    assert not any(one.over for one in history_of(row, reader_id=world.supervisor.pk))


def test_the_same_text_saved_without_a_refusal_is_no_overwrite(world: World) -> None:
    row = make_row(team=world.team, action="Before")
    saved(row, "Theirs", 0, world.manager)
    saved(row, "Mine", 1, world.supervisor)

    assert not any(one.over for one in history_of(row, reader_id=world.supervisor.pk))
