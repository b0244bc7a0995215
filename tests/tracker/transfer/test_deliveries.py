"""Many workbooks at once: step by step, stopped and gone on with, and never twice."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Team
from accounts.permissions import Refused
from accounts.roles import Role
from tests.conftest import World
from tests.factories import cleaned, make_row
from tests.tracker.transfer.acts import workbook
from tests.tracker.workbook.files import TODAY, read
from tracker import delivering
from tracker.changes import deliveries
from tracker.changes.bulk import TrackerMoved, import_rows
from tracker.changes.deliveries import choose_teams, confirm, deliver, discard, settle
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import Invalid
from tracker.changes.undo import undo_operation
from tracker.delivering import take_step
from tracker.importing import many
from tracker.importing.many import proposed, read_file
from tracker.models import DeliveredFile, Delivery, FileState, Operation, TrackerRow
from tracker.workbook.bundle import Sent
from tracker.workbook.guard import check_bytes

A = workbook({"pin": "1", "person": "Ann"}, {"pin": "2", "person": "Ben"})
B = workbook({"pin": "3", "person": "Cy"}, {"pin": "", "person": "", "action": "nobody"})
LETTER = b"Dear all,"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child process has its own tests; here files are read at once."""

    def read_here(data: bytes, **_: object) -> object:
        check_bytes(data)
        return read(data)

    monkeypatch.setattr(many, "read_in_child", read_here)


def handed_in(world: World, *files: tuple[str, bytes]) -> Delivery:
    assert [world.team, world.neighbour, world.foreign]
    sent = [Sent(name, data) for name, data in files]
    return deliver(files=sent, by=world.officer, now=timezone.now())


def through(delivery: Delivery, world: World, most: int = 100) -> int:
    """Takes steps until all is done, or at most so many; how many there were."""
    for number in range(most):
        if take_step(delivery=delivery, by=world.officer, today=TODAY) is None:
            return number
    return most


def act_of(file: DeliveredFile) -> Operation:
    assert file.op
    return Operation.objects.get(op=file.op)


def states(delivery: Delivery) -> dict[str, str]:
    return {file.name: file.state for file in delivery.files.all()}


def persons(team: Team) -> list[str]:
    return sorted(row.person for row in TrackerRow.objects.open().filter(team=team).with_all())


@pytest.fixture
def delivery(world: World) -> Delivery:
    """Two workbooks and a letter among them."""
    return handed_in(
        world, ("Amber Team 1 IC Meetings.xlsx", A), ("letter.xlsx", LETTER), ("Bolsover Team 1/ICM.xlsx", B)
    )


def test_reading_changes_nothing_and_tells_what_each_would_do(world: World, delivery: Delivery) -> None:
    through(delivery, world)

    first, letter, second = delivery.files.all()
    assert (first.team, first.counts["added"], first.left_over) == (world.team, 2, 0)
    assert (letter.state, letter.refusal[:30]) == (FileState.REFUSED, "This is not an Excel workbook:")
    assert (second.team, second.counts["added"], second.counts["held_back"]) == (world.foreign, 1, 1)
    assert second.left_over == 1
    assert [file.data for file in (first, letter, second)] == [None, None, None]
    assert not TrackerRow.objects.exists()


def test_one_confirm_brings_all_of_them_in_each_as_an_act_of_its_own(
    world: World, delivery: Delivery
) -> None:
    through(delivery, world)

    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world)

    assert persons(world.team) == ["Ann", "Ben"]
    assert persons(world.foreign) == ["Cy"]
    assert Operation.objects.filter(kind="import", by=world.officer).count() == 2
    assert [file.reading for file in delivery.files.all()] == ["", "", ""]
    assert Delivery.objects.with_leftovers().get() == delivery


def test_an_import_is_undone_by_itself(world: World, delivery: Delivery) -> None:
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world)

    first = delivery.files.all()[0]
    undo_operation(operation=act_of(first), by=world.officer)

    assert (persons(world.team), persons(world.foreign)) == ([], ["Cy"])


