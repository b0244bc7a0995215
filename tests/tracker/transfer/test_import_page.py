"""Importing through the pages: upload, preview, confirm, undo."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Team, User
from tests.conftest import World
from tests.factories import cleaned, make_row
from tests.tracker.transfer.acts import workbook
from tracker.changes.edit import edit_cell
from tracker.choices import RowState
from tracker.importing import compare, preview
from tracker.importing.plan import Plan
from tracker.models import Change, Need, Operation, ParkedImport, TeamColumn, TeamLog, TrackerRow
from tracker.views import importing
from tracker.workbook import guard

SignIn = Callable[[User], Client]


# What the test client answers has attributes that its type does not know: Any.
def upload(client: Client, team: Team, data: bytes) -> Any:
    file = SimpleUploadedFile("team.xlsx", data)
    return client.post(reverse("import", args=[team.pk]), {"file": file})


def previewed(client: Client, team: Team, data: bytes) -> tuple[str, dict[str, str]]:
    """The address of the preview, and what its form would send."""
    address = upload(client, team, data).headers["Location"]
    return address, fields_of(client.get(address))


def fields_of(page: Any) -> dict[str, str]:
    inputs = re.findall(r"<input[^>]*>", page.content.decode())
    sent = {}
    for tag in inputs:
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden" or " checked" in tag:
            sent[attributes["name"]] = attributes.get("value", "")
    return sent


def test_a_workbook_is_previewed_confirmed_and_on_the_tracker(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}, {"pin": "001202", "person": "Bea Sample"}))

    answer = client.post(address, sent, follow=True)

    assert "Imported: 2 new." in answer.content.decode()
    assert [row.person for row in TrackerRow.objects.filter(team=world.team).with_all()] == [
        "Tess Sample",
        "Bea Sample",
    ]
    assert Operation.objects.get().kind == "import"


def test_somebody_of_another_locality_finds_nothing(world: World, sign_in: SignIn) -> None:
    answer = upload(sign_in(world.coordinator), world.foreign, workbook({}))

    assert answer.status_code == 404


def test_a_reader_is_refused(world: World, sign_in: SignIn) -> None:
    answer = upload(sign_in(world.head), world.team, workbook({}))

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear all,", "This is not an Excel workbook: it is a text file"),
        (b"", "This file is empty"),
        (b"P" * (guard.FILE_BYTES + 1), "This file is too large"),
    ],
    ids=["a letter", "an empty file", "too large"],
)
def test_a_file_that_is_none_is_refused_in_words(
    world: World, sign_in: SignIn, data: bytes, words: str
) -> None:
    answer = upload(sign_in(world.coordinator), world.team, data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ParkedImport.objects.exists()


def test_what_says_that_it_is_far_too_large_is_refused_unread(world: World, sign_in: SignIn) -> None:
    client, read = sign_in(world.coordinator), []

    class Body(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            read.append(size)
            return super().read(size)

    # What goes into the environment of a request is of many types: Any.
    sent: Any = {"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": Body(b"--x")}
    answer = client.post(reverse("import", args=[world.team.pk]), **sent)

    assert answer.status_code == 413
    assert "at most 6 MB can be sent here. Nothing was changed." in answer.content.decode()
    assert not read


def test_sending_no_file_asks_for_one(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.coordinator).post(reverse("import", args=[world.team.pk]))

    assert answer.status_code == 422
    assert "Choose the .xlsx file of the team." in answer.content.decode()


def test_what_would_happen_differently_by_now_is_shown_first(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    make_row(team=world.team, pin="001201", person="Tess Sample")

    answer = client.post(address, sent)

    assert answer.status_code == 409
    assert "Nothing is imported yet" in answer.content.decode()
    assert TrackerRow.objects.filter(team=world.team).count() == 1


def test_a_change_that_has_nothing_to_do_with_the_file_does_not_stop_it(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    make_row(team=world.team, pin="000999")

    client.post(address, sent)

    assert TrackerRow.objects.filter(team=world.team).count() == 2


def while_the_plan_is_made(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Somebody changes the tracker once, between the plan of the next import and its lock."""
    left = [change]

    def make_plan(*args: Any, **kwargs: Any) -> Plan:
        plan = compare.make_plan(*args, **kwargs)
        if left:
            left.pop()()
        return plan

    monkeypatch.setattr(importing, "make_plan", make_plan)


