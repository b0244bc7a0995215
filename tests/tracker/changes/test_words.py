"""The lists of words: what officers may do with them, and what becomes of rows."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from accounts.permissions import Refused
from accounts.roles import Role
from tests.conftest import World
from tests.factories import a_difficulty, a_need, an_outcome, cleaned, make_closed_row, make_row
from tests.tracker.transfer.acts import bring_in, plan_of, workbook
from tracker.changes.bulk import import_rows
from tracker.changes.cells import CellEdit, CellsRefused, write_cells
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import add_case, close_row, reopen_row
from tracker.changes.put_back import put_back
from tracker.changes.refusals import Invalid
from tracker.changes.undo import undo_operation
from tracker.changes.words import (
    accept_word,
    add_word,
    bring_back,
    change_word,
    merge_words,
    move_word,
    retire_word,
)
from tracker.models import MERGE, Change, Need, Operation, Outcome, TeamLog, TrackerRow, Word
from tracker.values import Cleaned


def a_new_word(label: str = "Housing") -> Need:
    """A word that only a workbook brought in."""
    return Need.objects.create(label=label, order=999, reviewed=False)


def needed(row: TrackerRow) -> str:
    """What stands on the row now."""
    return str(TrackerRow.objects.with_all().get(pk=row.pk).needed)


def test_a_word_is_added_at_the_end_of_its_list(world: World) -> None:
    word = add_word(key="needed", label="  Ask   the school ", hint="once", by=world.officer)

    assert Need.objects.choosable().last() == word
    assert (word.label, word.hint) == ("Ask the school", "once")


@pytest.mark.parametrize("typed", ["write UP", "Writeup", " Write  up "])
def test_letter_case_and_spaces_make_no_other_word(world: World, typed: str) -> None:
    with pytest.raises(Invalid, match="“Write up” is in this list already"):
        add_word(key="needed", label=typed, hint="", by=world.officer)


@pytest.mark.parametrize(("typed", "told"), [(" ", "Write the word"), ("a" * 121, "takes 120 characters")])
def test_a_label_that_is_none_is_refused(world: World, typed: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        add_word(key="outcome", label=typed, hint="", by=world.officer)


def test_a_renamed_word_is_renamed_on_its_rows(world: World) -> None:
    row = make_row(team=world.team, needed=a_need())

    change_word(word=a_need(), label="Plan a meeting", hint="", was=a_need().label, by=world.officer)

    assert needed(row) == "Plan a meeting"


def test_who_renames_a_word_that_was_just_renamed_is_told(world: World) -> None:
    was = a_need().label
    change_word(word=a_need(), label="Plan a meeting", hint="", was=was, by=world.officer)

    with pytest.raises(Invalid, match="just renamed this word to “Plan a meeting”"):
        change_word(word=a_need(), label="Meet", hint="", was=was, by=world.officer)


def test_a_word_moves_by_one_place_and_not_over_the_end(world: World) -> None:
    first, second = Need.objects.choosable()[:2]

    move_word(word=first, down=True, by=world.officer)
    move_word(word=second, down=False, by=world.officer)

    assert list(Need.objects.choosable()[:2]) == [second, first]


def test_rows_keep_a_retired_word_and_nobody_else_gets_it(world: World) -> None:
    word = a_need()
    row, other = make_row(team=world.team, needed=word), make_row(team=world.team)

    retire_word(word=word, by=world.officer)

    assert needed(row) == word.label
    with pytest.raises(Invalid, match="is not offered any more"):
        edit_cell(row=other, field="needed", new=cleaned("needed", a_need_by(word)), base=0, by=world.officer)


def a_need_by(word: Word) -> Need:
    """The word as it stands."""
    return Need.objects.get(pk=word.pk)


def test_a_retired_word_comes_back(world: World) -> None:
    word = a_need()
    retire_word(word=word, by=world.officer)

    bring_back(word=a_need_by(word), by=world.officer)

    assert a_need_by(word).offered


def test_an_outcome_of_the_programs_own_is_not_taken_away(world: World) -> None:
    moved = Outcome.objects.get(code="moved")

    for act in (
        lambda: retire_word(word=moved, by=world.officer),
        lambda: merge_words(word=moved, into=an_outcome(), by=world.officer),
    ):
        with pytest.raises(Invalid, match="The program itself uses"):
            act()


def test_the_last_word_of_a_list_stays(world: World) -> None:
    last, *others = Need.objects.choosable()
    for word in others:
        retire_word(word=word, by=world.officer)

    with pytest.raises(Invalid, match="at least one word"):
        retire_word(word=last, by=world.officer)


def test_an_accepted_word_is_offered_under_its_new_name(world: World) -> None:
    word = a_new_word()

    accept_word(word=word, label="Housing needed", by=world.officer)

    assert a_need_by(word) in Need.objects.choosable()
    assert a_need_by(word).label == "Housing needed"


def test_merging_rewrites_open_rows_of_every_team_and_their_history_tells_it(world: World) -> None:
    word, into = a_need(1), a_need()
    rows = [make_row(team=team, needed=word) for team in (world.foreign, world.team, world.neighbour)]
    closed = make_closed_row(team=world.team, needed=word)
    revs = {row.pk: row.rev("needed") for row in rows}

    assert merge_words(word=word, into=into, by=world.officer) == 3

    assert [needed(row) for row in [*rows, closed]] == [into.label] * 3 + [word.label]
    for row in rows:
        row.refresh_from_db()
        change = Change.objects.get(row=row, field="needed")
        assert (change.old, change.new, change.by) == (str(word.pk), str(into.pk), world.officer)
        assert row.rev("needed") == change.rev == revs[row.pk] + 1
        assert TeamLog.head_of(row.team_id) == Change.objects.filter(team=row.team_id).latest("seq").seq
    assert Operation.objects.filter(kind=MERGE).count() == 1
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.WORDS)
    assert (event.purpose, event.detail["rows"], event.detail["into"]) == ("merge words", 3, into.pk)


def test_no_teams_log_has_a_gap_after_a_merge(world: World) -> None:
    make_row(team=world.team, needed=a_need(1))
    make_row(team=world.foreign, needed=a_need(2))

    merge_words(word=a_need(1), into=a_need(2), by=world.officer)
    make_row(team=world.foreign)

    for team in (world.team, world.foreign):
        numbers = list(Change.objects.filter(team=team).order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, TeamLog.head_of(team.pk) + 1))


def test_a_merge_locks_the_logs_in_the_order_of_the_teams(world: World) -> None:
    teams = [world.foreign.pk, world.team.pk, world.neighbour.pk]

    with CaptureQueriesContext(connection) as asked:
        merge_words(word=a_need(1), into=a_need(), by=world.officer)

    said = [query["sql"] for query in asked.captured_queries if "head + 1" in query["sql"]]
    locked = [int(sql.rpartition("team_id = ")[2].split()[0]) for sql in said]
    assert list(dict.fromkeys(locked)) == sorted(teams)


def test_the_next_workbook_with_a_merged_word_means_the_other(world: World) -> None:
    merge_words(word=a_new_word("Roof over head"), into=a_need(), by=world.officer)

    bring_in(workbook({"needed": "roof over  head"}), world.team)

    assert needed(TrackerRow.objects.get()) == a_need().label
    assert not Need.objects.filter(reviewed=False).exists()


def test_a_plan_made_before_a_merge_brings_in_the_word_that_stands(world: World) -> None:
    word = a_new_word("Roof over head")
    plan = plan_of(workbook({"needed": "Roof over head"}), world.team)
    merge_words(word=word, into=a_need(), by=world.officer)

    import_rows(team=world.team, plan=plan, by=world.officer)

    assert needed(TrackerRow.objects.get()) == a_need().label


def test_a_merged_outcome_stands_on_the_closed_rows(world: World) -> None:
    row = make_closed_row(team=world.team)
    into = Outcome.objects.choosable().filter(code="").exclude(pk=row.outcome_id or 0)[0]
    assert row.outcome is not None

    merge_words(word=row.outcome, into=into, by=world.officer)

    row.refresh_from_db()
    assert row.outcome == into


def test_a_merged_word_that_comes_back_takes_its_untouched_rows_along(world: World) -> None:
    word, into, third = a_need(1), a_need(2), a_need(3)
    kept, touched = make_row(team=world.team, needed=word), make_row(team=world.foreign, needed=word)
    merge_words(word=word, into=into, by=world.officer)
    touched.refresh_from_db()
    edit_cell(row=touched, field="needed", new=cleaned("needed", third), base=1, by=world.officer)

    assert bring_back(word=a_need_by(word), by=world.officer) == 1

    assert [needed(kept), needed(touched)] == [word.label, third.label]
    assert a_need_by(word).offered


def test_what_was_merged_into_a_word_follows_it_further(world: World) -> None:
    first, second, third = a_need(1), a_need(2), a_need(3)
    merge_words(word=first, into=second, by=world.officer)

    merge_words(word=second, into=third, by=world.officer)

    assert a_need_by(first).merged_into == third


@pytest.mark.parametrize("case", ["itself", "retired", "already merged"])
def test_what_cannot_be_merged_is_refused_in_words(world: World, case: str) -> None:
    word, into = a_need(1), a_need(1) if case == "itself" else a_need(2)
    if case == "retired":
        retire_word(word=into, by=world.officer)
    if case == "already merged":
        merge_words(word=word, into=a_need(3), by=world.officer)

    with pytest.raises(Invalid):
        merge_words(word=word, into=into, by=world.officer)


@pytest.mark.parametrize("way", ["edit", "add", "paste"])
def test_a_need_that_was_read_just_before_it_was_merged_is_not_written(world: World, way: str) -> None:
    row, word = make_row(team=world.team), a_need(1)
    late = Cleaned(str(word.pk), word)
    merge_words(word=a_need(1), into=a_need(), by=world.officer)

    ways: dict[str, Callable[[], object]] = {
        "edit": lambda: edit_cell(row=row, field="needed", new=late, base=0, by=world.officer),
        "add": lambda: add_case(
            team=world.team, values={"person": cleaned("person", "A"), "needed": late}, by=world.officer
        ),
        "paste": lambda: write_cells(
            team=world.team, edits=[CellEdit(0, row.pk, "needed", late)], by=world.officer, op=uuid4()
        ),
    }
    with pytest.raises((Invalid, CellsRefused)):
        ways[way]()

    assert Change.objects.filter(team=world.team).count() == 1


def test_an_outcome_that_was_read_just_before_it_was_merged_closes_nothing(world: World) -> None:
    row, outcome = make_row(team=world.team), an_outcome()
    others = Outcome.objects.choosable().exclude(pk=outcome.pk)
    merge_words(word=an_outcome(), into=others[0], by=world.officer)

    with pytest.raises(Invalid, match="is not offered any more"):
        close_row(row=row, outcome=outcome, by=world.officer)


def test_undo_and_put_back_bring_the_word_that_a_merged_one_is_part_of(world: World) -> None:
    word, into = a_need(1), a_need(2)
    undone, put = make_row(team=world.team, needed=word), make_row(team=world.team, needed=word)
    for row in (undone, put):
        edit_cell(row=row, field="needed", new=cleaned("needed", a_need(3)), base=0, by=world.officer)
    acts = list(Operation.objects.filter(kind="edit").order_by("pk"))
    merge_words(word=word, into=into, by=world.officer)

    undo_operation(operation=acts[0], by=world.officer)
    put_back(row=put, change=acts[1].changes.get(), base=1, by=world.officer)

    assert [needed(undone), needed(put)] == [into.label] * 2


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PERFORMANCE_OFFICER])
def test_nobody_but_an_officer_keeps_the_lists(world: World, role: Role) -> None:
    by, word = world.person(role), a_need()

    acts: list[Callable[[], object]] = [
        lambda: add_word(key="needed", label="Other", hint="", by=by),
        lambda: change_word(word=word, label="Other", hint="", was=word.label, by=by),
        lambda: accept_word(word=word, label="Other", by=by),
        lambda: move_word(word=word, down=True, by=by),
        lambda: retire_word(word=word, by=by),
        lambda: bring_back(word=word, by=by),
        lambda: merge_words(word=word, into=a_need(1), by=by),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()


def test_the_log_does_not_repeat_what_a_workbook_says(world: World) -> None:
    word = a_new_word("Mum refuses, see Ed")

    merge_words(word=word, into=a_need(), by=world.officer)

    assert "Mum" not in str(AuditEvent.objects.get(kind=AuditEvent.Kind.WORDS).detail)


def test_a_closed_row_that_is_reopened_keeps_the_word_it_had(world: World) -> None:
    word = a_difficulty(1)
    row = make_closed_row(team=world.team, difficulty=word)
    merge_words(word=word, into=a_difficulty(2), by=world.officer)

    reopen_row(row=row, by=world.officer)

    assert TrackerRow.objects.with_all().get(pk=row.pk).difficulty == word
