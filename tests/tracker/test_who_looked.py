"""Who looked at a case, and everything about a PIN between two days."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import audit
from accounts.log import entries_of
from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import move_row
from tracker.changes.meetings import start_meeting
from tracker.models import TrackerRow

SignIn = Callable[[User], Client]


@pytest.fixture
def row(world: World) -> TrackerRow:
    """A case of Amber Team 1."""
    return make_row(team=world.team, by=world.coordinator, person="Ed Test", pin="000002")


def test_every_page_that_showed_the_case_is_there_with_who_and_when(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    sign_in(world.supervisor).get(reverse("tracker", args=[world.team.pk]))
    sign_in(world.head).get(reverse("history", args=[row.pk]))
    other = make_row(team=world.team, by=world.coordinator)
    sign_in(world.coordinator).get(reverse("row", args=[other.pk]))

    page = sign_in(world.manager).get(reverse("who_viewed", args=[row.pk]))

    told = [(line.who, line.what) for line in page.context["lines"]]
    assert told == [(world.head.name, "History of the case"), (world.supervisor.name, "Tracker")]
    entry = AuditEvent.objects.latest("pk")
    assert (entry.purpose, entry.row_ids) == ("who looked at a case", [row.pk])


def test_a_row_that_reached_an_open_page_later_is_an_entry_of_its_own(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client = sign_in(world.supervisor)
    first = str(client.get(reverse("tracker", args=[world.team.pk])).context["entry"])
    late = make_row(team=world.team, by=world.coordinator)
    asked = {"ids": f"{row.pk},{late.pk}", "entry": first}
    for _ in range(2):
        client.get(reverse("rows", args=[world.team.pk]), asked)

    page = sign_in(world.manager).get(reverse("who_viewed", args=[late.pk]))

    assert [(line.who, line.what) for line in page.context["lines"]] == [
        (world.supervisor.name, "Tracker; rows that reached the open page later")
    ]
    assert AuditEvent.objects.get(pk=first).row_ids == [row.pk]


@pytest.mark.parametrize("whose", ["nobody's", "invented", "another's", "another team's"])
def test_who_asks_for_rows_without_a_page_of_their_own_leaves_an_entry_each_time(
    world: World, sign_in: SignIn, row: TrackerRow, whose: str
) -> None:
    client, tracker = sign_in(world.head), reverse("tracker", args=[world.team.pk])
    pages = {
        "nobody's": "",
        "invented": "123456789",
        "another's": str(sign_in(world.manager).get(tracker).context["entry"]),
        "another team's": str(client.get(reverse("tracker", args=[world.neighbour.pk])).context["entry"]),
    }
    before = AuditEvent.objects.latest("pk").pk

    for _ in range(2):
        client.get(reverse("rows", args=[world.team.pk]), {"ids": str(row.pk), "entry": pages[whose]})

    told = AuditEvent.objects.filter(pk__gt=before).order_by("pk")
    assert [(one.actor_id, one.team_id, one.purpose, one.row_ids, one.page_id) for one in told] == [
        (world.head.pk, world.team.pk, "rows", [row.pk], None)
    ] * 2


def test_who_asks_for_the_list_of_a_meeting_without_its_page_leaves_an_entry(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client = sign_in(world.manager)
    start_meeting(team=world.team, by=world.manager)
    before = AuditEvent.objects.latest("pk").pk

    client.get(reverse("meeting_agenda", args=[world.team.pk]))

    told = AuditEvent.objects.get(pk__gt=before)
    assert (told.actor_id, told.purpose, told.row_ids) == (world.manager.pk, "meeting", [row.pk])


def test_what_the_log_is_known_to_say_is_neither_asked_nor_written_again(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client, address = sign_in(world.supervisor), reverse("rows", args=[world.team.pk])
    first = str(client.get(reverse("tracker", args=[world.team.pk])).context["entry"])
    client.get(address, {"ids": str(row.pk), "entry": first})

    with CaptureQueriesContext(connection) as asked:
        client.get(address, {"ids": str(row.pk), "entry": first})

    assert [query["sql"] for query in asked.captured_queries if "auditevent" in query["sql"]] == []


def test_what_is_known_of_one_page_hides_no_other_row_and_no_other_page(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client, address = sign_in(world.supervisor), reverse("rows", args=[world.team.pk])
    tracker = reverse("tracker", args=[world.team.pk])
    page, other = (int(str(client.get(tracker).context["entry"])) for _ in range(2))
    client.get(address, {"ids": row.pk, "entry": page})
    late, later = (make_row(team=world.team, by=world.coordinator) for _ in range(2))

    for entry, ids in ((page, late.pk), (page, f"{late.pk},{later.pk}"), (other, late.pk), (page, later.pk)):
        client.get(address, {"ids": ids, "entry": entry})

    told = AuditEvent.objects.exclude(page_id=None).order_by("pk").values_list("page_id", "row_ids")
    assert list(told) == [(page, [late.pk]), (page, [later.pk]), (other, [late.pk])]


def test_the_link_stands_on_the_page_of_who_may_follow_it(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    address = reverse("who_viewed", args=[row.pk])
    pages = {
        person: sign_in(person).get(reverse("row", args=[row.pk])).content.decode()
        for person in (world.manager, world.head, world.officer, world.supervisor)
    }

    assert [address in page for page in pages.values()] == [True, True, True, False]
    assert sign_in(world.supervisor).get(address).status_code == 403


def test_the_page_takes_the_same_statements_for_few_entries_and_many(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client = sign_in(world.manager)

    def taken() -> int:
        client.get(reverse("who_viewed", args=[row.pk]))  # seals what is new
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("who_viewed", args=[row.pk]))
        return len(asked)

    few = taken()
    for _ in range(150):
        audit.record(AuditEvent.Kind.VIEW, by=world.head, purpose="row", team=world.team, row_ids=[row.pk])

    assert taken() == few


def asked_for(pin: str, **more: str) -> dict[str, str]:
    today = timezone.localdate()
    return {"pin": pin, "since": str(today - timedelta(days=2)), "until": str(today), **more}


def test_everything_about_a_pin_is_who_saw_changed_exported_and_printed_it(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.supervisor)
    sign_in(world.head).get(reverse("row", args=[row.pk]))
    sign_in(world.coordinator).post(reverse("export", args=[world.team.pk]), {"names": "initials"})
    edit_cell(row=row, field="pin", new=cleaned("pin", "000777"), base=row.rev("pin"), by=world.coordinator)
    officer = sign_in(world.officer)

    pages = [officer.post(reverse("log_of_pin"), asked_for(pin)) for pin in ("000777", "000002")]
    none = officer.post(reverse("log_of_pin"), asked_for("999999"))

    for page in pages:
        told = [(line.who, line.what) for line in page.context["lines"] if "PIN" not in line.kind]
        assert (world.supervisor.name, "Owner: changed") in told
        assert (world.head.name, "Page of the case") in told
        assert (world.coordinator.name, "Export workbook; initials only") in told
        assert (world.coordinator.name, "PIN: changed") in told
    assert "No case has or had this PIN" in none.content.decode()
    assert AuditEvent.objects.filter(purpose="log of a PIN", row_ids=[row.pk]).count() == 2


def test_a_pin_that_was_mended_after_a_move_has_what_was_done_where_the_case_was_before(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.supervisor)
    moved = move_row(row=row, to=world.neighbour, by=world.officer).row
    there = TrackerRow.objects.with_all().select_related("team__locality").get(pk=moved or 0)
    edit_cell(row=there, field="pin", new=cleaned("pin", "000777"), base=there.rev("pin"), by=world.officer)

    page = sign_in(world.officer).post(reverse("log_of_pin"), asked_for("000002"))

    told = [(line.where, line.what) for line in page.context["lines"]]
    assert (world.team.name, "Owner: changed") in told
    assert (world.neighbour.name, "PIN: changed") in told


def test_the_answer_comes_as_a_workbook_whose_texts_are_texts(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    world.head.name = "=HYPERLINK(1)"
    world.head.save()
    sign_in(world.head).get(reverse("row", args=[row.pk]))

    answer = sign_in(world.officer).post(reverse("log_of_pin"), asked_for("000002", xlsx="1"))

    sheet = load_workbook(io.BytesIO(answer.content))["Log"]
    assert [(cell.value, cell.data_type) for cell in sheet["B"][2:3]] == [("=HYPERLINK(1)", "s")]
    assert sheet.max_row == 2 + 2
    assert "000002" not in answer.headers["Content-Disposition"]
    assert AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORT).row_ids == [row.pk]


@pytest.mark.parametrize("wrong", [{"pin": ""}, {"since": "x"}, {"until": "2020-01-01"}, {"pin": "0" * 30}])
def test_a_question_that_cannot_be_read_is_answered_in_words(
    world: World, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    page = sign_in(world.officer).post(reverse("log_of_pin"), asked_for("1") | wrong)

    assert page.status_code == 422
    assert "errorlist" in page.content.decode()


def test_pages_of_both_logs_do_not_lose_a_line(world: World, sign_in: SignIn, row: TrackerRow) -> None:
    for number in range(60):
        row = TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)
        edit_cell(
            row=row,
            field="owner",
            new=cleaned("owner", f"J{number}"),
            base=row.rev("owner"),
            by=world.manager,
        )
        audit.record(AuditEvent.Kind.VIEW, by=world.head, purpose="row", team=world.team, row_ids=[row.pk])
    officer = sign_in(world.officer)

    first = officer.post(reverse("log_of_pin"), asked_for("000002"))
    second = officer.post(reverse("log_of_pin"), asked_for("000002", page="2"))

    shown = [*first.context["lines"], *second.context["lines"]]
    assert len(first.context["lines"]) == 100
    assert len(shown) == 60 + 60 + 1 + 1  # the case was added, and the first page was a look itself
    assert [line.at for line in shown[:100]] == sorted((line.at for line in shown[:100]), reverse=True)


@pytest.mark.sqlite
def test_the_entries_of_a_row_are_found_by_an_index(world: World, row: TrackerRow) -> None:
    plan = entries_of([row.pk]).explain()

    assert "entries_of_a_row" in plan
    assert "SCAN accounts_auditevent" not in plan
