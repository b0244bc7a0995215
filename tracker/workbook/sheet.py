"""One sheet of an .xlsx file, read into what `stored` has for it: cells of its rows, what is hidden,
merged, noted or coloured by rule, drop-downs. Streams: rows without a value cost only time.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.workbook import guard
from tracker.workbook.guard import Refused
from tracker.workbook.package import Elements, Enough, Package, attribute, is_true
from tracker.workbook.stored import (
    COLUMNS,
    LAST_ROW,
    Area,
    Cell,
    DropDown,
    Sheet,
    SheetEntry,
    StoredRow,
    read_area,
    read_corner,
)
from tracker.workbook.strings import TextCollector, unescape
from tracker.workbook.styles import PLAIN, Style

_KINDS = {"n": "number", "b": "truth", "e": "error", "d": "date"}
# What may stand in a row and in a cell (ECMA-376 part 1, 18.3.1.73 and 18.3.1.4). An element of
# another name is damage, and so is text beside them: to pass over it could lose a case without a word.
_IN_CELL = {"f", "v", "is", "extLst"}


@dataclass(frozen=True)
class SheetReader:
    """Reads the sheets of one workbook: what they share is the package, the texts and the styles."""

    package: Package
    texts: list[str]
    styles: list[Style]

    def read(self, entry: SheetEntry, most_rows: int) -> Sheet:
        """Read up to `most_rows` rows that have values, then stop. Raises Refused."""
        watcher = _SheetWatcher(self, Sheet(entry), most_rows=most_rows)
        self.package.walk(entry.part, watcher)
        sheet = watcher.sheet
        sheet.rows.sort(key=lambda row: row.number)
        if sheet.complete:
            self._read_beside(sheet)
        return sheet

    def _read_beside(self, sheet: Sheet) -> None:
        """Take what is kept in parts of their own: Excel tables and comments."""
        for relation in self.package.relations(sheet.entry.part).values():
            if relation.part not in self.package:
                continue
            if relation.kind == "table":
                self._read_table(sheet, relation.part)
            elif posixpath.basename(relation.kind) in ("comments", "threadedComment"):
                self._read_comments(sheet, relation.part)

    def _read_table(self, sheet: Sheet, part: str) -> None:
        area: Area | None = None

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal area
            if name == "table":
                area = read_area(attributes.get("ref", ""))
                if area and int(attributes.get("totalsRowCount", 0)):
                    sheet.totals.add(area.bottom)
            elif name == "filterColumn" and area:
                sheet.filtered_columns.append(area.left + int(attributes.get("colId", 0)))

        self.package.walk(part, Elements(start))

    def _read_comments(self, sheet: Sheet, part: str) -> None:
        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name in ("comment", "threadedComment"):
                area = read_area(attributes.get("ref", ""))
                if area and len(sheet.comments) < guard.CASES:
                    sheet.comments.add(area)

        self.package.walk(part, Elements(start))


class _SheetWatcher:
    def __init__(self, reader: SheetReader, sheet: Sheet, *, most_rows: int) -> None:
        self.texts, self.styles = reader.texts, reader.styles
        self.sheet, self.most_rows = sheet, most_rows
        self._row = StoredRow(0, hidden=False, cells={})
        self._has_number = False  # the row, by itself or by one of its cells
        self._numbers: set[int] = set()  # of rows with values
        self._place = ""  # sheetData, row, cell or is, when inside one
        self._column = 0
        self._type, self._style = "n", PLAIN
        self._has_formula = False
        self._value: list[str] = []
        self._collecting: str | None = None  # f or v of a cell, or the element of a drop-down
        self._inline = TextCollector()
        self._characters = 0
        self._drop_down: DropDown | None = None
        self._rule: Area | None = None
        self._aside = 0  # how deep in an extLst of a row or cell
        self._anchored = 0  # how deep in the place of a button or a box: it is named by row and column too

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        place = self._place
        if self._aside:
            self._start_aside(name)
        elif place == "cell":
            self._start_in_cell(name)
        elif place == "is":
            self._inline.start(name)
        elif place == "row":
            self._start_in_row(name, attributes)
        elif place == "sheetData":
            self._start_row(name, attributes)
        else:
            self._start_outside(name, attributes)

    def _start_outside(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._anchored or name == "anchor":
            self._anchored += 1
        elif name in ("row", "c"):
            raise Refused(guard.DAMAGED)
        elif name == "sheetData":
            self._place = name
        else:
            self._start_around(name, attributes)

    def _start_aside(self, name: str) -> None:
        """Pass over an extension of a row or cell, if it is one: a list has nothing but such in it."""
        if self._aside == 1 and name != "ext":
            raise Refused(guard.DAMAGED)
        self._aside += 1

    def _start_row(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "row":
            raise Refused(guard.DAMAGED)
        self._has_number = "r" in attributes
        number = int(attributes["r"]) if self._has_number else self._row.number + 1
        if self._has_number and not 1 <= number <= LAST_ROW:
            raise Refused(guard.DAMAGED)
        self._row = StoredRow(number, is_true(attributes.get("hidden")), {})
        self._column = 0
        self._place = "row"

    def _start_in_row(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "extLst":
            self._aside = 1
        else:
            raise Refused(guard.DAMAGED)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        self._column += 1
        if "r" in attributes:
            self._move_to(attributes["r"])
        style = int(attributes.get("s") or 0)
        self._style = self.styles[style] if 0 <= style < len(self.styles) else PLAIN
        self._type = attributes.get("t", "n")
        self._has_formula = False
        self._value.clear()
        self._place = "cell"

    def _move_to(self, reference: str) -> None:
        """Take a cell's own word for where it stands. It must not contradict its row."""
        row, column = read_corner(reference) or (0, 0)
        if not row or not column:
            raise Refused(guard.DAMAGED)
        if not self._has_number:
            self._row.number, self._has_number = row, True
        if row != self._row.number or column in self._row.cells:
            raise Refused(guard.DAMAGED)
        self._column = column

    def _start_in_cell(self, name: str) -> None:
        if name not in _IN_CELL or self._collecting:
            raise Refused(guard.DAMAGED)
        if name == "f":
            self._has_formula = True
            self._collecting = name
        elif name == "v":
            self._collecting = name
        elif name == "is":
            self._place = "is"
        else:
            self._aside = 1

    def _start_around(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take what stands before and after the rows."""
        if name == "col" and is_true(attributes.get("hidden")):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.sheet.hidden_columns.update(range(max(first, 1), min(last, COLUMNS) + 1))
        elif name == "mergeCell":
            self._take_merge(read_area(attributes.get("ref", "")))
        elif name == "autoFilter":
            area = read_area(attributes.get("ref", ""))
            self._column = area.left if area else 1
        elif name == "filterColumn":
            self.sheet.filtered_columns.append(self._column + int(attributes.get("colId", 0)))
        elif name in ("conditionalFormatting", "cfRule"):
            self._start_rule(name, attributes)
        else:
            self._start_drop_down(name, attributes)

    def _take_merge(self, area: Area | None) -> None:
        self.sheet.merges += [area] if area else []
        if len(self.sheet.merges) > guard.MERGES:
            raise Refused(guard.TOO_LARGE_UNPACKED)

    def _start_rule(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note the first place that a rule colours; bars and icons in cells count as well."""
        if name == "conditionalFormatting":
            self._rule = read_area((attribute(attributes, "sqref") or "").partition(" ")[0])
        elif self.sheet.coloured_by_rule is None:
            self.sheet.coloured_by_rule = self._rule

    def _start_drop_down(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "dataValidation":
            self._drop_down = DropDown([], "")
            if attributes.get("type") == "list":
                self.sheet.drop_downs.append(self._drop_down)
            self._take_places(attribute(attributes, "sqref") or "")
        elif self._drop_down is not None and name in ("formula1", "sqref"):
            self._collecting = name
            self._value.clear()

    def _take_places(self, references: str) -> None:
        if self._drop_down is not None:
            areas = (read_area(reference) for reference in references.split())
            self._drop_down.areas += [area for area in areas if area]

    def text(self, data: str) -> None:
        if self._collecting:
            if self._collecting != "f":
                self._value.append(data)
        elif self._place == "is":
            self._inline.text(data)
        elif self._place and self._aside < 2 and data.strip():
            raise Refused(guard.DAMAGED)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif self._anchored:
            self._anchored -= 1
        elif name == self._collecting:
            self._end_collected(name)
        elif self._place == "cell" and name == "c":
            self._end_cell()
        elif self._place == "is":
            self._end_in_text(name)
        elif self._place == "row":
            self._end_row()
        else:
            self._end_around(name)

    def _end_around(self, name: str) -> None:
        if name == "sheetData":
            self._place = ""
        elif name == "dataValidation":
            self._drop_down = None

    def _end_in_text(self, name: str) -> None:
        if name == "is":
            self._place = "cell"
        else:
            self._inline.end(name)

    def _end_collected(self, name: str) -> None:
        self._collecting = None
        if self._drop_down is not None and name == "formula1":
            self._drop_down.formula = "".join(self._value).strip()
        elif self._drop_down is not None and name == "sqref":
            self._take_places("".join(self._value))

    def _end_cell(self) -> None:
        self._place = "row"
        cell = self._cell("".join(self._value), self._inline.take())
        if self._column > COLUMNS:
            if cell.kind != "nothing" and self.sheet.beyond is None:
                self.sheet.beyond = self.sheet.address(self._row.number, self._column)
            return
        self._characters += len(cell.value)
        if self._characters > guard.TEXT_CHARACTERS:
            raise Refused(guard.TOO_LARGE_UNPACKED)
        self._row.cells[self._column] = cell

    def _cell(self, value: str, inline: str) -> Cell:
        style = self._style
        if inline:  # whatever its type says: some writers leave it out
            return _text(inline, style)
        if self._type in ("str", "inlineStr") and (value or self._has_formula):
            return _text(unescape(value), style)
        if not value.strip():
            return Cell("unsaved" if self._has_formula else "nothing", "", style)
        if self._type == "s":
            return _text(self._shared(value), style)
        if self._type not in _KINDS:
            raise Refused(guard.DAMAGED)
        return Cell(_KINDS[self._type], value.strip(), style)

    def _shared(self, number: str) -> str:
        index = int(number)
        if not 0 <= index < len(self.texts):
            raise Refused(guard.DAMAGED)
        return self.texts[index]

    def _end_row(self) -> None:
        self._place = "sheetData"
        row = self._row
        if all(cell.kind == "nothing" for cell in row.cells.values()):
            return
        if row.number in self._numbers or not 1 <= row.number <= LAST_ROW:
            raise Refused(guard.DAMAGED)
        self._numbers.add(row.number)
        if len(self.sheet.rows) < self.most_rows:
            self.sheet.rows.append(row)
        else:
            self.sheet.complete = False
            raise Enough


def _text(value: str, style: Style) -> Cell:
    return Cell("text" if value.strip() else "nothing", value, style)