@pytest.mark.parametrize("stop_after", range(1, 7))
def test_whoever_is_stopped_goes_on_and_nothing_is_done_twice(
    world: World, delivery: Delivery, stop_after: int
) -> None:
    taken = through(delivery, world, stop_after)
    if taken == stop_after:
        through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world, 1)

    # A second start hands the same files in once more, and both are gone through.
    again = handed_in(world, *(("Amber Team 1.xlsx", A), ("Bolsover Team 1.xlsx", B)))
    through(again, world)
    confirm(delivery=again, by=world.officer, now=timezone.now())
    through(again, world)
    through(delivery, world)

    assert persons(world.team) == ["Ann", "Ben"]
    assert persons(world.foreign) == ["Cy"]
    assert Operation.objects.filter(kind="import").count() == 2


def test_a_file_that_came_in_is_known_again_and_what_was_changed_since_stays(
    world: World, delivery: Delivery
) -> None:
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world)
    row = TrackerRow.objects.select_related("team__locality").get(case__pin="1")
    edit_cell(
        row=row, field="action", new=cleaned("action", "Ours"), base=row.rev("action"), by=world.officer
    )

    again = handed_in(world, ("Amber Team 1 renamed.xlsx", A))
    through(again, world)
    confirm(delivery=again, by=world.officer, now=timezone.now())
    through(again, world)

    assert states(again) == {"Amber Team 1 renamed.xlsx": FileState.SAME}
    row.refresh_from_db()
    assert row.action == "Ours"


def test_a_file_whose_import_was_undone_comes_in_again(world: World) -> None:
    for _ in range(2):
        delivery = handed_in(world, ("Amber Team 1.xlsx", A))
        through(delivery, world)
        confirm(delivery=delivery, by=world.officer, now=timezone.now())
        through(delivery, world)
        assert persons(world.team) == ["Ann", "Ben"]
        undo_operation(operation=act_of(delivery.files.get()), by=world.officer)


def test_a_file_that_breaks_the_program_stops_no_other(
    world: World, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(file: object, **told: object) -> None:
        if str(file).startswith("Amber"):
            raise RuntimeError("killed")
        read_file(file, **told)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(delivering, "read_file", breaks)
    for _ in range(20):
        try:
            take_step(delivery=delivery, by=world.officer, today=TODAY)
        except RuntimeError:
            continue

    first, _, second = delivery.files.all()
    assert (first.state, first.refusal) == (FileState.REFUSED, deliveries.GAVE_UP)
    assert second.state == FileState.READ


def test_a_tracker_that_moves_is_tried_again_after_the_others(
    world: World, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    met = []

    def moved_once(*, team: Team, **told: object) -> object:
        met.append(team)
        if len(met) == 1:
            raise TrackerMoved
        return import_rows(team=team, **told)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(deliveries, "import_rows", moved_once)
    through(delivery, world)

    assert met == [world.team, world.foreign, world.team]
    assert persons(world.team) == ["Ann", "Ben"]


def test_another_team_is_compared_anew_and_confirmed_anew(world: World, delivery: Delivery) -> None:
    make_row(team=world.neighbour, by=world.officer, pin="1", person="Ann")
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    first = delivery.files.all()[0]

    changed = choose_teams(delivery=delivery, teams={first.pk: world.neighbour}, by=world.officer)
    delivery.refresh_from_db()
    through(delivery, world)

    first.refresh_from_db()
    assert changed
    assert delivery.confirmed_at is None
    assert (first.state, first.counts["added"]) == (FileState.READ, 1)


def test_a_file_without_a_team_is_left_out(world: World) -> None:
    delivery = handed_in(world, ("who knows.xlsx", A))
    through(delivery, world)

    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world)

    assert states(delivery) == {"who knows.xlsx": FileState.READ}
    assert not TrackerRow.objects.exists()


def test_the_same_child_in_two_files_is_held_back_and_told(world: World) -> None:
    delivery = handed_in(world, ("Amber Team 1.xlsx", A), ("Amber Team 2.xlsx", A))
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world)

    second = delivery.files.all()[1]
    assert second.counts["held_back"] == 2
    assert "is open on Amber Team 1" in second.messages[0]["text"]


