"""A small process that has files read in a child and says what that cost. Its own size would count
as the child's, because a child begins as a copy: so that no test measures by itself.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from tests.tracker.workbook.files import TODAY
from tracker.workbook.guard import Refused
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Reading


@dataclass(frozen=True)
class Measured:
    """A reading, or the sentence of the refusal; seconds of the processor and by the clock, and the
    megabytes that were needed at the most.
    """

    reading: Reading | None
    refused: str
    seconds: float
    clock: float
    peak_mb: float


class Meter:
    """The process, for as long as the block lasts."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.tracker.workbook.measure"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def read(self, data: bytes) -> Measured:
        """Have one file read."""
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert answers is not None
        pipe.write(f"{len(data)}\n".encode() + data)
        pipe.flush()
        answer = json.loads(answers.readline())
        reading = Reading.from_json(answer.pop("reading")) if answer["reading"] else answer.pop("reading")
        return Measured(reading=reading, **answer)


def measure(data: bytes, today: date) -> dict[str, Any]:
    """Read one file in a child, the only one this process ever has."""
    began = time.monotonic()
    reading, refused = None, ""
    try:
        reading = read_in_child(data, today=today).to_json()
    except Refused as refusal:
        refused = str(refusal)
    clock = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "reading": reading,
        "refused": refused,
        "seconds": used.ru_utime + used.ru_stime,
        "clock": clock,
        "peak_mb": used.ru_maxrss / 1024,
    }


def main() -> None:
    """Answer each file on standard input with a line of JSON, from a copy of this process."""
    while line := sys.stdin.buffer.readline():
        data = sys.stdin.buffer.read(int(line))
        child = os.fork()
        if not child:
            sys.stdout.write(json.dumps(measure(data, TODAY)) + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
