"""What the application writes to its log while a test, or a whole run, lasts."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from icm.logs import JsonLine

# The name that tests/factories.py gives a child whose test needs no other.
CHILD = re.compile(r"\bChild \d+\b")


class Lines(logging.Handler):
    """Keeps each line as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """As the handler of icm/settings.py, but for where it goes."""
        self.lines.append(self.format(record))


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """The lines, as they come."""
    handler = Lines()
    logging.getLogger().addHandler(handler)
    try:
        yield handler.lines
    finally:
        logging.getLogger().removeHandler(handler)
