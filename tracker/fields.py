"""The fields of a row in the guide's order and wording: key, heading, kind, limit, where it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.choices import ColumnKind
from tracker.models.columns import TeamColumn


class Kind(StrEnum):
    """Which editor a cell needs and which values it takes."""

    LINE = "line"
    TEXT = "text"
    STAGE = "stage"
    NEED = "needed"
    DIFFICULTY = "difficulty"
    DATE = "date"
    MONTH = "month"
    COLOUR = "colour"
    CHOICE = "choice"
    TICK = "tick"


@dataclass(frozen=True)
class Field:
    """One field: `label` heads its column, `hint` is the guide's advice in brackets, `limit` counts signs."""

    key: str
    label: str
    kind: Kind
    hint: str = ""
    limit: int = 0
    on_case: bool = False
    options: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether values are chosen, not typed."""
        return self.kind in (Kind.STAGE, Kind.NEED, Kind.DIFFICULTY, Kind.CHOICE, Kind.COLOUR)


COLUMNS = (
    Field("pin", "PIN", Kind.LINE, "TC to keep updated", 20, on_case=True),
    Field("person", "Person", Kind.LINE, "check performance dashboard for new CINs", 120, on_case=True),
    Field("stage", "Stage", Kind.STAGE, "select from drop down"),
    Field("needed", "What is needed to progress", Kind.NEED, "select from drop down"),
    Field("action", "Action", Kind.TEXT, "write free text, replace old actions", 2000),
    Field("owner", "Owner", Kind.LINE, "write name or initials", 60),
    Field("by_when", "By when", Kind.DATE, "dd/mm/yy"),
    Field("update", "Update on action", Kind.TEXT, "e.g. last action complete", 2000),
    Field(
        "difficulty",
        "Difficulties which may need escalation?",
        Kind.DIFFICULTY,
        "optional. Select from drop down",
    ),
    Field("next_meeting", "Date of next CIN meeting", Kind.DATE, "TC to keep updated"),
)
# Kept on the row and shown in its form, not as columns of the table.
ON_THE_FORM = (
    Field("expected_month", "Expected closing month", Kind.MONTH, "optional, month and year"),
    Field("colour", "Row colour", Kind.COLOUR),
)
# What the dashboard's list says of a case: nobody types it here.
FROM_THE_DASHBOARD = (
    Field("cin_start", "CIN start date", Kind.DATE, on_case=True),
    Field("allocated_worker", "Allocated worker", Kind.LINE, limit=120, on_case=True),
    Field("last_sign_off", "Last sign-off", Kind.DATE, on_case=True),
    Field("last_visit", "Last visit", Kind.DATE, on_case=True),
)
TYPED_HERE = (*COLUMNS, *ON_THE_FORM)
FIELDS = {field.key: field for field in (*TYPED_HERE, *FROM_THE_DASHBOARD)}

TEAM_COLUMN_LIMIT = 500
TEAM_COLUMN_KINDS = {
    ColumnKind.TEXT: Kind.LINE,
    ColumnKind.DATE: Kind.DATE,
    ColumnKind.CHOICE: Kind.CHOICE,
    ColumnKind.TICK: Kind.TICK,
}


def team_field(column: TeamColumn) -> Field:
    """The field of a team's own column."""
    return Field(
        column.key,
        column.heading,
        TEAM_COLUMN_KINDS[ColumnKind(column.kind)],
        limit=TEAM_COLUMN_LIMIT,
        options=tuple(column.options),
    )


def columns_with(team_columns: Iterable[TeamColumn]) -> tuple[Field, ...]:
    """The guide's ten columns, then the team's own."""
    return COLUMNS + tuple(team_field(column) for column in team_columns)
