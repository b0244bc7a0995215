"""`python -m scripts.faults.living FOLDER [ROWS]`: life in an installation (DATABASE_URL).

With ROWS it begins: so many invented open rows come about with their history, the log is sealed, and its
heads go into the folder. Either way somebody signs in then; prints the rows that they see, as the server
draws them.
"""

import json
import os
import sys
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

HEADS = "heads"


def fill(rows: int, heads: Path) -> None:
    """As `manage.py load_scale` does it, which would not do so beside the people of the fault."""
    from tracker.changes.demonstration import load_rows

    load_rows(rows=rows, today=timezone.localdate())
    # As every day: what is due would be erased when the copy comes back, and be missed there.
    call_command("purge_closed", stdout=StringIO())
    call_command("seal_log", stdout=StringIO())
    with heads.open("w") as file:
        call_command("log_heads", stdout=file)


def seen() -> list[str]:
    """The rows of a locality's trackers, by one who signs in there with address and password."""
    from accounts.demo import PASSWORD, demo_email
    from accounts.models import Locality
    from accounts.roles import Role
    from tracker.changes.demonstration import MEASURED
    from tracker.models import TrackerRow

    locality = Locality.objects.filter(name__startswith=MEASURED).earliest("pk")
    client = Client(SERVER_NAME="127.0.0.1")
    client.post("/sign-in/", {"login": demo_email(Role.TEAM_MANAGER, locality.name), "password": PASSWORD})
    pages = []
    for team in locality.teams.order_by("pk"):
        ids = TrackerRow.objects.open().filter(team=team).order_by("pk").values_list("pk", flat=True)
        page = client.get(f"/teams/{team.pk}/rows/", {"ids": ",".join(map(str, ids))})
        pages.append(f"{page.status_code} {page.content.decode()}")
    return pages


def main() -> None:
    """Fills where it is told to, and prints what is seen."""
    folder, *rows = sys.argv[1:]
    # The people of the invented rows sign in nowhere else.
    os.environ["DEMO"] = "1"
    django.setup()
    if rows:
        fill(int(rows[0]), Path(folder) / HEADS)
    print(json.dumps(seen()))


if __name__ == "__main__":
    main()
