"""Opens a file as a workbook, or says what else it is: its sheets and their states, defined names,
the texts that cells share, styles, and the day from which it counts dates.
"""

from collections.abc import Mapping
from datetime import date

from tracker.workbook import guard
from tracker.workbook.guard import Refused
from tracker.workbook.ods import open_ods
from tracker.workbook.package import Package, attribute, is_true
from tracker.workbook.sheet import SheetReader
from tracker.workbook.stored import Book, SheetEntry
from tracker.workbook.strings import read_shared_texts
from tracker.workbook.styles import read_styles

# Day 0 of the two ways to count. Right from 01/03/1900 on: the first way has a 29/02/1900.
_DAY_ZERO = date(1899, 12, 30)
_DAY_ZERO_1904 = date(1904, 1, 1)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def open_book(data: bytes) -> Book:
    """Open a workbook. Raises Refused when the bytes are none, are damaged or too large."""
    package = Package(data)
    if package.beginning_of("mimetype").startswith(_ODS):
        return open_ods(package)
    part = _workbook_part(package)
    relations = package.relations(part)
    by_kind = {relation.kind: relation.part for relation in relations.values()}
    watcher = _WorkbookWatcher()
    package.walk(part, watcher)
    sheets = tuple(
        SheetEntry(name, relations[link].part, state)
        for name, link, state in watcher.sheets
        if link in relations and relations[link].kind == "worksheet"
    )
    if not sheets:
        raise Refused(guard.DAMAGED)
    reader = SheetReader(
        package=package,
        texts=read_shared_texts(package, by_kind.get("sharedStrings")),
        styles=read_styles(package, by_kind.get("styles"), by_kind.get("theme")),
    )
    return Book(
        sheets=sheets,
        names=watcher.names,
        read=reader.read,
        day_zero=_DAY_ZERO_1904 if watcher.from_1904 else _DAY_ZERO,
    )


def _workbook_part(package: Package) -> str:
    for relation in package.relations("").values():
        if relation.kind == "officeDocument":
            if relation.part.endswith(".bin"):
                raise Refused(_other_kind("a binary workbook (.xlsb)"))
            if not relation.part.startswith(("word/", "ppt/")):
                return relation.part
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    raise Refused(_about(package))


def _about(package: Package) -> str:
    kind = package.beginning_of("mimetype")
    if b"opendocument.text" in kind:
        return guard.NOT_A_WORKBOOK.format(what="it is a letter (.odt)")
    if b"opendocument" in kind:
        return guard.NOT_A_WORKBOOK.format(what="it is an OpenDocument file of another kind")
    if "index/document.iwa" in package or "index.zip" in package:
        return _other_kind("a document of Apple's own programs (Numbers)")
    folders = {name.partition("/")[0] for name in package.part_names()}
    if "word" in folders:
        return guard.NOT_A_WORKBOOK.format(what="it is a Word document")
    if "ppt" in folders:
        return guard.NOT_A_WORKBOOK.format(what="it is a PowerPoint presentation")
    return guard.NOT_A_WORKBOOK.format(what="it is a zip archive without a workbook in it")


def _other_kind(what: str) -> str:
    return f"This is {what}, which cannot be read. Open it, save it as .xlsx and try again."


class _WorkbookWatcher:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, str]] = []  # name, id of the link, state
        self.names: dict[str, str] = {}
        self.from_1904 = False
        self._name = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            link = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id" and ":" in k), "")
            state = attributes.get("state", "visible")
            self.sheets.append((attributes.get("name", ""), link, state))
        elif name == "workbookPr":
            self.from_1904 = is_true(attribute(attributes, "date1904"))
        elif name == "definedName":
            self._name = attributes.get("name", "").casefold()
            self.names[self._name] = ""

    def end(self, name: str) -> None:
        self._name = ""

    def text(self, data: str) -> None:
        if self._name:
            self.names[self._name] += data
