"""`python -m scripts.prepare`: database and static files of `make run`, brought up to date.

The one module here that needs the application's packages: it runs in `.venv`.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command

from scripts import static_files


def main() -> None:
    """Migrate, load the demonstration council if this is one, collect static files if changed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icm.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    if settings.DEMO:
        call_command("load_demo")
    static_files.collect()


if __name__ == "__main__":
    main()
