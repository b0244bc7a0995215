"""What the commands about copies share: every refusal is one sentence, exit status 2."""

from pathlib import Path
from typing import Any

from accounts.management.refusing import RefusingCommand
from icm.backups import Refused


class CopyingCommand(RefusingCommand):
    """Says why where it, or the machine, refuses."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Exits 2 when refused."""
        try:
            return super().execute(*args, **options)
        except Refused as refused:
            self.refuse(str(refused))
        except OSError as error:
            self.refuse(f"{Path(error.filename or 'A file').name}: {error.strerror}.")