def test_in_a_meeting_somebody_always_saves_and_an_import_goes_through(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team, pin="000999")
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    edit = partial(edit_cell, row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)
    while_the_plan_is_made(monkeypatch, edit)

    answer = client.post(address, sent)

    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    assert row.owner == "AN"
    assert TrackerRow.objects.filter(team=world.team).count() == 2


def test_what_somebody_changed_while_the_plan_was_made_is_shown_first(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({"owner": "KW"}))
    edit = partial(edit_cell, row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)
    while_the_plan_is_made(monkeypatch, edit)

    answer = client.post(address, sent)

    assert answer.status_code == 409
    assert "Somebody has just changed this tracker" in answer.content.decode()
    row.refresh_from_db()
    assert row.owner == "AN"


def test_nothing_is_changed_before_the_word_is_given(world: World, sign_in: SignIn) -> None:
    words = Need.objects.count()

    previewed(sign_in(world.coordinator), world.team, workbook({"needed": "Waiting for panel"}))

    assert TeamLog.head_of(world.team.pk) == 0
    assert not TrackerRow.objects.exists()
    assert not TeamColumn.objects.exists()
    assert Need.objects.count() == words


def test_the_preview_tells_each_message_with_its_address(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address = upload(client, world.team, workbook({"by_when": "TBC"})).headers["Location"]

    page = client.get(address).content.decode()

    assert "G2 (By when) is read as blank: “TBC” is not a date" in page
    assert re.search(r'<td class="cell-text" data-level="warning"></td>', page)


def test_another_persons_upload_is_not_there(world: World, sign_in: SignIn) -> None:
    address, sent = previewed(sign_in(world.coordinator), world.team, workbook({}))
    manager = sign_in(world.manager)

    assert manager.get(address).status_code == 404
    assert manager.post(address, sent).status_code == 404
    assert not TrackerRow.objects.exists()


def test_an_upload_is_kept_for_an_hour(world: World, sign_in: SignIn) -> None:
    with time_machine.travel("2026-11-20 10:00", tick=False) as clock:
        client = sign_in(world.coordinator)
        address, sent = previewed(client, world.team, workbook({}))
        clock.shift(timedelta(hours=1, seconds=1))
        # The session has ended by then as well.
        client.force_login(world.coordinator)

        answer = client.post(address, sent)

    assert answer.status_code == 404
    assert not TrackerRow.objects.exists()


def test_an_upload_that_is_over_goes_with_the_next_one(world: World, sign_in: SignIn) -> None:
    with time_machine.travel("2026-11-20 10:00", tick=False) as clock:
        upload(sign_in(world.coordinator), world.team, workbook({}))
        clock.shift(timedelta(hours=1, seconds=1))
        upload(sign_in(world.manager), world.team, workbook({}))

    assert ParkedImport.objects.get().person == world.manager


def test_pressing_import_twice_imports_once(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    first = client.post(address, sent)

    second = client.post(address, sent)

    assert second.headers["Location"] == first.headers["Location"]
    assert TrackerRow.objects.count() == 1
    assert not ParkedImport.objects.exists()


def test_giving_it_up_forgets_the_file(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))

    client.post(address, {**sent, "discard": "1"})

    assert not ParkedImport.objects.exists()
    assert not TrackerRow.objects.exists()


def test_a_side_is_chosen_cell_by_cell(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN", action="Ring school")
    client = sign_in(world.coordinator)
    data = workbook({"owner": "KW", "action": "Ring nurse"})
    address, sent = previewed(client, world.team, data)

    client.post(address, {**sent, "keep-2-owner": "file"})

    row.refresh_from_db()
    assert (row.owner, row.action) == ("KW", "Ring school")


def test_the_file_may_be_taken_everywhere(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN", update="Rung")
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({"owner": "KW"}))
    client.post(address, {**sent, "keep": "file"})

    client.post(address, fields_of(client.get(address)))

    row.refresh_from_db()
    assert (row.owner, row.update) == ("KW", "")


def test_a_side_is_chosen_for_a_column(world: World, sign_in: SignIn) -> None:
    for number in (1, 2):
        make_row(
            team=world.team, pin=f"00120{number}", person="Tess Sample", owner="AN", action="Ring school"
        )
    client = sign_in(world.coordinator)
    data = workbook({"owner": "KW"}, {"pin": "001202", "owner": "KW"})
    address, sent = previewed(client, world.team, data)
    client.post(address, {**sent, "column-owner": "file", "again": "1"})

    client.post(address, {**fields_of(client.get(address)), "column-owner": "file", "keep-3-owner": "ours"})

    rows = TrackerRow.objects.filter(team=world.team)
    assert [(row.owner, row.action) for row in rows] == [("KW", "Ring school"), ("AN", "Ring school")]


def test_choices_on_one_page_are_kept_on_the_next(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "CONFLICTS", 1)
    row = make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN", action="Ring school")
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({"action": "Ring nurse", "owner": "KW"}))
    second = client.post(address, {**sent, "keep-2-action": "file", "page": "2"}).headers["Location"]

    client.post(address, {**fields_of(client.get(second)), "keep-2-owner": "file"})

    row.refresh_from_db()
    assert (row.owner, row.action) == ("KW", "Ring nurse")


def test_a_conflict_says_who_wrote_ours_and_when(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    with time_machine.travel("2026-11-18 09:30Z", tick=False):
        edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)
    client = sign_in(world.coordinator)
    address = upload(client, world.team, workbook({"owner": "KW"})).headers["Location"]

    page = client.get(address).content.decode()

    assert re.search(rf"{world.manager.name}\s*<time[^>]*>18/11/26 09:30</time>", page)


def test_an_import_is_undone_whole(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({"owner": "KW"}, {"pin": "001202"}))
    done = client.post(address, sent).headers["Location"]

    client.post(done)

    row.refresh_from_db()
    assert (row.owner, row.state) == ("", RowState.OPEN)
    assert TrackerRow.objects.open().filter(team=world.team).count() == 1
    assert "This import was undone." in client.get(done).content.decode()


def test_what_was_undone_may_be_imported_again(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    client.post(client.post(address, sent).headers["Location"])

    address, sent = previewed(client, world.team, workbook({}))
    client.post(address, sent)

    assert TrackerRow.objects.open().filter(team=world.team).count() == 1


def test_an_undo_that_would_discard_somebodys_work_is_refused(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    done = client.post(address, sent).headers["Location"]
    row = TrackerRow.objects.select_related("team", "case").get()
    edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)

    page = client.post(done, follow=True).content.decode()

    assert f"{world.manager.name} changed this after you" in page
    assert TrackerRow.objects.get().state == RowState.OPEN


def test_another_persons_import_is_not_there_to_be_undone(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({}))
    done = client.post(address, sent).headers["Location"]

    assert sign_in(world.manager).post(done).status_code == 404
    assert TrackerRow.objects.get().state == RowState.OPEN


def test_preview_and_import_leave_their_entries(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    client = sign_in(world.coordinator)
    address, sent = previewed(client, world.team, workbook({"owner": "KW"}))
    client.post(address, sent)

    viewed = AuditEvent.objects.get(purpose="import preview")
    imported = AuditEvent.objects.get(kind=AuditEvent.Kind.IMPORT)
    assert viewed.row_ids == [row.pk]
    assert (imported.actor_id, imported.row_ids) == (world.coordinator.pk, [row.pk])


@pytest.mark.parametrize("name", ["import", "import_preview", "import_done"])
def test_other_methods_are_refused(world: World, sign_in: SignIn, name: str) -> None:
    more = [] if name == "import" else [uuid4()]

    answer = sign_in(world.coordinator).put(reverse(name, args=[world.team.pk, *more]))

    assert answer.status_code == 405


def test_a_file_of_which_everything_is_here_changes_nothing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.coordinator)
    for _ in range(2):
        address, sent = previewed(client, world.team, workbook({}))
        client.post(address, sent)

    assert Change.objects.count() == 1
