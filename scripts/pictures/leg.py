"""`python -m scripts.pictures.leg FOLDER`: the pictures out of the database that DATABASE_URL names.

Needs the packages of the tests: it runs in `.venv`.
"""

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import django
import time_machine
from django.core.management import call_command

from scripts import static_files
from scripts.environment import end_when_told, say

# The council's past is told from its day on: with another day every picture changes.
MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def main() -> None:
    """Loads the council as it is at the moment, serves it and takes one picture after the other."""
    folder = Path(sys.argv[1])
    end_when_told()
    django.setup()
    from scripts.bench.browsers import browsers
    from scripts.pictures.camera import taken
    from scripts.pictures.scenes import SCENES
    from scripts.pictures.serving import serving

    static_files.collect()
    call_command("migrate", verbosity=0)
    with time_machine.travel(MOMENT, tick=False):
        call_command("load_demo", quiet=True)
        with serving() as site, browsers() as browser:
            for name, scene in SCENES.items():
                picture = folder / f"{name}.png"
                picture.write_bytes(taken(browser, site, scene, MOMENT))
                say(f"{picture.name}  {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
