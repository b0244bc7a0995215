"""Several files sent together: what is taken out of a zip or a folder, and what is refused in words."""

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tracker.workbook.files import case, make_workbook
from tracker.workbook import bundle
from tracker.workbook.bundle import Bundle, Sent
from tracker.workbook.guard import FILE_BYTES, Refused

BOOK = make_workbook([case()])


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return output.getvalue()


def opened(data: bytes, name: str = "all.zip") -> list[Sent]:
    return list(Bundle().opened(name, io.BytesIO(data)))


def refusals(data: bytes) -> dict[str, str]:
    return {sent.name: sent.refusal for sent in opened(data)}


def test_a_workbook_is_itself_whatever_it_is_called() -> None:
    assert opened(BOOK, "team.zip") == [Sent("team.zip", BOOK)]


def test_files_of_a_zip_are_named_with_the_folder_they_are_in() -> None:
    data = zipped(("CIN/Amber/Team 1/ICM.xlsx", BOOK), ("b.xlsx", b"x"))

    assert opened(data) == [Sent("Team 1/ICM.xlsx", BOOK), Sent("b.xlsx", b"x")]


def test_what_systems_leave_behind_is_no_file() -> None:
    litter = ("__MACOSX/._a.xlsx", "a/.DS_Store", "~$a.xlsx", "Thumbs.db", "desktop.ini", ".hidden")

    assert [sent.name for sent in opened(zipped(*((name, b"x") for name in litter), ("a.xlsx", BOOK)))] == [
        "a.xlsx"
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/a.xlsx", "etc/a.xlsx"),
        ("C:\\Users\\me\\a.xlsx", "me/a.xlsx"),
        ("a/./../b.xlsx", "a/b.xlsx"),
        ("bad\x00\x1bname.xlsx", "badname.xlsx"),
        ("x" * 500, "x" * 200),
        ("..", "a file without a name"),
    ],
)
def test_a_name_is_a_label_and_no_way_to_anywhere(path: str, name: str) -> None:
    assert bundle.label(path) == name


def test_a_bomb_stops_at_the_limit_of_a_file_and_stops_nothing_else() -> None:
    data = zipped(("bomb.xlsx", b"\0" * (40 * bundle.MEGABYTE)), ("a.xlsx", BOOK))
    assert len(data) < 100_000

    assert refusals(data) == {"bomb.xlsx": bundle.TOO_LARGE, "a.xlsx": ""}


def test_many_large_files_stop_at_the_limit_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "UNPACKED_BYTES", 10_000)

    assert refusals(zipped(("a", b"x" * 9_000), ("b", b"x" * 9_000))) == {"a": "", "b": bundle.TOO_MUCH}


def test_a_zip_within_a_zip_is_not_opened() -> None:
    assert refusals(zipped(("inner.zip", zipped(("a.xlsx", BOOK))))) == {"inner.zip": bundle.ZIP_IN_ZIP}


def test_a_damaged_file_stops_no_other() -> None:
    data = bytearray(zipped(("a.xlsx", b"first" * 50), ("b.xlsx", b"x"), method=zipfile.ZIP_STORED))
    data[data.index(b"first")] ^= 0xFF

    assert refusals(bytes(data)) == {"a.xlsx": bundle.ZIP_DAMAGED, "b.xlsx": ""}


def test_a_file_locked_with_a_password_is_named() -> None:
    data = bytearray(zipped(("a.xlsx", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refusals(bytes(data)) == {"a.xlsx": bundle.LOCKED}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_might_unpack_without_bounds_is_not_unpacked(method: int) -> None:
    assert refusals(zipped(("a.xlsx", b"x"), method=method)) == {"a.xlsx": bundle.UNUSUAL}


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data[:-30], bundle.ZIP_DAMAGED),
        (lambda data: data[:40], bundle.ZIP_DAMAGED),
        (lambda data: b"PK\x05\x06", bundle.ZIP_DAMAGED),
    ],
    ids=["cut at its end", "only a beginning", "four bytes"],
)
def test_a_damaged_zip_is_refused(spoil: Callable[[bytes], bytes], told: str) -> None:
    assert refusals(spoil(zipped(("a.xlsx", BOOK)))) == {"all.zip": told}


def test_too_many_files_are_refused_before_any_is_unpacked() -> None:
    files = [(f"{number}.xlsx", b"") for number in range(bundle.MOST_FILES + 1)]

    with pytest.raises(Refused, match="more than 200 files"):
        opened(zipped(*files))


def test_a_huge_directory_is_not_read() -> None:
    data = bytearray(zipped(("a.xlsx", BOOK)))
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 500 * bundle.MEGABYTE)

    with pytest.raises(Refused, match="more than 200 files"):
        opened(bytes(data))


def test_a_zip_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "BUNDLE_BYTES", 10)

    with pytest.raises(Refused, match="This zip is too large"):
        opened(zipped(("a.xlsx", BOOK)))


def test_the_limits_hold_for_all_that_is_sent_at_once() -> None:
    whole = Bundle()
    half = zipped(*((f"{number}.xlsx", b"x") for number in range(101)))
    assert len(list(whole.opened("1.zip", io.BytesIO(half)))) == 101

    with pytest.raises(Refused, match="more than 200 files"):
        list(whole.opened("2.zip", io.BytesIO(half)))


def test_a_file_is_read_no_further_than_it_may_be_long() -> None:
    assert [sent.refusal for sent in opened(b"P" * (FILE_BYTES + 1), "a.xlsx")] == [bundle.TOO_LARGE]


def test_a_folder_is_walked_in_order_and_links_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "CIN Amber"
    (root / "Team 2").mkdir(parents=True)
    (root / "Team 2" / "ICM.xlsx").write_bytes(BOOK)
    (root / "all.zip").write_bytes(zipped(("c.xlsx", b"c")))
    (root / "~$ICM.xlsx").write_bytes(b"lock")
    os.symlink("/etc", root / "etc")
    os.symlink("/etc/passwd", root / "passwd.xlsx")

    assert [sent.name for sent in Bundle().folder(root)] == ["c.xlsx", "Team 2/ICM.xlsx"]
