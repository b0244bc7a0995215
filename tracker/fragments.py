"""Rows as HTML for pages that follow changes: rendered once for all who ask within the same seconds.

The tracker page itself draws its rows without this (views/grid.py).
"""

import hashlib
from collections.abc import Iterable

from django.core.cache import caches
from django.template.loader import render_to_string

from accounts.models import Team
from accounts.permissions import OF_FIELDS
from tracker.choices import RowState
from tracker.grid import Grid
from tracker.markup import row_html
from tracker.models import TrackerRow


def rendered_rows(grid: Grid, ids: Iterable[int], head: int) -> dict[int, str]:
    """Row id → its `<tr>`, or the line of one that left; ids of other teams are left out.

    Kept under the row, its version and the reader's rights, so that fifty viewers cost one rendering. `head`
    is the number of the team's log, read before.
    """
    revs = _versions(grid.team, list(ids), head)
    seen_by = _seen_by(grid)
    keys = {pk: f"{pk}:{rev}:{seen_by}" for pk, rev in revs.items()}
    cache = caches["rows"]
    kept = cache.get_many(keys.values())
    missing = [pk for pk, key in keys.items() if key not in kept]
    found = TrackerRow.objects.filter(team=grid.team)
    fresh = (
        {row.pk: _rendered(grid, row) for row in found.filter(pk__in=missing).with_all()} if missing else {}
    )
    # A row that was changed meanwhile is rendered as it is now, and kept under its new version.
    cache.set_many({f"{pk}:{row_rev}:{seen_by}": html for pk, (row_rev, html) in fresh.items()})
    return {pk: kept[key] if key in kept else fresh[pk][1] for pk, key in keys.items()}


def _versions(team: Team, ids: list[int], head: int) -> dict[int, int]:
    """Row id → its version, of those that are the team's, in the order of the table.

    Kept under the number of the team's log, which every new version of a row raises: who reads the same
    number finds the same versions, or newer ones.
    """
    key = f"versions:{team.pk}:{head}:{_short(map(str, ids))}"
    revs: dict[int, int] | None = caches["rows"].get(key)
    if revs is None:
        found = TrackerRow.objects.filter(team=team, pk__in=ids)
        revs = dict(found.values_list("pk", "row_rev"))
        caches["rows"].set(key, revs)
    return revs


def _rendered(grid: Grid, row: TrackerRow) -> tuple[int, str]:
    """The version of the row and its HTML."""
    if row.state == RowState.OPEN:
        return row.row_rev, row_html(grid.line(row))
    return row.row_rev, render_to_string("tracker/_gone.html", {"row": row})


def _seen_by(grid: Grid) -> str:
    """What makes one reader's row differ from another's, without any word of it: what they may write."""
    writes = [permission for permission in OF_FIELDS if permission in grid.held]
    facts = [*writes, *(f"{one.key} {one.label}" for one in grid.columns), str(grid.today)]
    return _short(facts)


def _short(facts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
