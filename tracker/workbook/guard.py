"""Keeps hostile and wrong files out: the limits, the refusals, the look at a file's first bytes,
and the child process in which a file is read. What a workbook means is not known here.
"""

import codecs
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, cast

FILE_BYTES = 5 * 1024 * 1024  # of the file as it is sent
PARTS = 2_000  # members of the zip; a tab for each week with its comments and charts makes hundreds
UNPACKED_BYTES = 50 * 1024 * 1024  # of all the parts that are read, counted while reading
ELEMENTS = 700_000  # of XML, in all the parts that are read
STYLES = 100_000  # formats of cells; Excel itself keeps 65,490
SHARED_TEXTS = 500_000
MERGES = 50_000  # areas of merged cells on one sheet
TEXT_CHARACTERS = 10_000_000  # in the cells that are kept; one shared text may stand in many
CASES = 5_000  # rows of a tracker
CHILD_MEMORY_BYTES = 300 * 1024 * 1024  # address space
# What a full tracker with columns of the team needs on a processor several times slower than today's.
# A bomb meets the limits of size long before: they hold it to 5 seconds.
CHILD_CPU_SECONDS = 12
CHILD_NICENESS = 10  # other people's pages go first
CHILD_WALL_SECONDS = 60  # the machine may be busy, and others go first

TOO_LARGE_UNPACKED = (
    "This file is too large when unpacked. A tracker with 5,000 cases is far smaller: copy the "
    "tracker into a new workbook, save it as .xlsx and try again."
)
TOO_MANY_ROWS = (
    f"This file is too large: it has more than {CASES:,} rows. Delete the rows that are no open "
    "cases, or make a workbook for each team, and try again."
)
DAMAGED = (
    "This file is damaged or not a real Excel workbook. Open it in Excel, save a copy as .xlsx "
    "and try the copy."
)
NOT_A_WORKBOOK = "This is not an Excel workbook: {what}. Choose the .xlsx file of the team."
ENCRYPTED = (
    "This workbook is protected by a password (encrypted), so it cannot be read. Open it in "
    "Excel, remove the password under File, Info, and save a copy."
)
OLD_XLS = (
    "This is an old .xls workbook (Excel 97-2003). Open it in Excel and save it as .xlsx, then try again."
)
TOO_SLOW = (
    "This file takes too much time or memory to read, so reading was stopped. Copy the tracker "
    "into a new workbook, save it as .xlsx and try again."
)

_PROJECT = Path(__file__).parents[2]
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x10\x00")  # .xls 2 to 8
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

log = logging.getLogger(__name__)


class Refused(Exception):
    """The whole file is refused; the text says in plain words what it is and what to do."""


@dataclass(frozen=True)
class ColumnSeen:
    """A column as it is shown to somebody who is asked what it is."""

    letters: str
    heading: str
    values: tuple[str, ...]  # the first ones


@dataclass(frozen=True)
class SheetSeen:
    """A sheet as it is shown to somebody who is asked whether it is the tracker."""

    name: str
    header_row: int
    values: tuple[str, ...]  # of the first rows under the headings


class SheetsUnclear(Refused):
    """Several sheets look like the tracker, each with other cases: somebody may be asked which it is."""

    def __init__(self, text: str, *, sheets: tuple[SheetSeen, ...]) -> None:
        super().__init__(text)
        self.sheets = sheets

    def to_json(self) -> dict[str, object]:
        """Give what json.dumps takes."""
        return {"text": str(self), "sheets": [asdict(sheet) for sheet in self.sheets]}

    @classmethod
    # What json.loads gave is Any: its shape is that of to_json, in the same version.
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make it again from what to_json gave, through JSON or not."""
        sheets = (SheetSeen(s["name"], s["header_row"], tuple(s["values"])) for s in data["sheets"])
        return cls(data["text"], sheets=tuple(sheets))


class ColumnsUnclear(Refused):
    """A sheet looks like a tracker, but which column is which cannot be told: somebody may be asked.

    `missing` are the keys of the fields without a column, `found` the letters of the others,
    `header_rows` the rows that may be the headings, the likeliest first, with what they say.
    """

    def __init__(
        self,
        text: str,
        *,
        sheet: str,
        header_row: int,
        header_rows: Mapping[int, str],
        missing: tuple[str, ...],
        found: Mapping[str, str],
        columns: tuple[ColumnSeen, ...],
    ) -> None:
        super().__init__(text)
        self.sheet, self.header_row, self.header_rows = sheet, header_row, header_rows
        self.missing, self.found, self.columns = missing, found, columns

    def to_json(self) -> dict[str, object]:
        """Give what json.dumps takes."""
        return {
            "text": str(self),
            **{
                name: getattr(self, name)
                for name in ("sheet", "header_row", "header_rows", "missing", "found")
            },
            "columns": [asdict(column) for column in self.columns],
        }

    @classmethod
    # What json.loads gave is Any: its shape is that of to_json, in the same version.
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make it again from what to_json gave, through JSON or not."""
        return cls(
            data["text"],
            sheet=data["sheet"],
            header_row=data["header_row"],
            header_rows={int(row): told for row, told in data["header_rows"].items()},
            missing=tuple(data["missing"]),
            found=dict(data["found"]),
            columns=tuple(
                ColumnSeen(column["letters"], column["heading"], tuple(column["values"]))
                for column in data["columns"]
            ),
        )


