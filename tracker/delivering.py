"""The steps of a delivery: each does one thing with one file, within the time of one request."""

from datetime import date

from accounts.models import Team, User
from accounts.permissions import teams_with
from tracker.changes.deliveries import begin_step, import_file, keep_looked
from tracker.importing.many import compare, plan_of, read_file
from tracker.models import DeliveredFile, Delivery, FileState


def take_step(*, delivery: Delivery, by: User | None, today: date) -> DeliveredFile | None:
    """Reads the file whose turn it is, compares it, or imports it. None where all is done."""
    file = begin_step(delivery=delivery, by=by)
    if file is None or file.state == FileState.REFUSED:
        return file
    if file.state == FileState.WAITING:
        teams = list(teams_with(by, "import_rows") if by else Team.objects.all())
        read_file(file, teams=teams, today=today)
        if file.state == FileState.READ and file.team:
            compare(file, plan_of(file, by=by, today=today))
        keep_looked(file=file, was=FileState.WAITING, by=by)
    elif file.team:
        compared_before = bool(file.counts)
        plan = plan_of(file, by=by, today=today)
        compare(file, plan)
        if compared_before:
            import_file(file=file, team=file.team, plan=plan, by=by)
        else:
            keep_looked(file=file, was=FileState.READ, by=by)
    return file
