"""The two team workbooks that came with the order, against what reading them must give."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from tests.tracker.workbook.files import DATA, TODAY
from tracker.workbook.headings import KEYS
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Reading, Row

NAMES = ("icm-amber-valley-team-1.xlsx", "icm-amber-valley-team-2-quirks.xlsx")


# An expectation is JSON as its authors wrote it: Any.
@pytest.fixture(params=NAMES)
def sample(request: pytest.FixtureRequest) -> tuple[Reading, dict[str, Any]]:
    reading = read_in_child((DATA / request.param).read_bytes(), today=TODAY)
    return reading, json.loads((DATA / f"{request.param}.expected.json").read_text())


def as_expected(row: Row, *, extra: bool) -> dict[str, object]:
    values = {k: v if v is None or isinstance(v, str) else v.isoformat() for k, v in row.values().items()}
    return {"row": row.row, **values, **({"extra": dict(row.extra)} if extra else {})}


def test_the_table_is_found_where_it_stands(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample
    workbook = expected["workbook"]

    assert (reading.sheet, reading.header_row) == ("Tracker", workbook["header_row"])
    assert {key: f"{reading.columns[key]}{reading.header_row}" for key in KEYS} == {
        key: workbook["columns"][key]["cell"] for key in KEYS
    }


def test_every_row_is_read_to_the_letter(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample
    extra = bool(expected["extra_columns"])
    wanted = [{k: v for k, v in row.items() if k != "may_hold_back"} for row in expected["rows"]]

    assert [as_expected(row, extra=extra) for row in reading.rows] == wanted


def test_only_rows_that_may_be_held_back_are(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample
    may_be = {row["row"] for row in expected["rows"] if row.get("may_hold_back")}

    assert {row.row for row in reading.rows if row.held_back} <= may_be


def test_the_drop_downs_of_the_workbook_are_known(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample

    assert {key: list(options) for key, options in reading.lists.items()} == expected["lists"]


def test_the_teams_own_columns_are_named(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample

    found = [{"cell": c.cell.split("!")[1], "header": c.heading} for c in reading.extra_columns]
    assert found == expected["extra_columns"]


def test_blank_rows_are_told_apart(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample

    assert [{"row": n.row, "why": n.why} for n in reading.not_rows] == expected["not_rows"]


def test_every_required_warning_is_given_at_its_cell(
    sample: tuple[Reading, dict[str, Any]],
) -> None:
    reading, expected = sample
    told = {message.cell for message in reading.messages}

    required = {cell for w in expected["warnings"] if w["required"] for cell in w["cells"]}
    assert required <= told


def test_nothing_is_told_of_a_sound_cell(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample
    known = {cell for warning in expected["warnings"] for cell in warning["cells"]}

    assert {message.cell for message in reading.messages} <= known


def test_the_counts_follow_from_the_rows(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, expected = sample
    summary = expected["summary"]
    open_rows = [row for row in reading.rows if row.stage != "Closed"]

    assert (len(reading.rows), len(open_rows)) == (summary["rows"], summary["open"])
    assert Counter(row.stage for row in reading.rows) == summary["by_stage"]
    assert Counter(row.needed or "" for row in open_rows) == summary["open_by_needed"]
    difficulties = Counter(row.difficulty for row in open_rows if row.difficulty)
    assert difficulties == summary["open_by_difficulty"]


def test_a_message_stands_alone(sample: tuple[Reading, dict[str, Any]]) -> None:
    reading, _ = sample

    for message in reading.messages:
        assert re.match(rf"{message.cell.split('!')[1]} .*\.$", message.text)


def test_row_colours_come_along() -> None:
    reading = read_in_child((DATA / NAMES[1]).read_bytes(), today=TODAY)

    assert {row.pin: row.colour for row in reading.rows[:2]} == {
        "001402": "FFE699",
        "001405": "C6E0B4",
    }
