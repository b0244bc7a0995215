"""`python -m scripts.faults.leg DATABASE SIZE FOLDER [FAULT …]`: faults on one database, into the folder."""

import sys
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from scripts.environment import end_when_told, say
from scripts.faults import catalogue, table
from scripts.faults.catalogue import Fault
from scripts.faults.judging import checked, told


def main() -> None:
    """Prepares the database, then puts in one fault after the other; each is judged at once."""
    database, size, folder, *numbers = sys.argv[1:]
    end_when_told()
    django.setup()
    call_command("migrate", verbosity=0)
    for fault in catalogue.in_turn(numbers, database):
        say(f"{fault.number} on {database}: {fault.what} …")
        table.keep(line_of(fault, database, size, Path(folder)), Path(folder) / catalogue.RESULTS)


def line_of(fault: Fault, database: str, size: str, folder: Path) -> table.Line:
    """Puts it in and has it judged."""
    # Only now: models can be imported only when Django has been set up.
    from scripts.faults import scene

    module = import_module(f"scripts.faults.injected.{fault.module}")
    stage = scene.made(fault.number, database, size, folder)
    try:
        measured = module.injected(stage)
    except scene.NotTested as why:
        return table.Line(fault.number, database, "", note=str(why))
    stage.end()
    verdict = checked(stage.ledger.path)
    worst = max(measured.recoveries, default=None)
    limit = getattr(module, "SERVES_AGAIN", None)
    wrong = [*measured.wrong, *told(verdict, ("lost", "doubled", "wrong"))]
    if size != "test" and worst is not None and limit is not None and worst > limit:
        wrong.append(f"It served again after {worst:.1f} s, not within {limit:.0f}")
    of_unknown = f"{verdict['unknown_saved']} of {verdict['unknown']} unknown ones saved"
    return table.Line(
        fault.number,
        database,
        measured.amount,
        verdict["lost"]["found"],
        verdict["doubled"]["found"],
        worst,
        wrong,
        "; ".join(part for part in (measured.note, f"{verdict['refused']:,} refused", of_unknown) if part),
    )


if __name__ == "__main__":
    main()
