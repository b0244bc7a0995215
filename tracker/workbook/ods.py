"""Opens an OpenDocument spreadsheet (.ods): all its sheets stand in one part, so that they are read in
one pass (ADR 0014). What a cell means is found in `cells`, as for any other file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.workbook import guard
from tracker.workbook.colours import WHITE
from tracker.workbook.guard import Refused
from tracker.workbook.package import Elements, Package, attribute
from tracker.workbook.stored import (
    COLUMNS,
    LAST_ROW,
    Area,
    Book,
    Cell,
    DropDown,
    Sheet,
    SheetEntry,
    StoredRow,
    read_area,
)
from tracker.workbook.styles import PLAIN, Style

CONTENT, STYLES, MANIFEST = "content.xml", "styles.xml", "meta-inf/manifest.xml"
# Dates are kept as ISO: this day is of use only to numbers that stand in a column of dates.
_DAY_ZERO = date(1899, 12, 30)
_MOST_ROWS = guard.CASES + 500  # with values, of one sheet

_REFERENCE = re.compile(
    r"(?:\$?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^.$'\[\]:]+)))?\.?(?P<first>\$?[A-Z]+\$?\d+)"
    r"(?::(?:\$?(?:'(?:[^']|'')+'|[^.$'\[\]:]+))?\.?(?P<last>\$?[A-Z]+\$?\d+))?"
)
_IN_LIST = re.compile(r"is-in-list\((?P<offer>.*)\)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_ERROR = re.compile(r"#(?:REF|N/A|VALUE|DIV/0|NAME|NUM|NULL)[!?]?|Err:\d+")
_SPACES = re.compile(r"[ \t\r\n]+")
# What may stand in a row; anything else there is damage.
_CELLS = ("table-cell", "covered-table-cell")
_NO_TEXT = (*_CELLS, "table-row", "table")
# What may stand in a cell beside its text: comments, traces of formulas, drawings.
_IN_CELL = {
    "annotation", "detective", "cell-range-source", "frame", "custom-shape", "g", "line", "rect", "ellipse",
    "circle", "polyline", "polygon", "regular-polygon", "path", "connector", "caption", "control", "measure",
    "scene", "a", "page-thumbnail",
}  # fmt: skip


def open_ods(package: Package) -> Book:
    """Open an OpenDocument spreadsheet. Raises Refused when it is encrypted, damaged or too large."""
    if CONTENT not in package or _is_encrypted(package):
        raise Refused(guard.ENCRYPTED if _is_encrypted(package) else guard.DAMAGED)
    styles = _StylesWatcher()
    if STYLES in package:
        package.walk(STYLES, styles)
    watcher = _ContentWatcher(styles)
    package.walk(CONTENT, watcher)
    if not watcher.sheets:
        raise Refused(guard.DAMAGED)
    sheets = {sheet.entry: sheet for sheet in watcher.finished()}
    return Book(
        sheets=tuple(sheets),
        names=watcher.names,
        day_zero=_DAY_ZERO,
        read=lambda entry, most_rows: sheets[entry],
    )


def _is_encrypted(package: Package) -> bool:
    if "encrypted-package" in package:
        return True
    found: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "encryption-data":
            found.append(name)

    if MANIFEST in package:
        package.walk(MANIFEST, Elements(start))
    return bool(found)


def excel_reference(reference: str) -> str | None:
    """Give a reference such as $Lists.$A$2:.$A$9 as Excel writes it; None when it is none."""
    match = _REFERENCE.fullmatch(reference.strip().strip("[]"))
    if match is None:
        return None
    name = match["plain"] or (match["quoted"] or "").replace("''", "'")
    area = match["first"] + (f":{match['last']}" if match["last"] else "")
    return "'{}'!{}".format(name.replace("'", "''"), area) if name else area


def _area(reference: str) -> tuple[str, Area] | None:
    """Give the sheet's name and the area that a reference means."""
    formula = excel_reference(reference)
    if formula is None:
        return None
    name, _, place = formula.rpartition("!")
    area = read_area(place)
    return (name.strip("'").replace("''", "'"), area) if area else None


