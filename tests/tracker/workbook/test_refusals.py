"""Files that are no team's workbook, or mean harm: refused in plain words, nothing else."""

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tracker.workbook.files import (
    DATA,
    HEADINGS,
    TODAY,
    bare_row,
    bare_workbook,
    case,
    make_workbook,
    zipped,
)
from tracker.workbook import guard
from tracker.workbook.guard import Refused
from tracker.workbook.read import read_in_child

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
SAMPLE = (DATA / "icm-amber-valley-team-1.xlsx").read_bytes()
HEAD = bare_row(HEADINGS)
BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<worksheet><sheetData>{HEAD}{bare_row(['&c;'] * 10)}</sheetData></worksheet>"
)
OUTSIDE = '<!DOCTYPE b SYSTEM "http://127.0.0.1:9/x.dtd"><worksheet/>'


def with_false_sizes(data: bytes) -> bytes:
    """Make every member of a zip say that it unpacks to 100 bytes."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = changed.find(signature)
        while place >= 0:
            struct.pack_into("<I", changed, place + offset, 100)
            place = changed.find(signature, place + 4)
    return bytes(changed)


def sheet_of(size: int, row: str = "<row/>") -> bytes:
    """Make a small file whose sheet unpacks to `size` bytes of blank rows."""
    rows = row * (size // len(row))
    return bare_workbook(f"<worksheet><sheetData>{HEAD}{rows}</sheetData></worksheet>")


REFUSED = {
    "empty": (b"", "empty"),
    "too large": (b"PK\x03\x04" + bytes(guard.FILE_BYTES), "too large"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "old xls": (OLE + "Workbook".encode("utf-16-le"), "old .xls"),
    "older letter": (OLE + "WordDocument".encode("utf-16-le"), "older Office file"),
    "web page": (b"<!DOCTYPE html><html><table>PIN</table></html>", "web page"),
    "csv": (b"PIN,Person,Stage\n001201,Tess,Closed\n", "text file"),
    "pdf": (b"%PDF-1.7\n\x00", "PDF"),
    "noise": (b"\x00\x01\x02" * 100, "damaged"),
    "letter": (zipped({"word/document.xml": "<w/>", "_rels/.rels": "<r/>"}), "Word document"),
    "ods without its content": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "damaged",
    ),
    "zip of something": (zipped({"a.txt": "a"}), "without a workbook"),
    "truncated": (SAMPLE[: len(SAMPLE) // 2], "damaged"),
    "cut xml": (bare_workbook(f"<worksheet><sheetData>{HEAD}"), "damaged"),
    "entity bomb": (bare_workbook(BOMB), "damaged"),
    "external document type": (bare_workbook(OUTSIDE), "damaged"),
    "no tracker": (make_workbook([["a", "b"]], headings=["Week", "Rota"]), "No Tracker"),
    "no person": (
        make_workbook([["1", "Closed"]], headings=["PIN", "Stage", "Action", "Owner"]),
        "Person",
    ),
    "many parts": (zipped({f"{n}.xml": "" for n in range(guard.PARTS + 1)}), "too large"),
    "sheet bomb": (
        sheet_of(guard.UNPACKED_BYTES + 500, f"<row spans='{'1' * 200}'/>"),
        "too large",
    ),
    "bomb of elements": (sheet_of(guard.ELEMENTS * 6 + 600), "too large"),
    "bomb with false sizes": (with_false_sizes(sheet_of(60_000_000)), "damaged"),
    "shared texts": (
        bare_workbook("<worksheet/>", shared=f"<sst>{'<si/>' * (guard.SHARED_TEXTS + 1)}</sst>"),
        "too large",
    ),
    "one text in many cells": (
        bare_workbook(
            f"<worksheet><sheetData>{HEAD}"
            + ("<row>" + '<c t="s"><v>0</v></c>' * 10 + "</row>") * 100
            + "</sheetData></worksheet>",
            shared=f"<sst><si><t>{'a' * 100_000}</t></si></sst>",
        ),
        "too large",
    ),
    "too many cases": (make_workbook([case(pin=str(n)) for n in range(5_001)]), "5,000 rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_such_a_file_is_refused_in_plain_words(name: str) -> None:
    data, words = REFUSED[name]

    with pytest.raises(Refused) as refusal:
        read_in_child(data, today=TODAY)

    assert words in str(refusal.value)
    assert "Traceback" not in str(refusal.value)


def test_every_truncation_of_a_good_file_is_refused() -> None:
    for length in range(0, len(SAMPLE), 1_500):
        with pytest.raises(Refused):
            read_in_child(SAMPLE[:length], today=TODAY)


def test_a_file_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CHILD_WALL_SECONDS", 0.001)

    with pytest.raises(Refused, match="too much time"):
        read_in_child(SAMPLE, today=TODAY)


def test_the_child_is_given_none_of_our_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for children")
    teller = tmp_path / "python"
    teller.write_text('#!/bin/sh\nprintf \'{"refused": "key: %s"}\' "$SECRET_KEY"\n')
    teller.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(teller))

    with pytest.raises(Refused, match=r"^key: $"):
        read_in_child(SAMPLE, today=TODAY)


def test_the_child_loads_neither_django_nor_the_writer() -> None:
    code = (
        "import sys, tracker.workbook.child, tracker.workbook.read as _;"
        "print({'django', 'openpyxl'} & set(sys.modules))"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert answer.stdout == b"set()\n"


def test_a_bomb_of_elements_is_within_the_limit_of_bytes() -> None:
    with zipfile.ZipFile(io.BytesIO(REFUSED["bomb of elements"][0])) as archive:
        assert sum(m.file_size for m in archive.infolist()) < guard.UNPACKED_BYTES
