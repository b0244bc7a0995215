"""`python -m scripts.bench.leg DATABASE FILE [MEASURE …]`: measures on one database, into the file."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from scripts import static_files
from scripts.environment import end_when_told, say


def main() -> None:
    """Prepares the database, then measures one thing after the other."""
    database, results, *names = sys.argv[1:]
    end_when_told()
    django.setup()
    from scripts.bench import figures, places
    from scripts.bench.bench import MEASURES

    call_command("migrate", verbosity=0)
    static_files.collect()
    bench = places.made()
    for name in names or sorted(path.stem for path in MEASURES.glob("[a-z]*.py")):
        measure = import_module(f"scripts.bench.measures.{name}")
        asked_for = name in names or not getattr(measure, "BY_NAME_ONLY", False)
        if database in measure.ON and asked_for:
            say(f"Measuring {name} on {database} …")
            found = [replace(figure, database=database) for figure in measure.measured(bench)]
            figures.keep(found, Path(results))


if __name__ == "__main__":
    main()
