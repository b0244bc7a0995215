"""Several files sent together: single workbooks, zips of them, a folder. Nothing of them is written to a
disk, and a name is only ever a label. What a workbook means is not known here.
"""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracker.workbook.guard import FILE_BYTES, Refused
from tracker.workbook.words import clean

MOST_FILES = 200
BUNDLE_BYTES = 50 * 1024 * 1024  # of a zip as it is sent
UNPACKED_BYTES = 100 * 1024 * 1024  # of all files together
NAME_MOST = 200
MEGABYTE = 1024 * 1024

TOO_LARGE = (
    f"This file is too large: at most {FILE_BYTES // MEGABYTE} MB are read. Remove pictures and old tabs."
)
TOO_MANY = f"These are more than {MOST_FILES} files. Send them in several parts."
TOO_MUCH = (
    f"All the files together are larger than {UNPACKED_BYTES // MEGABYTE} MB. Send this one in another part."
)
ZIP_TOO_LARGE = (
    f"This zip is too large: at most {BUNDLE_BYTES // MEGABYTE} MB are read. Send it in several parts."
)
ZIP_DAMAGED = "This zip is damaged. Make it again and send the new one."
ZIP_IN_ZIP = "This is a zip within a zip. Unpack it and send the workbooks in it."
LOCKED = "This file is locked with the password of its zip. Unpack it and send the workbook."
UNUSUAL = "This file is packed in a way that is not read here. Unpack it and send the workbook."

# An honest directory of so many files is far smaller; counted before any of it is read.
_DIRECTORY_BYTES = MEGABYTE
_END, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65_535
_ZIP = b"PK\x03\x04", _END
_OF_A_WORKBOOK = ("[content_types].xml", "xl/workbook.xml", "mimetype", "content.xml")
# What systems and Excel leave beside the files of people.
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error)


@dataclass(frozen=True)
class Sent:
    """One file: its label, with the folder it was in, and its bytes or why they are not taken."""

    name: str
    data: bytes = b""
    refusal: str = ""


class Bundle:
    """Opens what was sent, file by file, within limits that hold for all of it."""

    def __init__(self) -> None:
        self.files = self.bytes = 0

    def opened(self, name: str, file: IO[bytes]) -> Iterator[Sent]:
        """The file itself, or the files in it where it is a zip of others.

        Raises Refused where there are too many files, or a zip is too large to be looked at.
        """
        if _is_zip(file) and _directory_bytes(file) <= _DIRECTORY_BYTES:
            try:
                with zipfile.ZipFile(file) as archive:
                    infos = archive.infolist()
                    if not _is_workbook(infos):
                        yield from self._unpacked(archive, infos, _size(file))
                        return
            except _UNREADABLE:
                # Its reader says what is wrong with a workbook; of a zip it is said here.
                if name.lower().endswith(".zip"):
                    yield self._counted(Sent(label(name), refusal=ZIP_DAMAGED))
                    return
        elif _is_zip(file) and name.lower().endswith(".zip"):
            raise Refused(TOO_MANY)
        file.seek(0)
        yield self._taken(label(name), file.read(FILE_BYTES + 1))

    def folder(self, root: Path) -> Iterator[Sent]:
        """The files of a folder and its folders, by name; links are not followed."""
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                inside = path.relative_to(root).as_posix()
                if path.is_symlink() or not path.is_file() or _LITTER.search(inside):
                    continue
                with path.open("rb") as file:
                    yield from self.opened(f"{root.name}/{inside}", file)

    def _unpacked(self, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], size: int) -> Iterator[Sent]:
        if size > BUNDLE_BYTES:
            raise Refused(ZIP_TOO_LARGE)
        infos = [one for one in infos if not one.is_dir() and not _LITTER.search(one.filename)]
        if len(infos) > MOST_FILES:
            raise Refused(TOO_MANY)
        for info in infos:
            yield self._member(archive, info)

    def _member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Sent:
        name = label(info.filename)
        if info.flag_bits & 0x1:
            return self._counted(Sent(name, refusal=LOCKED))
        # Others may unpack without bounds however little is asked of them.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return self._counted(Sent(name, refusal=UNUSUAL))
        try:
            with archive.open(info) as file:
                data = file.read(FILE_BYTES + 1)
        except (*_UNREADABLE, NotImplementedError, RuntimeError):
            return self._counted(Sent(name, refusal=ZIP_DAMAGED))
        if name.lower().endswith(".zip"):
            return self._counted(Sent(name, refusal=ZIP_IN_ZIP))
        return self._taken(name, data)

    def _taken(self, name: str, data: bytes) -> Sent:
        self.bytes += len(data)
        if len(data) > FILE_BYTES:
            return self._counted(Sent(name, refusal=TOO_LARGE))
        if self.bytes > UNPACKED_BYTES:
            return self._counted(Sent(name, refusal=TOO_MUCH))
        return self._counted(Sent(name, data))

    def _counted(self, sent: Sent) -> Sent:
        self.files += 1
        if self.files > MOST_FILES:
            raise Refused(TOO_MANY)
        return sent


def label(path: str) -> str:
    """What a file is called on pages: its name and the folder it was in, never a way to anywhere."""
    parts = [clean(part).replace("\n", " ") for part in path.replace("\\", "/").split("/")]
    parts = [part for part in parts if part not in ("", ".", "..")]
    return "/".join(parts[-2:])[-NAME_MOST:] or "a file without a name"


def _is_zip(file: IO[bytes]) -> bool:
    file.seek(0)
    return file.read(4) in _ZIP


def _size(file: IO[bytes]) -> int:
    return file.seek(0, os.SEEK_END)


def _directory_bytes(file: IO[bytes]) -> int:
    """How large the zip says that its directory is: what opening it would read into memory."""
    file.seek(max(0, _size(file) - _END_BYTES - _COMMENT_BYTES))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        return 0  # no zip: opening it says so at once
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    return size


def _is_workbook(infos: list[zipfile.ZipInfo]) -> bool:
    names = {info.filename.replace("\\", "/").lstrip("/").lower() for info in infos}
    return not names.isdisjoint(_OF_A_WORKBOOK)
