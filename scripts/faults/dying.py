"""`python -m scripts.faults.dying AFTER COMMAND …`: `manage.py COMMAND …`, killed in the middle of migrating.

SIGKILL comes before the statement to the schema that follows so many of them; after more of them than there
are it never comes. Then the last line says how many there were.
"""

import os
import signal
import sys
from typing import Any

import django
from django.core.management import execute_from_command_line
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def main() -> None:
    """Runs the command as `manage.py` does."""
    after, *command = sys.argv[1:]
    django.setup()
    made = 0
    plain = BaseDatabaseSchemaEditor.execute

    # Django's own has no types here.
    def counted(editor: Any, sql: Any, params: Any = ()) -> Any:
        nonlocal made
        if made == int(after):
            os.kill(os.getpid(), signal.SIGKILL)
        made += 1
        return plain(editor, sql, params)

    BaseDatabaseSchemaEditor.execute = counted  # type: ignore[assignment,method-assign] # to be killed within it
    execute_from_command_line(["manage.py", *command])
    print(made)


if __name__ == "__main__":
    main()
