"""A person's own layout of a team's table. Nothing of it is on the team, so no log tells of it."""

from accounts.models import Team, User
from accounts.permissions import require
from tracker.changes.refusals import Invalid
from tracker.choices import Density
from tracker.fields import Field
from tracker.models import Layout

# They head each row: without them nobody knows whose line it is.
ALWAYS_SHOWN = ("pin", "person")
NARROWEST, WIDEST = 4, 40


def hide_columns(*, team: Team, columns: set[str], by: User) -> None:
    """Hides these columns, and no others, for this person. Raises `Invalid` for those that head a row."""
    require(by, team, "view_tracker")
    if columns.intersection(ALWAYS_SHOWN):
        raise Invalid("PIN and Person stay: they say whose row it is.")
    _keep(Layout.of(by, team), hidden=sorted(columns))


def set_width(*, team: Team, column: Field, width: int, by: User) -> None:
    """Makes one column so many ems wide for this person, within what can be read; 0 as it came."""
    require(by, team, "view_tracker")
    layout = Layout.of(by, team)
    others = {key: kept for key, kept in layout.widths.items() if key != column.key}
    fits = max(NARROWEST, min(width, WIDEST))
    _keep(layout, widths=others | ({column.key: fits} if width else {}))


def set_density(*, team: Team, density: Density, by: User) -> None:
    """How close the rows stand, on every team's table of this person."""
    require(by, team, "view_tracker")
    _keep(Layout.of(by, team), density=density)
    Layout.objects.filter(person=by).update(density=density)


def _keep(layout: Layout, **changed: object) -> None:
    values = {"hidden": layout.hidden, "widths": layout.widths, "density": layout.density, **changed}
    Layout.objects.update_or_create(person=layout.person, team=layout.team, defaults=values)