# A question can be answered, and the same file be read again.
Question = ColumnsUnclear | SheetsUnclear


# What json.loads gave is Any: its shape is that of the question's to_json, in the same version.
def question_from_json(data: Mapping[str, Any]) -> Question:
    """Make a question again from what its to_json gave, whichever it was."""
    return SheetsUnclear.from_json(data) if "sheets" in data else ColumnsUnclear.from_json(data)


def check_bytes(data: bytes) -> None:
    """Let pass what may be a zip of bearable size. Raises Refused for anything else."""
    if not data:
        raise Refused("This file is empty. Choose the .xlsx file of the team.")
    if len(data) > FILE_BYTES:
        raise Refused(
            f"This file is too large: it has {len(data) / 1024 / 1024:.1f} MB and at most "
            f"{FILE_BYTES // 1024 // 1024} MB are read. Remove pictures and old tabs and try again."
        )
    if data.startswith(_BIFF):
        raise Refused(OLD_XLS)
    if data.startswith(_OLE):
        raise Refused(_about_ole(data))
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise Refused(NOT_A_WORKBOOK.format(what=_about_other(data)))


def is_old_office(data: bytes) -> bool:
    """Tell whether the bytes are a file of Office before 2007, or one that is encrypted."""
    return data.startswith((*_BIFF, _OLE))


def run_in_child(
    data: bytes, request: Mapping[str, object], *, check: Callable[[bytes], None] = check_bytes
) -> dict[str, object]:
    """Read a file in a process of its own, with limits, and give the reading as JSON has it.

    `request` is what the child is told beside the file; it goes the same way, as nobody else on
    the machine may see it. The child gets an empty environment: no database address and no key is
    in its reach. `check` looks at the first bytes before any of that. Raises Refused, whatever goes
    wrong: no file can raise anything else.
    """
    check(data)
    command = [sys.executable, "-s", "-m", "tracker.workbook.child"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=_PROJECT,
        env={},
    ) as child:
        try:
            output, errors = child.communicate(
                json.dumps(request).encode() + b"\n" + data, timeout=CHILD_WALL_SECONDS
            )
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise Refused(TOO_SLOW) from None
    return _understand(child.returncode, output, errors)


def _understand(code: int, output: bytes, errors: bytes) -> dict[str, object]:
    if code < 0:  # ended by a signal: the limit of processor time, or the system short of memory
        raise Refused(TOO_SLOW)
    if code:
        # The last line names the exception; what stands in the file is in nobody's log.
        kind = errors.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0]
        log.error("reading a workbook ended with code %s: %s", code, kind)
        raise Refused(TOO_SLOW if kind == "MemoryError" else DAMAGED)
    answer: dict[str, object] = json.loads(output)
    if "unclear" in answer:
        # What json.loads gave is Any; the child is of our own version.
        raise question_from_json(cast(dict[str, Any], answer["unclear"]))
    if "refused" in answer:
        raise Refused(str(answer["refused"]))
    return answer


def _about_ole(data: bytes) -> str:
    """Tell apart what comes in Microsoft's older container, by the names in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return ENCRYPTED
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return OLD_XLS
    return NOT_A_WORKBOOK.format(what="it is an older Office file of another kind")


def _about_other(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it is a text file"
    if kind := kind_of(data):
        return kind
    if b"\x00" in data[:1024]:
        return "it is damaged or of a kind that is not known here"
    return "it is a text file, perhaps a .csv list"


def kind_of(data: bytes) -> str | None:
    """Say what a file is by its first bytes, where these tell; None for what may be plain text."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kinds = (
        ((b"%pdf",), "it is a PDF"),
        ((b"{\\rtf",), "it is a letter (rich text)"),
        ((b"<!doctype html", b"<html", b"<head", b"<table"), "it is a web page"),
        ((b"<?xml",), "it is an XML file"),
        ((b"\x89png", b"\xff\xd8\xff", b"gif8"), "it is a picture"),
    )
    return next((what for beginnings, what in kinds if start.startswith(beginnings)), None)