@dataclass
class _StylesWatcher:
    """Gathers cell styles by name, each with what its parent says, and which tables are hidden."""

    cells: dict[str, Style] = field(default_factory=dict)
    hidden_tables: set[str] = field(default_factory=set)
    current: str = ""
    family: str = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("style", "default-style"):
            own = _local(attributes)
            self.current, self.family = own.get("name", ""), own.get("family", "")
            if self.family == "table-cell":
                self.cells[self.current] = self.cells.get(own.get("parent-style-name", ""), PLAIN)
        elif self.family == "table-cell" and name in ("table-cell-properties", "text-properties"):
            self._take_look(_local(attributes))
        elif name == "table-properties" and _local(attributes).get("display") == "false":
            self.hidden_tables.add(self.current)

    def _take_look(self, own: Mapping[str, str]) -> None:
        style = self.cells[self.current]
        colour = own.get("background-color")
        if colour is not None:
            fill = colour.removeprefix("#").upper()
            known = re.fullmatch("[0-9A-F]{6}", fill) and fill != WHITE
            style = replace(style, fill=fill if known else None)
        if "text-line-through-style" in own:
            style = replace(style, struck=own["text-line-through-style"] != "none")
        self.cells[self.current] = style

    def end(self, name: str) -> None:
        if name in ("style", "default-style"):
            self.family = ""

    def text(self, data: str) -> None:
        """Styles say everything in attributes."""


@dataclass
class _StoredCell:
    """A cell of the file while it is read: its attributes, and its paragraphs."""

    kind: str
    value: str | None
    has_formula: bool
    is_error: bool
    style: Style
    repeated: int
    validation: str
    paragraphs: list[list[str]] = field(default_factory=list)
    has_comment: bool = False
    spans: tuple[int, int] = (1, 1)

    def cell(self) -> Cell:
        """Give what the cell holds."""
        shown = "\n".join("".join(pieces) for pieces in self.paragraphs).strip()
        if self.is_error or (self.has_formula and _ERROR.fullmatch(shown)):
            return Cell("error", shown or "#N/A", self.style)
        if self.kind == "float" and self.value:
            zeros = shown.startswith("0") and len(shown) > 1 and shown.isdecimal()
            style = replace(self.style, format="0" * len(shown)) if zeros else self.style
            return Cell("number", self.value, style)
        if self.kind in ("date", "boolean") and self.value:
            return Cell("date" if self.kind == "date" else "truth", self.value, self.style)
        text = self.value if self.kind == "string" and self.value is not None else shown
        if text.strip():
            return Cell("text", text, self.style)
        return Cell("unsaved" if self.has_formula and not self.kind else "nothing", "", self.style)


