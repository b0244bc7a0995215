"""The exported Summary, computed by LibreOffice. These tests exist only where it is installed: it
is no service that the application needs, and far too large to be fetched for the tests.
"""

import shutil
import subprocess
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from tests.tracker.workbook.exports import make_row, make_sheet
from tests.tracker.workbook.files import read
from tracker.workbook.read import STAGES
from tracker.workbook.write import write_workbook

OFFICE = shutil.which("soffice")
PAST, AHEAD = date(2001, 1, 1), date(2099, 1, 1)
ROWS = [
    make_row(1, pin="1", stage=STAGES[0], needed="Write up", by_when=PAST),
    make_row(2, pin="2", stage=STAGES[2], needed="Housing?", by_when=AHEAD, difficulty="Housing"),
    make_row(3, pin="3", stage=STAGES[3], needed="Housing1", by_when=PAST),
    make_row(4, person="Ann", needed="=odd"),
    make_row(5, pin="5", stage=STAGES[4], needed="Write up", by_when=PAST, difficulty="Housing"),
]


def computed(data: bytes, folder: Path, office: str) -> dict[str, list[object]]:
    """Give what the Summary shows after LibreOffice computed it: label to the figures beside it.

    A label that comes twice has the figures of its later block under its name and a star.
    """
    sheet = load_workbook(saved_again(data, folder, office), data_only=True)["Summary"]
    shown: dict[str, list[object]] = {}
    for label, *figures in sheet.iter_rows(values_only=True, max_col=6):
        name = str(label)
        while name in shown:
            name += "*"
        shown[name] = [figure for figure in figures if figure is not None]
    return shown


def saved_again(data: bytes, folder: Path, office: str) -> Path:
    """Give the workbook as LibreOffice saves it after opening it."""
    (folder / "export.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    target = folder / "computed"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target)]
    subprocess.run([*command, str(folder / "export.xlsx")], check=True, capture_output=True, timeout=100)
    return target / "export.xlsx"


if OFFICE is not None:
    office = OFFICE

    def test_the_summary_counts_what_stands_on_the_tracker(tmp_path: Path) -> None:
        shown = computed(write_workbook(make_sheet(ROWS)), tmp_path, office)

        assert shown["Open cases, all"] == [4]
        assert shown["Stage not set"] == [1]
        assert shown["Closed"] == [1]
        assert shown["Expected closures, both"] == [2]
        assert shown["Overdue actions"] == [2]
        assert [shown[w] for w in ("Write up", "Housing?", "Housing1", "=odd")] == [[1]] * 4
        assert shown["Housing"] == [1]
        assert shown["Housing?*"] == [0, 0, 1, 0, 0]
        assert shown["=odd*"] == [0, 0, 0, 0, 1]

    def test_the_summary_counts_rows_that_are_added_by_hand(tmp_path: Path) -> None:
        (tmp_path / "plain.xlsx").write_bytes(write_workbook(make_sheet(ROWS)))
        book = load_workbook(tmp_path / "plain.xlsx")
        book["Tracker"].append(["6", "New", STAGES[1], "Write up"])
        book.save(tmp_path / "plain.xlsx")

        shown = computed((tmp_path / "plain.xlsx").read_bytes(), tmp_path, office)

        assert shown["Open cases, all"] == [5]
        assert shown["Write up"] == [2]

    def test_an_export_that_libreoffice_saves_again_has_the_same_rows(tmp_path: Path) -> None:
        rows = [
            make_row(
                1, pin="000001", person="=cmd", action="a\nb 👩‍👧", extra={"RAG": "-1"}, colour="F8CBAD"
            ),
            make_row(2, pin="1e5", person="'quoted", stage=STAGES[1], by_when=AHEAD, extra={"RAG": None}),
        ]
        data = write_workbook(make_sheet(rows, columns=["RAG"]))

        before, after = read(data), read(saved_again(data, tmp_path, office).read_bytes())

        assert after.rows == before.rows
        assert after.origin == before.origin
