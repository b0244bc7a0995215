"""`manage.py import_workbooks`: a folder of workbooks, from the command line."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.conftest import World
from tests.tracker.transfer.acts import workbook
from tests.tracker.workbook.test_bundle import zipped
from tracker.models import Delivery, Operation, TrackerRow

A = workbook({"pin": "1", "person": "Ann"})
B = workbook({"pin": "2", "person": "Ben"})


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """A folder as the council keeps them: one for each team."""
    assert [world.team, world.neighbour, world.foreign]
    for team, data in (("Amber Team 1", A), ("Bolsover Team 1", B)):
        (tmp_path / "CIN" / team).mkdir(parents=True)
        (tmp_path / "CIN" / team / "IC Meetings.xlsx").write_bytes(data)
    return tmp_path / "CIN"


def run(*arguments: object) -> tuple[int, str, str]:
    """The exit status, what was printed, and what was said on standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_workbooks", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def told(*arguments: object) -> Any:
    return json.loads(run(*arguments, "--json")[1])


def persons() -> dict[str, str]:
    return {row.person: row.team.name for row in TrackerRow.objects.select_related("team", "case")}


def test_a_folder_comes_in_team_by_team(folder: Path) -> None:
    code, printed, err = run(folder)

    assert (code, err) == (0, "")
    assert persons() == {"Ann": "Amber Team 1", "Ben": "Bolsover Team 1"}
    assert printed.splitlines()[-1] == "Imported 2 of 2 files."


def test_a_second_start_does_nothing_twice(folder: Path) -> None:
    run(folder)

    again = told(folder)

    assert [file["outcome"] for file in again["files"]] == ["same", "same"]
    assert Operation.objects.count() == 2


def test_a_refused_file_stops_no_other_and_ends_with_2(folder: Path) -> None:
    (folder / "A letter.xlsx").write_bytes(b"Dear all,")

    code, printed, err = run(folder, "--json")

    assert code == 2
    assert err.strip() == "Imported 2 of 3 files."
    answer = json.loads(printed)
    assert [file["outcome"] for file in answer["files"]] == ["refuse", "import", "import"]
    assert answer["files"][1] == {
        "file": "Amber Team 1/IC Meetings.xlsx",
        "team": "Amber Team 1",
        "outcome": "import",
        "message": "",
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "held_back": 0,
        "conflicts": 0,
        "leftovers": [],
        "op": str(Operation.objects.get(team__name="Amber Team 1").op),
    }


def test_a_dry_run_writes_nothing_at_all(folder: Path) -> None:
    answer = told(folder, "--dry-run")

    assert [(file["outcome"], file["added"]) for file in answer["files"]] == [("import", 1), ("import", 1)]
    assert answer["message"] == "Would import 2 of 2 files."
    assert not Delivery.objects.exists()
    assert not TrackerRow.objects.exists()


def test_a_zip_and_a_named_team(world: World, tmp_path: Path) -> None:
    assert world.neighbour.pk
    path = tmp_path / "all.zip"
    path.write_bytes(zipped(("which.xlsx", A)))

    assert told(path, "--dry-run")["files"][0]["outcome"] == "no_team"
    run(path, "--team-of", "which.xlsx=Amber Team 2")

    assert persons() == {"Ann": "Amber Team 2"}


def test_the_report_is_written(folder: Path, tmp_path: Path) -> None:
    run(folder, "--report", tmp_path / "report.csv")

    lines = list(csv.DictReader((tmp_path / "report.csv").read_text("utf-8-sig").splitlines()))
    assert [(line["Team"], line["Outcome"]) for line in lines] == [
        ("Amber Team 1", "Imported"),
        ("Bolsover Team 1", "Imported"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda folder: [folder / "missing"],
        lambda folder: [folder, "--team-of", "IC Meetings.xlsx=Nobody’s team"],
        lambda folder: [folder, "--team-of", "other.xlsx=Amber Team 1"],
        lambda folder: [folder, "--team-of", "nonsense"],
        lambda folder: [folder, "--by", "nobody@council.example"],
    ],
    ids=["no such folder", "no such team", "no such file", "no pair", "no such person"],
)
def test_what_cannot_be_started_is_said_and_ends_with_2(
    folder: Path, wrong: Callable[[Path], list[object]]
) -> None:
    code, _, err = run(*wrong(folder))

    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert not TrackerRow.objects.exists()


def test_an_empty_folder_is_refused(world: World, tmp_path: Path) -> None:
    code, printed, err = run(tmp_path, "--json")

    assert code == 2
    assert json.loads(printed)["outcome"] == "refuse"
    assert "no workbook" in err