def test_what_nobody_imported_is_let_go_after_a_day_and_reports_after_thirty(world: World) -> None:
    old = handed_in(world, ("Amber Team 1.xlsx", A), ("Amber Team 2.xlsx", B))
    through(old, world, 1)
    Delivery.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=2))
    handed_in(world, ("x.xlsx", A))

    assert {(file.state, file.data, file.reading) for file in old.files.all()} == {
        (FileState.REFUSED, None, "")
    }
    Delivery.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    handed_in(world, ("x.xlsx", A))
    assert not Delivery.objects.filter(pk=old.pk).exists()


def test_giving_up_keeps_the_report_of_what_came_in(world: World, delivery: Delivery) -> None:
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world, 1)

    discard(delivery=delivery, by=world.officer)

    assert sorted(states(delivery).values()) == [FileState.IMPORTED, FileState.REFUSED]


def test_what_is_settled_waits_no_more(world: World, delivery: Delivery) -> None:
    through(delivery, world)
    confirm(delivery=delivery, by=world.officer, now=timezone.now())
    through(delivery, world)

    settle(delivery=delivery, by=world.officer, now=timezone.now())

    assert not Delivery.objects.with_leftovers().exists()


def test_nothing_is_no_delivery(world: World) -> None:
    with pytest.raises(Invalid, match="There is no workbook in it"):
        handed_in(world)

    assert not Delivery.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PERFORMANCE_OFFICER])
def test_nobody_but_an_officer_imports_many(world: World, delivery: Delivery, role: Role) -> None:
    by, now = world.person(role), timezone.now()

    acts: list[Callable[[], object]] = [
        lambda: deliver(files=[Sent("a", b"x")], by=by, now=now),
        lambda: take_step(delivery=delivery, by=by, today=TODAY),
        lambda: choose_teams(delivery=delivery, teams={}, by=by),
        lambda: confirm(delivery=delivery, by=by, now=now),
        lambda: settle(delivery=delivery, by=by, now=now),
        lambda: discard(delivery=delivery, by=by),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()


@pytest.mark.parametrize(
    ("names", "team"),
    [
        (["Amber Valley Team 1 IC Meetings.xlsx"], "Amber Valley Team 1"),
        (["icm-amber-valley-team-2-quirks.xlsx"], "Amber Valley Team 2"),
        (["AMBER_VALLEY_TEAM_10 (1) - Copy.xlsx"], "Amber Valley Team 10"),
        (["amber-valley-team-1-tracker-2026-11-24.xlsx"], "Amber Valley Team 1"),
        (["Tracker.xlsx", "Fern & Moss Team"], "Fern & Moss Team"),
        (["ICM.xlsx", "", "Fern & Moss Team", "Tracker"], "Fern & Moss Team"),
        (["Amber Valley IC Meetings.xlsx"], None),
        (["Amber Valley Team 1 and Amber Valley Team 2.xlsx"], None),
        (["Amber Valley Team 3.xlsx"], None),
        (["", "", ""], None),
    ],
)
def test_a_team_is_proposed_by_the_words_of_its_name(names: Sequence[str], team: str | None) -> None:
    called = (
        "Amber Valley Team 1",
        "Amber Valley Team 2",
        "Amber Valley Team 10",
        "Fern & Moss Team",
        "Team 3x",
    )
    teams = [Team(pk=number, name=name) for number, name in enumerate(called, start=1)]

    found = proposed(names, teams)

    assert (found.name if found else None) == team
