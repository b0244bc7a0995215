"""`manage.py export_workbook`: an operator's copy of a tracker."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import AuditEvent
from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tests.tracker.workbook.files import read


def test_the_open_rows_are_written_with_full_names(world: World, tmp_path: Path) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    make_closed_row(team=world.team)
    path = tmp_path / "out.xlsx"

    call_command("export_workbook", "--team", world.team.name, "--output", str(path), stdout=StringIO())

    (written,) = read(path.read_bytes()).rows
    assert (written.pin, written.person) == ("001201", "Tess Sample")
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORT)
    assert (event.actor_id, event.row_ids, event.detail["names"]) == (None, [row.pk], "full")


@pytest.mark.parametrize(("team", "output"), [("Nobody’s team", "out.xlsx"), ("", "no/such/folder/out.xlsx")])
def test_what_cannot_be_done_is_said_and_ends_with_2(
    world: World, tmp_path: Path, team: str, output: str
) -> None:
    err = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command(
            "export_workbook",
            "--team",
            team or world.team.name,
            "--output",
            str(tmp_path / output),
            stderr=err,
        )

    assert ended.value.code == 2
    assert len(err.getvalue().strip().splitlines()) == 1
