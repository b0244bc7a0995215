"""Every made file is read as stated within 10 s, or refused as stated within 5 s, in a child of 300 MB.

With `pytest -s` the seconds and megabytes of each are printed.
"""

import re
import sys
from collections.abc import Iterator

import pytest

from tests.tracker.workbook import honest_cells, honest_ods, honest_tables, honest_writers, hostile
from tests.tracker.workbook.made import DISHONEST, HONEST, Made
from tests.tracker.workbook.measure import Measured, Meter
from tracker.workbook.reading import Reading

# They fill the two lists when imported.
TELLERS = (honest_writers, honest_tables, honest_cells, honest_ods, hostile)
MOST_MB = 300


@pytest.fixture(scope="module")
def meter() -> Iterator[Meter]:
    with Meter() as meter:
        yield meter


def measured(meter: Meter, made: Made, *, seconds: int) -> Measured:
    """Read it within so many seconds, and print what it cost."""
    answer = meter.read(made.build())
    outcome = f"{len(answer.reading.rows)} rows" if answer.reading else answer.refused
    cost = f"{answer.seconds:5.2f} s ({answer.clock:.2f} s by the clock) {answer.peak_mb:4.0f} MB"
    sys.stdout.write(f"{cost}  {made.name}: {outcome}\n")
    # Of the processor: what the clock says depends on what else the machine does.
    assert answer.seconds < seconds
    assert answer.peak_mb < MOST_MB
    return answer


def warned(reading: Reading) -> set[str]:
    return {message.cell.rpartition("!")[2] for message in reading.messages if message.level != "info"}


@pytest.mark.parametrize("made", HONEST, ids=lambda made: made.name)
def test_an_honest_file_is_read(meter: Meter, made: Made) -> None:
    answer = measured(meter, made, seconds=10)

    assert answer.reading is not None, answer.refused
    rows = {row.row: row.values() for row in answer.reading.rows}
    told = {(m.cell.rpartition("!")[2], m.code) for m in answer.reading.messages}
    for number, values in (made.rows or {}).items():
        assert {key: rows[number][key] for key in values} == values
    assert set((made.told or {}).items()) <= told
    assert warned(answer.reading) <= (made.told or {}).keys()


@pytest.mark.parametrize("made", DISHONEST, ids=lambda made: made.name)
def test_a_dishonest_file_is_refused_in_a_plain_sentence(meter: Meter, made: Made) -> None:
    answer = measured(meter, made, seconds=5)

    assert made.refused in answer.refused
    assert re.fullmatch(r"[A-Z][^<>{}_\n]{20,400}\.", answer.refused)


def test_the_table_has_at_least_forty_files_of_each_kind() -> None:
    assert len(HONEST) >= 40
    assert len(DISHONEST) >= 40
