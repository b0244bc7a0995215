"""`manage.py import_workbook`: what it answers, and with which exit status."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import AuditEvent, Team
from tests.conftest import World
from tests.factories import make_locality, make_row, make_team
from tests.tracker.transfer.acts import workbook
from tests.tracker.transfer.test_import_question import UNKNOWN, two_sheets
from tests.tracker.workbook.files import DATA
from tracker.choices import RowState, Stage
from tracker.models import Change, Need, Operation, TeamColumn, TrackerRow
from tracker.workbook.headings import KEYS

SAMPLES = ("icm-amber-valley-team-1.xlsx", "icm-amber-valley-team-2-quirks.xlsx")


# What a command prints as JSON is Any.
def run(file: Path, team: str, *options: str) -> Any:
    out = StringIO()
    call_command("import_workbook", str(file), "--team", team, "--json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, world: World) -> tuple[Path, dict[str, Any], Team]:
    expected = json.loads((DATA / f"{request.param}.expected.json").read_text())
    team = make_team(locality=make_locality(name="Amber Valley"), name=expected["team"])
    return DATA / request.param, expected, team


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "team.xlsx"
    path.write_bytes(workbook({"owner": "KW"}))
    return path


@time_machine.travel("2026-11-20 12:00")
def test_a_dry_run_tells_every_row_as_expected(sample: tuple[Path, dict[str, Any], Team]) -> None:
    path, expected, team = sample

    told = run(path, team.name, "--dry-run")

    wanted = [{key: row[key] for key in ("row", *KEYS)} for row in expected["rows"]]
    assert [{key: row[key] for key in ("row", *KEYS)} for row in told["rows"]] == wanted
    assert [row["extra"] for row in told["rows"]] == [row.get("extra", {}) for row in expected["rows"]]
    assert (told["outcome"], told["sheet"]) == ("import", "Tracker")
    assert set(told) == {
        "outcome", "message", "sheet", "rows", "messages", "added", "changed", "unchanged", "held_back",
    }  # fmt: skip


def test_a_dry_run_gives_every_required_warning(sample: tuple[Path, dict[str, Any], Team]) -> None:
    path, expected, team = sample

    told = run(path, team.name, "--dry-run")

    cells = {message["cell"] for message in told["messages"]}
    assert {cell for w in expected["warnings"] if w["required"] for cell in w["cells"]} <= cells
    assert {message["level"] for message in told["messages"]} <= {"error", "warning", "info"}


def test_a_dry_run_changes_nothing(sample: tuple[Path, dict[str, Any], Team]) -> None:
    path, _, team = sample
    words = Need.objects.count()

    run(path, team.name, "--dry-run")

    assert not TrackerRow.objects.exists()
    assert not Operation.objects.exists()
    assert (Need.objects.count(), TeamColumn.objects.count()) == (words, 0)


def test_the_stored_rows_count_as_the_workbooks_summary_does(
    sample: tuple[Path, dict[str, Any], Team],
) -> None:
    path, expected, team = sample
    may_be_held_back = sum(bool(row.get("may_hold_back")) for row in expected["rows"])

    told = run(path, team.name)

    rows = TrackerRow.objects.filter(team=team).select_related("needed")
    assert told["held_back"] <= may_be_held_back
    assert rows.count() == told["added"] == expected["summary"]["rows"] - told["held_back"]
    assert rows.filter(state=RowState.CLOSED).count() == expected["summary"]["closed"]
    words = Counter(str(row.needed or "") for row in rows if row.state == RowState.OPEN)
    # The row that is held back, the second of one PIN, needs a meeting.
    wanted = Counter(expected["summary"]["open_by_needed"])
    assert words == wanted - Counter({"Schedule/attend a meeting": told["held_back"]})


def test_importing_twice_doubles_nothing(sample: tuple[Path, dict[str, Any], Team]) -> None:
    path, _, team = sample
    first = run(path, team.name)
    rows = TrackerRow.objects.count()

    again = run(path, team.name)

    assert (again["added"], again["changed"], again["held_back"]) == (0, 0, first["held_back"])
    assert TrackerRow.objects.count() == rows
    assert Operation.objects.count() == 1


def test_an_operators_import_is_written_and_logged_without_a_person(world: World, file: Path) -> None:
    run(file, world.team.name)

    assert {change.by_name for change in Change.objects.all()} == {"Command line"}
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.IMPORT)
    assert (event.actor_id, event.row_ids) == (None, [TrackerRow.objects.get().pk])


def test_an_import_may_be_done_for_a_person(world: World, file: Path) -> None:
    run(file, world.team.name, "--by", world.manager.email)

    assert Change.objects.get().by == world.manager


def test_the_side_that_stays_is_chosen(world: World, file: Path) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN", stage=Stage.UNDERWAY)

    ours = run(file, world.team.name)
    theirs = run(file, world.team.name, "--keep", "file")

    row.refresh_from_db()
    assert row.owner == "KW"
    assert [message["text"] for message in ours["messages"] if message["cell"] == "Tracker!F2"] == [
        "F2 (Owner) says “KW” and here it says “AN”: ours is kept."
    ]
    assert theirs["changed"] == 1


@pytest.mark.parametrize("kind", ["team", "file", "person", "right", "missing"])
def test_what_is_refused_says_so_in_one_sentence_and_ends_with_2(
    world: World, file: Path, kind: str, tmp_path: Path
) -> None:
    text = tmp_path / "letter.xlsx"
    text.write_text("Dear all,")
    arguments = {
        "team": [str(file), "--team", "Nobody’s team"],
        "file": [str(text), "--team", world.team.name],
        "person": [str(file), "--team", world.team.name, "--by", "nobody@council.example"],
        "right": [str(file), "--team", world.team.name, "--by", world.head.email],
        "missing": [str(tmp_path / "none.xlsx"), "--team", world.team.name],
    }[kind]
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_workbook", *arguments, "--json", stdout=out, stderr=err)

    told = json.loads(out.getvalue())
    assert ended.value.code == 2
    assert told == {"outcome": "refuse", "message": err.getvalue().strip()}
    assert len(err.getvalue().strip().splitlines()) == 1
    assert not TrackerRow.objects.exists()


def test_without_json_the_messages_and_counts_are_lines(world: World, file: Path) -> None:
    out = StringIO()

    call_command("import_workbook", str(file), "--team", world.team.name, stdout=out)

    assert out.getvalue().splitlines()[-1] == "1 new."


def refusal(file: Path, team: str) -> str:
    """The sentence of a refusal."""
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_workbook", str(file), "--team", team, stderr=err)
    return err.getvalue()


def test_columns_that_cannot_be_told_are_named_and_refused_until_they_are_said(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "team.xlsx"
    path.write_bytes(UNKNOWN)

    sentence = refusal(path, world.team.name)
    told = run(path, world.team.name, "--column", "pin=A", "--column", "person=b")

    assert "no column that could be told to be “PIN” or “Person”" in sentence
    assert [row["person"] for row in told["rows"]] == ["Tess Sample", "Bea Sample"]


def test_of_two_sheets_alike_one_is_named(world: World, tmp_path: Path) -> None:
    path = tmp_path / "team.xlsx"
    path.write_bytes(two_sheets())

    sentence = refusal(path, world.team.name)
    told = run(path, world.team.name, "--sheet", "winter")

    assert "Autumn, Winter" in sentence
    assert told["rows"][0]["person"] == "Cara Sample"
