"""What a reading tells: messages at cells, in the order of the sheet, and among them those about
columns and the sheet as a whole. What single cells have to say is found in `cells` and `read`.
"""

from collections.abc import Sequence

from tracker.workbook.headings import LABELS
from tracker.workbook.reading import Level, Message
from tracker.workbook.stored import LAST_ROW, Area, Sheet, StoredRow, letters
from tracker.workbook.table import Table


class Telling:
    """Gathers the messages of one reading."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        self.table, self.sheet = table, sheet
        self._messages: list[tuple[tuple[int, int], Message]] = []

    def in_order(self) -> tuple[Message, ...]:
        """Give the messages from the top down and from left to right."""
        return tuple(message for _, message in sorted(self._messages, key=lambda item: item[0]))

    def tell(
        self,
        row: int,
        column: int,
        text: str,
        *,
        code: str,
        level: Level = "warning",
        found: str | None = None,
    ) -> None:
        """Add a message at a cell. The address begins its text, so that it can stand alone."""
        key = next((key for key, place in self.table.columns.fields.items() if place == column), None)
        name = LABELS[key] if key else self.table.columns.extra.get(column, "")
        place = f"{letters(column)}{row}" + (f" ({name})" if name else "")
        message = Message(
            cell=self.sheet.address(row, column),
            level=level,
            text=f"{place} {text}.",
            code=code,
            row=row,
            field=key,
            found=found,
        )
        self._messages.append(((row, column), message))

    def tell_about_columns(self) -> None:
        """Tell how the headings were understood."""
        header, columns = self.table.header_row, self.table.columns
        for key, heading in columns.reworded.items():
            note = f"is headed “{heading}”: read as “{LABELS[key]}”"
            self.tell(header, columns.fields[key], note, code="heading_reworded", level="info")
        for column, heading in columns.forbidden.items():
            note = f"is headed “{heading}”, which a tracker must not store: left out, unread"
            self.tell(header, column, note, code="column_forbidden")
        for column, heading in columns.extra.items():
            if column in columns.doubled:
                note = f"is a second column headed “{heading}”: kept as a column of the team"
                self.tell(header, column, note, code="column_doubled")
            else:
                note = f"is a column of the team, “{heading}”: kept with each case"
                self.tell(header, column, note, code="column_extra", level="info")
        for key in columns.missing:
            note = f"begins the headings; none of them is “{LABELS[key]}”: read as blank"
            self.tell(header, self.table.first, note, code="column_missing")

    def tell_about_sheet(self, stored: list[StoredRow]) -> None:
        """Tell what is hidden, merged, too far away or there twice."""
        header, first = self.table.header_row, self.table.first
        if hidden := [row.number for row in stored if row.hidden]:
            column = min(self.sheet.filtered_columns, default=first)
            numbers = listed(hidden)
            note = f"has a filter, or rows are hidden (rows {numbers}): they are read all the same"
            self.tell(header, column, note, code="rows_hidden", level="info")
        if unseen := self.sheet.hidden_columns & {
            *self.table.columns.fields.values(),
            *self.table.columns.extra,
        }:
            names = ", ".join(letters(column) for column in sorted(unseen))
            note = f"begins the table; its hidden columns ({names}) are read all the same"
            self.tell(header, first, note, code="columns_hidden", level="info")
        if self.sheet.beyond:
            note = f"begins the table; what stands far to the right, from {self.sheet.beyond} on, "
            self.tell(header, first, note + "is not read", code="too_far_right")
        if self.table.rivals:
            names = " and ".join(
                rival.name + (" (hidden)" if rival.hidden else "") for rival in self.table.rivals
            )
            note = f"begins the tracker that is read; {names} looks like one too and is not read"
            grave: Level = "warning" if any(rival.has_cases for rival in self.table.rivals) else "info"
            self.tell(header, first, note, code="other_tracker", level=grave)
        for merge in self.sheet.merges:
            if merge.meets(self._table_area) and merge[:2] != merge[2:]:
                last = f"{letters(merge.right)}{merge.bottom}"
                note = f"is merged down to {last}: only the first cell has the value, the others"
                self.tell(merge.top, merge.left, f"{note} are read as blank", code="merged_cells")

    def tell_about_values_without_heading(self, stored: list[StoredRow]) -> None:
        """Tell of values that no heading stands over: nobody can say what they are."""
        columns = self.table.columns
        known = {*columns.fields.values(), *columns.extra, *columns.forbidden}
        beside: dict[int, list[int]] = {}
        for row in stored:
            for column, cell in row.cells.items():
                if column not in known and cell.kind != "nothing" and cell.value.strip():
                    beside.setdefault(column, []).append(row.number)
        for column, rows in beside.items():
            note = f"stands in column {letters(column)}, which has no heading (with values in rows "
            note += f"{listed(rows)}): not read. Give the column a heading to keep it"
            self.tell(rows[0], column, note, code="no_heading")

    def tell_about_looks(self, coloured: list[tuple[int, int]], struck: list[tuple[int, int]]) -> None:
        """Tell once each of what a tracker does not keep: colours of single cells, lines, comments."""
        self._tell_once(
            coloured, "has a colour of its own{others}: only colours of rows are kept", "cell_colour"
        )
        self._tell_once(struck, "is struck through{others}: read like any other", "struck_through")
        below = [area for area in self.sheet.comments if area.top > self.table.header_row]
        places = [(area.top, area.left) for area in sorted(below)]
        self._tell_once(places, "has a comment{others}: comments are not kept", "comment")
        rule, header = self.sheet.coloured_by_rule, self.table.header_row
        if rule and rule.meets(self._table_area):
            place = (max(rule.top, header + 1), rule.left)
            note = "and others get a colour by a rule (conditional formatting): such colours are not kept"
            self._tell_once([place], note, "rule_colour")

    def _tell_once(self, places: list[tuple[int, int]], note: str, code: str) -> None:
        if places:
            others = listed([f"{letters(column)}{row}" for row, column in places[1:]])
            note = note.format(others=f", so has {others}" if others else "")
            self.tell(*places[0], note, code=code, level="info")

    @property
    def _table_area(self) -> Area:
        columns = {*self.table.columns.fields.values(), *self.table.columns.extra}
        return Area(self.table.header_row + 1, min(columns), LAST_ROW, max(columns))


def listed(places: Sequence[object]) -> str:
    """Name rows or cells, the first twenty at most."""
    shown = ", ".join(str(place) for place in places[:20])
    return shown if len(places) <= 20 else f"{shown} and {len(places) - 20} more"
