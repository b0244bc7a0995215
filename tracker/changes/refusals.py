"""Why an act did not happen. Each says it in a sentence and carries what the page needs to ask again."""

from dataclasses import dataclass
from datetime import datetime


class Refusal(Exception):
    """Nothing was changed, for a reason that the person can do something about."""

    outcome = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Refusal):
    """A value that the field does not take."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NeedsOutcome(Invalid):
    """The stage Closed was chosen without saying how the case ended."""

    outcome = "needs-outcome"


class NeedsReason(Invalid):
    """This person's role may do it with a reason only (specs: permissions, mark c)."""

    outcome = "needs-reason"


class Overtaken(Invalid):
    """An undo that would discard what was written since; `row_id` is the row whose history tells of it."""

    outcome = "overtaken"

    def __init__(self, message: str, row_id: int | None) -> None:
        super().__init__(message)
        self.row_id = row_id


class OperationTaken(Refusal):
    """The operation's number belongs to another person's act."""

    outcome = "conflict"


@dataclass(frozen=True)
class Newer:
    """What stands in a field instead: the raw value, its version, who wrote it and when, what was before."""

    value: str
    rev: int
    by_name: str
    by_me: bool
    other_tab: bool
    at: datetime | None
    before: str


class StaleEdit(Refusal):
    """The field was written by somebody since this edit began; nothing is overwritten (specs 4.3)."""

    outcome = "conflict"

    def __init__(self, *, row_id: int, field: str, typed: str, base: int, newer: Newer) -> None:
        super().__init__("This changed while you were typing.")
        self.row_id = row_id
        self.field = field
        self.typed = typed
        self.base = base
        self.newer = newer


class StaleCells(Refusal):
    """Some of several cells were written by others since; none was changed."""

    outcome = "conflict"

    def __init__(self, stale: list[StaleEdit]) -> None:
        super().__init__("This changed while you were typing.")
        self.stale = stale


class RowGone(Refusal):
    """The row was closed, removed or moved; what was typed is kept and may be applied after reopening."""

    outcome = "row-gone"

    def __init__(self, *, row_id: int, state: str, by_name: str, at: datetime | None) -> None:
        self.told = f"{by_name or 'Somebody'} has {state} this case."
        super().__init__(f"{self.told} Your text is not saved: reopen it, or copy your text.")
        self.row_id = row_id
        self.state = state
        self.by_name = by_name
        self.at = at
