"""Opens the zip that a workbook is, part by part and within limits, and walks the XML of a part
with expat: no tree is built, no document type is accepted, so no entity can be declared.
What the elements mean is for others.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote
from xml.parsers import expat

from tracker.workbook import guard
from tracker.workbook.guard import Refused

_CHUNK = 64 * 1024
_ENCRYPTED_FLAG = 0x1

# What zipfile and zlib raise on damaged or odd archives.
_ZIP_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    UnicodeDecodeError, OSError, ValueError,
)  # fmt: skip


class Watcher(Protocol):
    """Is told the elements of a part in order, by their names without prefix."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


class Enough(Exception):
    """Raised by a watcher that needs no more of its part."""


@dataclass(frozen=True)
class Relation:
    """A link from one part to another: what kind of part, and its name in the package."""

    kind: str
    part: str


class Package:
    """The parts of one file. Everything read out of it counts against the limits of `guard`.

    Every method raises Refused when the file is damaged or too large.
    """

    def __init__(self, data: bytes) -> None:
        guard.check_bytes(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except _ZIP_FAULTS:
            raise Refused(guard.DAMAGED) from None
        if len(members) > guard.PARTS:
            raise Refused(guard.TOO_LARGE_UNPACKED)
        if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
            raise Refused(guard.ENCRYPTED)
        files = [member for member in members if not member.filename.endswith(("/", "\\"))]
        self._parts = {_part_name(member.filename): member for member in files}
        if len(self._parts) != len(files):  # which of two parts of one name counts, nobody can say
            raise Refused(guard.DAMAGED)
        self._bytes_left = guard.UNPACKED_BYTES
        self._elements_left = guard.ELEMENTS

    def __contains__(self, part: str) -> bool:
        return _part_name(part) in self._parts

    def part_names(self) -> list[str]:
        """Give the names of all parts, in small letters and without a leading slash."""
        return list(self._parts)

    def beginning_of(self, part: str) -> bytes:
        """Give the first hundred bytes of a part; none when there is no such part."""
        return b"".join(self._chunks(part, most=100))[:100] if part in self else b""

    def relations(self, part: str) -> dict[str, Relation]:
        """Give the links of a part by their ids; none when it has none."""
        folder, name = posixpath.split(_part_name(part) if part else "")
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, Relation] = {}

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = unquote(attributes.get("Target", ""))
                found[attributes.get("Id", "")] = Relation(
                    kind=attributes.get("Type", "").rpartition("/")[2],
                    part=_part_name(posixpath.join("/", folder, target)),
                )

        if links in self:
            self.walk(links, Elements(start))
        return found

    def walk(self, part: str, watcher: Watcher) -> None:
        """Tell the watcher every element of a part, until the end or until it raises Enough."""
        parser = self._parser(watcher)
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except Enough:
            return
        except (expat.ExpatError, UnicodeError, LookupError, ValueError):
            # expat's own, an encoding that does not exist, a number that is none.
            raise Refused(guard.DAMAGED) from None

    def _parser(self, watcher: Watcher) -> expat.XMLParserType:
        # Without namespaces: prefixes differ between writers, the names after them do not.
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = _CHUNK

        tell_start, tell_end = watcher.start, watcher.end

        def start(name: str, attributes: dict[str, str]) -> None:
            self._elements_left -= 1
            if self._elements_left < 0:
                raise Refused(guard.TOO_LARGE_UNPACKED)
            tell_start(name.rpartition(":")[2] if ":" in name else name, attributes)

        def end(name: str) -> None:
            tell_end(name.rpartition(":")[2] if ":" in name else name)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = watcher.text
        parser.StartDoctypeDeclHandler = _refuse_document_type
        return parser

    def _chunks(self, part: str, *, most: int | None = None) -> Iterator[bytes]:
        member = self._parts.get(_part_name(part))
        if member is None:
            raise Refused(guard.DAMAGED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(guard.DAMAGED)
        given = 0
        try:
            with self._zip.open(member) as stream:
                while (most is None or given < most) and (chunk := stream.read(_CHUNK)):
                    given += len(chunk)
                    self._count(len(chunk))
                    yield chunk
        except _ZIP_FAULTS:
            raise Refused(guard.DAMAGED) from None

    def _count(self, size: int) -> None:
        # By what really comes out: the sizes that a zip declares may be false.
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise Refused(guard.TOO_LARGE_UNPACKED)


class Elements:
    """The watcher for parts in which only the elements' attributes count."""

    def __init__(self, start: Callable[[str, Mapping[str, str]], None]) -> None:
        self.start = start

    def end(self, name: str) -> None:
        """Nothing hangs on where an element ends."""

    def text(self, data: str) -> None:
        """Nothing hangs on the text."""


def attribute(attributes: Mapping[str, str], name: str) -> str | None:
    """Give an attribute by its name after the prefix, which differs between writers."""
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name:
            return value
    return None


def is_true(value: str | None) -> bool:
    """Read a boolean attribute."""
    return value in ("1", "true", "on")


def _refuse_document_type(*_: object) -> None:
    raise Refused(guard.DAMAGED)


def _part_name(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()