class _ContentWatcher:
    def __init__(self, styles: _StylesWatcher) -> None:
        self.styles = styles
        self.sheets: list[Sheet] = []
        self.names: dict[str, str] = {}
        self._path: list[str] = []
        self._aside = 0  # how deep in something that is no value: a comment, a drawing
        self._offers: dict[str, DropDown] = {}
        self._offered: dict[tuple[int, str, int], tuple[int, int]] = {}  # sheet, list, column: rows
        self._row = StoredRow(0, hidden=False, cells={})
        self._next_row, self._next_column, self._repeated = 1, 1, 1
        self._row_style = ""
        self._column_styles: dict[int, str] = {}
        self._cell: _StoredCell | None = None
        self._characters = 0
        self._filter: tuple[str, Area] | None = None
        self._filters: list[tuple[str, int]] = []
        self._rules: list[tuple[str, Area]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._aside:
            self._aside += 1
        elif self._cell is not None:
            self._start_in_cell(name, attributes)
        elif self._path and self._path[-1] == "table-row":
            if name not in _CELLS:
                raise Refused(guard.DAMAGED)
            self._start_cell(attributes)
        else:
            self._start_around(name, attributes)
        if not self._aside:
            self._path.append(name)

    def _start_around(self, name: str, attributes: Mapping[str, str]) -> None:
        if "automatic-styles" in self._path:
            self.styles.start(name, attributes)
        elif name in ("tracked-changes", "dde-links", "shapes", "forms"):
            self._aside = 1
        elif name == "table":
            self._start_table(_local(attributes))
        elif name == "table-row":
            self._start_row(_local(attributes))
        elif name in _CELLS:
            raise Refused(guard.DAMAGED)
        elif name == "table-column":
            self._start_column(_local(attributes))
        elif name == "conditional-format":
            place = _area((attribute(attributes, "target-range-address") or "").partition(" ")[0])
            self._rules += [place] if place else []
        else:
            self._start_aid(name, _local(attributes))

    def _start_aid(self, name: str, own: Mapping[str, str]) -> None:
        """Take lists, names and filters, which stand before and after the tables."""
        if name == "content-validation":
            self._offers[own.get("name", "")] = _drop_down(own.get("condition", ""))
        elif name == "named-range":
            formula = excel_reference(own.get("cell-range-address", ""))
            self.names[own.get("name", "").casefold()] = formula or ""
        elif name == "database-range":
            self._filter = _area(own.get("target-range-address", ""))
        elif name == "filter-condition" and self._filter:
            sheet, area = self._filter
            self._filters.append((sheet, area.left + int(own.get("field-number", 0))))

    def _start_table(self, own: Mapping[str, str]) -> None:
        hidden = own.get("style-name") in self.styles.hidden_tables
        entry = SheetEntry(
            own.get("name", ""), f"{CONTENT}#{len(self.sheets)}", "hidden" if hidden else "visible"
        )
        self.sheets.append(Sheet(entry))
        self._next_row, self._next_column = 1, 1
        self._column_styles = {}

    def _start_column(self, own: Mapping[str, str]) -> None:
        repeated = _times(own, "number-columns-repeated")
        columns = range(self._next_column, min(self._next_column + repeated, COLUMNS + 1))
        if own.get("visibility", "visible") != "visible" and self.sheets:
            self.sheets[-1].hidden_columns.update(columns)
        self._column_styles |= dict.fromkeys(columns, own.get("default-cell-style-name", ""))
        self._next_column += repeated

    def _start_row(self, own: Mapping[str, str]) -> None:
        if not self.sheets:
            raise Refused(guard.DAMAGED)
        hidden = own.get("visibility", "visible") != "visible"
        self._row = StoredRow(self._next_row, hidden, {})
        self._repeated = _times(own, "number-rows-repeated")
        self._row_style = own.get("default-cell-style-name", "")
        self._next_column = 1

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        own = _local(attributes)
        kind = own.get("value-type", "")
        value = next((own[name] for name in (f"{kind}-value", "value") if name in own), None)
        style = own.get("style-name") or self._row_style or self._column_styles.get(self._next_column, "")
        self._cell = _StoredCell(
            kind=kind,
            value=value,
            has_formula="formula" in own,
            is_error=any(k.endswith(":value-type") and v == "error" for k, v in attributes.items()),
            style=self.styles.cells.get(style, PLAIN),
            repeated=_times(own, "number-columns-repeated"),
            validation=own.get("content-validation-name", ""),
            spans=(_times(own, "number-rows-spanned"), _times(own, "number-columns-spanned")),
        )

    def _start_in_cell(self, name: str, attributes: Mapping[str, str]) -> None:
        cell = self._cell
        if cell is None:
            return
        inside = self._path[-1]
        if inside in _CELLS and name in ("p", "h"):
            cell.paragraphs.append([])
        elif inside in _CELLS and name not in _IN_CELL:
            raise Refused(guard.DAMAGED)
        elif inside in _CELLS or name in ("annotation", "note", "ruby-text"):
            # A comment, a drawing: it stands in the cell and is not its value.
            cell.has_comment |= name == "annotation"
            self._aside = 1
        elif name == "s":
            cell.paragraphs[-1].append(" " * min(_times(_local(attributes), "c"), 100))
        elif name in ("tab", "line-break"):
            cell.paragraphs[-1].append(" " if name == "tab" else "\n")

    def text(self, data: str) -> None:
        cell = self._cell
        if cell is not None and cell.paragraphs and not self._aside and self._path[-1] not in _CELLS:
            cell.paragraphs[-1].append(_SPACES.sub(" ", data))
        elif not self._aside and self._path[-1] in _NO_TEXT and data.strip():
            raise Refused(guard.DAMAGED)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        self._path.pop()
        if "automatic-styles" in self._path:
            self.styles.end(name)
        elif name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table-row":
            self._end_row()

    def _end_cell(self, stored: _StoredCell) -> None:
        sheet, row = self.sheets[-1], self._row.number
        cell, first = stored.cell(), self._next_column
        self._next_column += stored.repeated
        self._characters += len(cell.value)
        if self._characters > guard.TEXT_CHARACTERS:
            raise Refused(guard.TOO_LARGE_UNPACKED)
        if self._next_column - 1 > COLUMNS and cell.kind != "nothing" and sheet.beyond is None:
            sheet.beyond = sheet.address(row, max(first, COLUMNS + 1))
        for column in range(first, min(self._next_column, COLUMNS + 1)):
            self._row.cells[column] = cell
            if stored.validation:
                self._offer(stored.validation, column)
        if stored.has_comment and len(sheet.comments) < guard.CASES:
            sheet.comments.add(Area(row, first, row, first))
        down, right = stored.spans
        if (down, right) != (1, 1):
            sheet.merges.append(Area(row, first, row + down - 1, first + right - 1))

    def _offer(self, validation: str, column: int) -> None:
        key = (len(self.sheets) - 1, validation, column)
        top, _ = self._offered.get(key, (self._row.number, 0))
        self._offered[key] = (top, self._row.number + self._repeated - 1)

    def _end_row(self) -> None:
        row, sheet = self._row, self.sheets[-1]
        self._next_row += self._repeated
        if all(cell.kind == "nothing" for cell in row.cells.values()):
            return
        if self._next_row - 1 > LAST_ROW:
            raise Refused(guard.DAMAGED)
        for number in range(row.number, self._next_row):
            if len(sheet.rows) >= _MOST_ROWS:
                sheet.complete = False
                return
            sheet.rows.append(StoredRow(number, row.hidden, row.cells))

    def finished(self) -> Iterator[Sheet]:
        """Give the sheets, with what the file says about them at other places."""
        for (place, validation, column), (top, bottom) in self._offered.items():
            drop_down = self._offers.get(validation)
            if drop_down is not None and (drop_down.formula or drop_down.options):
                area = Area(top, column, bottom, column)
                self.sheets[place].drop_downs.append(replace(drop_down, areas=[area]))
        for sheet in self.sheets:
            name = sheet.entry.name
            sheet.filtered_columns += [column for named, column in self._filters if named == name]
            sheet.coloured_by_rule = next((area for named, area in self._rules if named == name), None)
            yield sheet


def _drop_down(condition: str) -> DropDown:
    """Read what a validation offers; an empty one when it is no list."""
    match = _IN_LIST.search(condition)
    if match is None:
        return DropDown([], "")
    offer = match["offer"].strip()
    if offer.startswith('"'):
        typed = (text.replace('""', '"').strip() for text in _QUOTED.findall(offer))
        return DropDown([], "", tuple(text for text in typed if text))
    return DropDown([], excel_reference(offer) or offer)


def _local(attributes: Mapping[str, str]) -> dict[str, str]:
    """Give attributes by their names after the prefix, without LibreOffice's own additions."""
    return {
        k.rpartition(":")[2]: v for k, v in attributes.items() if not k.startswith(("calcext:", "loext:"))
    }


def _times(own: Mapping[str, str], name: str) -> int:
    """Read how often something stands; a file that counts below 1 is damaged."""
    times = int(own.get(name, 1))
    if not 1 <= times <= LAST_ROW:
        raise Refused(guard.DAMAGED)
    return times
