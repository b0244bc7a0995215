"""What reading a dashboard's list gives, and the way to JSON and back by which it leaves the child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from tracker.dashboard.headings import DATES
from tracker.workbook.reading import Message, NotRow, plain, values_of

KEYS = ("pin", "name", "team", "cin_start", "duration_days", "allocated_worker", "last_sign_off")


@dataclass(frozen=True)
class Row:
    """One case as the list has it.

    `check` is a case status other than a Child in Need plan: such a case is no open plan and is only
    pointed out. `held_back` says why nothing is done with the row; `broken` that its fields cannot be
    told apart, so that its values are not to be believed.
    """

    row: int
    pin: str | None = None
    name: str | None = None
    team: str | None = None
    cin_start: date | None = None
    duration_days: int | None = None
    allocated_worker: str | None = None
    last_sign_off: date | None = None
    last_visit: date | None = None
    next_meeting: date | None = None
    check: str | None = None
    held_back: str | None = None
    broken: bool = False

    @property
    def counts(self) -> bool:
        """Whether the row is an open Child in Need plan that can be compared."""
        return bool(self.pin) and not (self.check or self.held_back or self.broken)


@dataclass(frozen=True)
class DashboardList:
    """A list, read. `columns` tells which fields it has, `unread` which headings were left unread."""

    sheet: str | None
    header_row: int
    columns: Mapping[str, str]
    unread: tuple[str, ...]
    rows: tuple[Row, ...]
    messages: tuple[Message, ...]
    not_rows: tuple[NotRow, ...]

    def to_json(self) -> dict[str, object]:
        """Give what json.dumps takes."""
        return plain(self, self.rows, DATES)

    @classmethod
    # What json.loads gave is Any: its shape is that of to_json, in the same version.
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make it again from what to_json gave, through JSON or not."""
        return cls(
            sheet=data["sheet"],
            header_row=data["header_row"],
            columns=data["columns"],
            unread=tuple(data["unread"]),
            rows=tuple(Row(**values_of(Row, row, DATES)) for row in data["rows"]),
            messages=tuple(Message(**message) for message in data["messages"]),
            not_rows=tuple(NotRow(**row) for row in data["not_rows"]),
        )
