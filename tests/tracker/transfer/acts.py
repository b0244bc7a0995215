"""Importing and exporting in tests, without pages: the file is read in this process."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from accounts.models import Team, User
from tests.tracker.workbook.files import TODAY, case, make_workbook, read
from tracker.changes.act import Answer
from tracker.changes.bulk import import_rows
from tracker.changes.deliveries import deliver
from tracker.exporting import Names, tracker_sheet
from tracker.importing.compare import make_plan
from tracker.importing.plan import Cell, Keep, Plan, RowPlan
from tracker.models import DeliveredFile
from tracker.workbook.bundle import Sent
from tracker.workbook.write import write_workbook

NOON = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001 - local time, as people read it


def plan_of(data: bytes, team: Team, *, by: User | None = None, keep: Keep = "ours") -> Plan:
    """What importing this file would do."""
    return make_plan(read(data), team=team, by=by, today=TODAY, keep=keep)


def bring_in(data: bytes, team: Team, *, by: User | None = None, keep: Keep = "ours") -> Answer:
    """Imports this file."""
    return import_rows(team=team, plan=plan_of(data, team, by=by, keep=keep), by=by)


def workbook(*cases: Mapping[str, object]) -> bytes:
    """A team's old workbook with these cases; what is not said is as in a sound one."""
    return make_workbook([case(**values) for values in cases])


def exported(team: Team, names: Names = "full") -> bytes:
    """An export of the team's tracker."""
    return write_workbook(tracker_sheet(team, names=names, exported_by="Olive Officer", at=NOON))


def only(plan: Plan) -> RowPlan:
    """The one row of a plan."""
    (row,) = plan.rows
    return row


def cell_of(row: RowPlan, key: str) -> Cell | None:
    """The planned cell of one field, if any."""
    return next((cell for cell in row.cells if cell.key == key), None)


def a_delivered_file(by: User | None, name: str = "Amber Team 1.xlsx", data: bytes = b"x") -> DeliveredFile:
    """The one file of a delivery, not read yet."""
    return deliver(files=[Sent(name, data)], by=by, now=timezone.now()).files.get()
