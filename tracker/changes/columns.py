"""A team's own columns and the legend of its row colours; the guide's ten are out of reach from here."""

import json
from uuid import UUID

from django.db.models import Max

from accounts.models import Team, User
from accounts.permissions import require
from tracker.changes.act import Act, Answer, acting, answered_once
from tracker.changes.refusals import Invalid
from tracker.choices import ChangeKind, Colour, ColumnKind
from tracker.fields import FIELDS, TYPED_HERE
from tracker.models import COLUMN_ORDER, Change, ColourMeaning, TeamColumn
from tracker.workbook.headings import field_of, is_forbidden
from tracker.workbook.words import match_option

MOST_COLUMNS = 12


@answered_once
def add_column(
    *,
    team: Team,
    heading: str,
    kind: ColumnKind,
    options: list[str],
    by: User,
    op: UUID | None = None,
) -> Answer:
    """A new column after the last. Raises `Invalid` where it must not be headed so, or there are too many."""
    require(by, team, "manage_columns")
    with acting("column", teams=[team], by=by, op=op) as act:
        check_room(team, heading)
        make_column(act, team, heading, kind, options)
    return act.answer


def check_room(team: Team, heading: str) -> None:
    """Raises `Invalid` where no column may be headed so, or the tracker has as many as it takes."""
    check_heading(team, heading)
    if TeamColumn.objects.filter(team=team, removed=False).count() >= MOST_COLUMNS:
        raise Invalid(f"A tracker takes {MOST_COLUMNS} columns of its own: remove one first.", "heading")


def check_heading(team: Team, heading: str, *, but: TeamColumn | None = None) -> None:
    """Raises `Invalid` where a column of the team must not be headed so; `but` is the column itself."""
    if label := field_headed(heading):
        raise Invalid(f"The tracker has this column already: {label}.", "heading")
    if is_forbidden(heading):
        raise Invalid("A tracker must not hold this about a child.", "heading")
    in_use = TeamColumn.objects.filter(team=team, removed=False).exclude(pk=but.pk if but else 0)
    if in_use.filter(heading__iexact=heading).exists():
        raise Invalid("The tracker has this column already.", "heading")


def field_headed(heading: str) -> str:
    """The label of the tracker's own field that goes by this heading, here or in a file; else no text.

    A file with a second column headed so could not be read back.
    """
    key = field_of(heading)
    return FIELDS[key].label if key else match_option(heading, [field.label for field in TYPED_HERE]) or ""


def make_column(act: Act, team: Team, heading: str, kind: ColumnKind, options: list[str]) -> TeamColumn:
    """Makes the column within an act that is under way."""
    last = TeamColumn.objects.filter(team=team).aggregate(last=Max("order"))["last"] or 0
    column = TeamColumn.objects.create(team=team, heading=heading, kind=kind, options=options, order=last + 1)
    act.changes.append(_change(act, column, "", heading))
    return column


@answered_once
def rename_column(*, column: TeamColumn, heading: str, by: User, op: UUID | None = None) -> Answer:
    """Another heading over the same values. Raises `Invalid` where no column may be headed so."""
    require(by, column.team, "manage_columns")
    with acting("column", teams=[column.team], by=by, op=op) as act:
        current = TeamColumn.objects.select_related("team").get(pk=column.pk)
        if current.removed:
            raise Invalid("This column is not on the tracker any more.", "heading")
        if heading != current.heading:
            rename(act, current, heading)
    return act.answer


def rename(act: Act, column: TeamColumn, heading: str) -> None:
    """Renames the column within an act that is under way."""
    check_heading(column.team, heading, but=column)
    act.changes.append(_change(act, column, column.heading, heading))
    TeamColumn.objects.filter(pk=column.pk).update(heading=heading)


@answered_once
def remove_column(*, column: TeamColumn, by: User, op: UUID | None = None) -> Answer:
    """Takes the column off the tracker; its values stay on the rows, so that it can come back."""
    require(by, column.team, "manage_columns")
    with acting("column", teams=[column.team], by=by, op=op) as act:
        current = TeamColumn.objects.get(pk=column.pk)
        if not current.removed:
            take_off(act, current)
    return act.answer


