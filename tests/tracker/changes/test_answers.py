"""The head of service answers a difficulty: who may, what it leaves behind, when it counts no more."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.permissions import Refused
from accounts.roles import Role
from tests.conftest import World
from tests.factories import a_difficulty, cleaned, make_row
from tracker.changes.answers import answer_difficulty
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.changes.refusals import Invalid, RowGone
from tracker.changes.words import merge_words
from tracker.choices import ChangeKind
from tracker.models import Answer, Change, Difficulty, Outcome, TrackerRow


@pytest.fixture
def row(world: World) -> TrackerRow:
    """A case that waits for an answer."""
    return make_row(team=world.team, by=world.officer, difficulty=a_difficulty(0))


def answer(row: TrackerRow, world: World, text: str, *, base: int | None = None) -> None:
    fresh = TrackerRow.objects.get(pk=row.pk)
    seen = fresh.rev("answer") if base is None else base
    answer_difficulty(row=row, difficulty=a_difficulty(0), text=text, base=seen, by=world.head)


def change_difficulty(row: TrackerRow, world: World, to: Difficulty | None) -> None:
    fresh = TrackerRow.objects.get(pk=row.pk)
    new = cleaned("difficulty", to)
    edit_cell(row=fresh, field="difficulty", new=new, base=fresh.rev("difficulty"), by=world.manager)


def wordings(row: TrackerRow) -> list[tuple[str, str]]:
    entries = Change.objects.filter(row=row, kind=ChangeKind.ANSWER).order_by("seq")
    return list(entries.values_list("old", "new"))


def test_an_answer_stands_by_its_row_and_in_its_history(world: World, row: TrackerRow) -> None:
    answer(row, world, "I ring the early help manager today.")

    assert row.pk in TrackerRow.objects.answered().values_list("pk", flat=True)
    assert TrackerRow.objects.with_all().get(pk=row.pk).answered_at is not None
    assert wordings(row) == [("", "I ring the early help manager today.")]


def test_a_new_wording_takes_the_place_of_the_old_one_which_the_history_keeps(
    world: World, row: TrackerRow
) -> None:
    answer(row, world, "Soon")
    answer(row, world, "On Monday")

    assert Answer.objects.get(row=row).text == "On Monday"
    assert wordings(row) == [("", "Soon"), ("Soon", "On Monday")]


def test_a_withdrawn_answer_leaves_the_row_waiting_and_the_history_whole(
    world: World, row: TrackerRow
) -> None:
    answer(row, world, "Soon")
    answer(row, world, "")

    assert list(TrackerRow.objects.unanswered()) == [row]
    assert wordings(row) == [("", "Soon"), ("Soon", "")]


def test_the_same_answer_again_changes_nothing(world: World, row: TrackerRow) -> None:
    answer(row, world, "Soon")
    answer(row, world, "Soon")

    assert len(wordings(row)) == 1


@pytest.mark.parametrize("detour", [None, 1])
def test_a_difficulty_that_was_raised_anew_waits_again(
    world: World, row: TrackerRow, detour: int | None
) -> None:
    answer(row, world, "Soon")
    change_difficulty(row, world, None if detour is None else a_difficulty(detour))
    change_difficulty(row, world, a_difficulty(0))

    assert list(TrackerRow.objects.unanswered()) == [row]
    assert TrackerRow.objects.with_all().get(pk=row.pk).answered_at is None


def test_a_difficulty_that_was_merged_into_another_word_keeps_its_answer(
    world: World, row: TrackerRow
) -> None:
    answer(row, world, "Soon")

    merge_words(word=a_difficulty(0), into=a_difficulty(1), by=world.officer)

    assert list(TrackerRow.objects.answered()) == [row]


def test_an_answer_stays_while_other_fields_change(world: World, row: TrackerRow) -> None:
    answer(row, world, "Soon")
    fresh = TrackerRow.objects.get(pk=row.pk)
    edit_cell(row=fresh, field="action", new=cleaned("action", "Ring"), base=0, by=world.manager)

    assert list(TrackerRow.objects.answered()) == [row]


def test_another_difficulty_than_the_one_seen_is_not_answered(world: World, row: TrackerRow) -> None:
    change_difficulty(row, world, a_difficulty(1))

    with pytest.raises(Invalid, match="by now"):
        answer(row, world, "Soon")
    assert not Answer.objects.exists()


def test_there_is_nothing_to_answer_where_the_difficulty_was_taken_off(world: World, row: TrackerRow) -> None:
    change_difficulty(row, world, None)

    with pytest.raises(Invalid, match="nothing to answer"):
        answer(row, world, "Soon")


def test_an_answer_written_meanwhile_is_shown_and_not_overwritten(world: World, row: TrackerRow) -> None:
    answer(row, world, "On Monday")

    with pytest.raises(Invalid, match="On Monday"):
        answer(row, world, "Never", base=0)
    assert Answer.objects.get(row=row).text == "On Monday"


def test_a_closed_case_takes_no_answer(world: World, row: TrackerRow) -> None:
    close_row(row=row, outcome=Outcome.objects.choosable()[0], by=world.manager)

    with pytest.raises(RowGone):
        answer(row, world, "Soon")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD_OF_SERVICE])
def test_only_a_head_of_service_answers(world: World, row: TrackerRow, role: Role) -> None:
    with pytest.raises(Refused):
        answer_difficulty(row=row, difficulty=a_difficulty(0), text="Soon", base=0, by=world.person(role))


def test_waiting_is_counted_from_when_the_difficulty_was_raised(world: World) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=20), tick=False):
        old, raised_late = (
            make_row(team=world.team, by=world.officer, difficulty=a_difficulty(0)) for _ in range(2)
        )
    with time_machine.travel(now - timedelta(days=13), tick=False):
        change_difficulty(raised_late, world, a_difficulty(1))

    waiting = TrackerRow.objects.unanswered_since(now - timedelta(days=14))

    assert list(waiting) == [old]
