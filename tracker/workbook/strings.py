"""The texts of a workbook as they are stored: shared by number, rich or plain, with escapes."""

import re
from collections.abc import Mapping

from tracker.workbook import guard
from tracker.workbook.guard import Refused
from tracker.workbook.package import Package

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")

# Of an entry (ECMA-376 part 1, 18.4.8): looks, and how it is pronounced.
_BESIDE_TEXT = {"rPr", "rPh", "phoneticPr"}


def unescape(text: str) -> str:
    """Give the characters that stand as _xHHHH_ in a stored text (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # A character beyond the first 65,536 is escaped as a pair of halves: join them.
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class TextCollector:
    """Gathers the text of one entry, run by run, without its pronunciation guides (rPh).

    An element that has no place in an entry is damage: its text would be lost without a word.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._inside = False
        self._aside = 0  # how deep in something that is no text of the entry

    def start(self, name: str) -> None:
        """Note an element inside the entry. Raises Refused."""
        if self._aside or name in _BESIDE_TEXT:
            self._aside += 1
        elif name not in ("t", "r"):
            raise Refused(guard.DAMAGED)
        self._inside = name == "t" and not self._aside

    def end(self, name: str) -> None:
        """Note the end of an element inside the entry."""
        self._aside -= bool(self._aside)
        self._inside = False

    def text(self, data: str) -> None:
        """Take text if it belongs to the entry. Raises Refused when it stands where none may."""
        if self._inside:
            self._pieces.append(data)
        elif not self._aside and data.strip():
            raise Refused(guard.DAMAGED)

    def take(self) -> str:
        """Give what was gathered and begin anew."""
        text = unescape("".join(self._pieces))
        self._pieces.clear()
        return text


def read_shared_texts(package: Package, part: str | None) -> list[str]:
    """Give the texts that cells refer to by number; none when there is no such part."""
    if part is None or part not in package:
        return []
    watcher = _SharedTextsWatcher()
    package.walk(part, watcher)
    return watcher.texts


class _SharedTextsWatcher:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._collector = TextCollector()
        self._depth = 0
        self._aside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._aside = name == "extLst"
            if name not in ("si", "extLst"):  # texts are known by their number: none may be passed over
                raise Refused(guard.DAMAGED)
        elif self._depth > 2 and not self._aside:
            self._collector.start(name)

    def end(self, name: str) -> None:
        self._depth -= 1
        if self._depth > 1 and not self._aside:
            self._collector.end(name)
        elif self._depth == 1 and not self._aside:
            self.texts.append(self._collector.take())
            if len(self.texts) > guard.SHARED_TEXTS:
                raise Refused(guard.TOO_LARGE_UNPACKED)

    def text(self, data: str) -> None:
        if not self._aside:
            self._collector.text(data)