def take_off(act: Act, column: TeamColumn) -> None:
    """Removes the column within an act that is under way."""
    act.changes.append(_change(act, column, column.heading, ""))
    TeamColumn.objects.filter(pk=column.pk).update(removed=True)


def bring_back(act: Act, column: TeamColumn, heading: str) -> None:
    """Puts a removed column back under this heading, with its values, within an act that is under way."""
    check_room(column.team, heading)
    act.changes.append(_change(act, column, "", heading))
    TeamColumn.objects.filter(pk=column.pk).update(removed=False, heading=heading)


@answered_once
def put_back_column(*, column: TeamColumn, by: User, op: UUID | None = None) -> Answer:
    """A removed column stands on the tracker again, in its old place and with its values.

    Raises `Invalid` where its heading was given to another column, or there is no room.
    """
    require(by, column.team, "manage_columns")
    with acting("column", teams=[column.team], by=by, op=op) as act:
        current = TeamColumn.objects.select_related("team").get(pk=column.pk)
        if current.removed:
            bring_back(act, current, current.heading)
    return act.answer


@answered_once
def move_column(*, column: TeamColumn, left: bool, by: User, op: UUID | None = None) -> Answer:
    """Moves the column past its neighbour among the team's own; the outermost stays where it is."""
    require(by, column.team, "manage_columns")
    with acting("columns", teams=[column.team], by=by, op=op) as act:
        everything = list(TeamColumn.objects.filter(team=column.team_id))
        keys = [one.key for one in everything]
        in_use = [one.key for one in everything if not one.removed]
        if column.key not in in_use:
            raise Invalid("This column is not on the tracker any more.", "heading")
        to = in_use.index(column.key) + (-1 if left else 1)
        if 0 <= to < len(in_use):
            place = keys.index(in_use[to])
            keys.remove(column.key)
            keys.insert(place, column.key)
            write_order(act, column.team, keys)
    return act.answer


def order_of(team: Team) -> list[str]:
    """The keys of the team's columns from left to right; removed ones keep their places."""
    return [one.key for one in TeamColumn.objects.filter(team=team)]


def write_order(act: Act, team: Team, after: list[str]) -> None:
    """Writes the order within an act that is under way; its entry holds both orders as JSON."""
    columns = list(TeamColumn.objects.filter(team=team))
    before = [one.key for one in columns]
    for one in columns:
        one.order = after.index(one.key) + 1
    TeamColumn.objects.bulk_update(columns, ["order"])
    act.changes.append(_of_all(act, team, COLUMN_ORDER, before, after))


@answered_once
def set_legend(*, team: Team, meanings: dict[Colour, str], by: User, op: UUID | None = None) -> Answer:
    """What each row colour says on this team's tracker; an empty text takes the line away."""
    require(by, team, "manage_columns")
    with acting("legend", teams=[team], by=by, op=op) as act:
        after = {colour.value: text for colour, text in meanings.items() if text}
        if after != legend_of(team):
            write_legend(act, team, after)
    return act.answer


def legend_of(team: Team) -> dict[str, str]:
    """What each colour says on the team's tracker, by the colour's code."""
    return {one.colour: one.meaning for one in ColourMeaning.objects.filter(team=team)}


def write_legend(act: Act, team: Team, after: dict[str, str]) -> None:
    """Writes the legend within an act that is under way; its entry holds both legends as JSON."""
    before = legend_of(team)
    ColourMeaning.objects.filter(team=team).delete()
    ColourMeaning.objects.bulk_create(
        ColourMeaning(team=team, colour=colour, meaning=text) for colour, text in after.items()
    )
    act.changes.append(_of_all(act, team, "colour", before, after))


def _of_all(act: Act, team: Team, field: str, before: object, after: object) -> Change:
    """An entry that tells of all columns or colours at once."""
    return Change(
        team_id=team.pk,
        kind=ChangeKind.COLUMN,
        field=field,
        old=json.dumps(before, ensure_ascii=False),
        new=json.dumps(after, ensure_ascii=False),
        by=act.by,
        by_name=act.by_name,
    )


def _change(act: Act, column: TeamColumn, old: str, new: str) -> Change:
    return Change(
        team_id=column.team_id,
        kind=ChangeKind.COLUMN,
        field=column.key,
        old=old,
        new=new,
        by=act.by,
        by_name=act.by_name,
    )
