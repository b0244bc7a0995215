"""`manage.py import_dashboard`: what it answers, and with which exit status."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import Locality
from tests.conftest import World
from tests.factories import make_locality, make_row, make_team
from tests.tracker.dashboard.lists import DATA, HEADINGS, MIA, SAMPLES, made
from tracker.choices import Stage
from tracker.dashboard.reading import KEYS
from tracker.models import Operation, TrackerRow

NOON = "2026-11-20 12:00"


# What a command prints as JSON is Any.
def run(file: Path, *options: str, locality: str = "Amber Valley") -> Any:
    out = StringIO()
    call_command("import_dashboard", str(file), "--locality", locality, "--json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
@time_machine.travel(NOON)
def valley(db: None) -> Locality:
    """The locality of the samples, its trackers made from the two sample workbooks."""
    valley = make_locality(name="Amber Valley")
    for number, name in enumerate(("icm-amber-valley-team-1", "icm-amber-valley-team-2-quirks"), start=1):
        make_team(locality=valley, name=f"Amber Valley Team {number}")
        file, team = str(DATA / f"{name}.xlsx"), f"Amber Valley Team {number}"
        call_command("import_workbook", file, "--team", team, stdout=StringIO())
    make_team(locality=valley, name="Amber Valley Team 3")
    return valley


@pytest.mark.parametrize("options", [["--dry-run"], []], ids=["dry run", "import"])
@pytest.mark.parametrize("name", SAMPLES)
@time_machine.travel(NOON)
def test_a_sample_is_told_to_the_letter(valley: Locality, name: str, options: list[str]) -> None:
    expected = json.loads((DATA / f"{name}.expected.json").read_text())

    told = run(DATA / name, *options)

    assert [{key: row[key] for key in ("row", *KEYS)} for row in told["rows"]] == expected["rows"]
    compared = {one["team"]: one for one in told["compare"]}
    wanted = [{key: value for key, value in one.items() if key != "tracker"} for one in expected["compare"]]
    assert [compared[one["team"]] for one in wanted] == wanted
    assert set(told) == {
        "outcome", "message", "sheet", "rows", "messages", "added", "changed", "unchanged", "held_back",
        "compare",
    }  # fmt: skip


@time_machine.travel(NOON)
def test_new_cases_come_in_and_nothing_is_closed_or_moved(valley: Locality) -> None:
    before = set(TrackerRow.objects.open().values_list("pk", flat=True))

    told = run(DATA / SAMPLES[0])

    new = TrackerRow.objects.open().exclude(pk__in=before)
    assert told["added"] == new.count() == 9
    assert set(new.values_list("stage", flat=True)) == {Stage.AWAITING}
    assert before <= set(TrackerRow.objects.open().values_list("pk", flat=True))


@time_machine.travel(NOON)
def test_a_second_import_changes_nothing(valley: Locality) -> None:
    run(DATA / SAMPLES[0])
    acts = Operation.objects.count()

    told = run(DATA / SAMPLES[1])

    assert (told["added"], told["changed"], Operation.objects.count()) == (0, 0, acts)


def test_a_next_cin_meeting_waits_for_its_confirmation_and_the_last_visit_comes_in(
    world: World, tmp_path: Path
) -> None:
    row = make_row(team=world.team, pin=MIA[0], person=MIA[1])
    headings = (*HEADINGS, "Last seen", "Next review")
    (tmp_path / "list.csv").write_text(made([(*MIA, "05/11/2026", "03/12/2026")], headings=headings))

    told = run(tmp_path / "list.csv", locality="Amber")

    row = TrackerRow.objects.with_case().get(pk=row.pk)
    assert (row.case.last_visit, row.next_meeting) == (date(2026, 11, 5), None)
    assert "1, to be confirmed" in told["message"]


def test_a_dry_run_changes_nothing(world: World, tmp_path: Path) -> None:
    world.team  # noqa: B018 - the team exists from here on
    (tmp_path / "list.csv").write_text(made())

    told = run(tmp_path / "list.csv", "--dry-run", locality="Amber")

    assert (told["added"], TrackerRow.objects.count()) == (2, 0)


def test_a_broken_record_is_told_and_not_listed_as_a_case(world: World, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(made() + '001999,"Fay Fictional,Amber Team 1\r\n')

    told = run(tmp_path / "list.csv", locality=world.amber.name)

    assert [row["row"] for row in told["rows"]] == [2, 3, 4]
    assert "A5" in [message["cell"] for message in told["messages"]]


@pytest.mark.parametrize(
    ("content", "locality", "says"),
    [
        (made([]), "Amber", "no cases"),
        (made(headings=("Ref", *HEADINGS[1:])), "Amber", "PIN"),
        (made(), "Nowhere", "no locality called"),
        (None, "Amber", "cannot be read"),
    ],
)
def test_a_refusal_is_one_sentence_and_an_object(
    world: World, tmp_path: Path, content: str | None, locality: str, says: str
) -> None:
    world.team  # noqa: B018 - the team exists from here on
    file, out, errors = tmp_path / "list.csv", StringIO(), StringIO()
    if content is not None:
        file.write_text(content)

    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_dashboard", str(file), "--locality", locality, "--json", stdout=out, stderr=errors
        )

    assert ended.value.code == 2
    assert says in errors.getvalue()
    assert json.loads(out.getvalue()) == {"outcome": "refuse", "message": errors.getvalue().strip()}
