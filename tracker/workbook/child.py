"""The process in which a file is read: bytes on standard input, JSON on standard output.
Started by `guard`, never imported by the application.
"""

import json
import os
import resource
import sys
from importlib import import_module

from tracker.workbook import guard

# What can be read so, and the module that does; each has `read_as_requested`.
READERS = {
    "workbook": "tracker.workbook.read",
    "dashboard": "tracker.dashboard.read",
    "pairs": "tracker.dashboard.pairs",
}


def limit_this_process() -> None:
    """Give back memory and processor time beyond what an honest file needs, and go behind others."""
    memory, seconds = guard.CHILD_MEMORY_BYTES, guard.CHILD_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(guard.CHILD_NICENESS)


def main() -> None:
    """Read one workbook, after a line of JSON that says how; a refusal is an answer as well."""
    limit_this_process()
    # Only now: importing is work too, and a limit that comes after it would not cover it.
    request = json.loads(sys.stdin.buffer.readline())
    reader = import_module(READERS[request.get("reader", "workbook")])
    try:
        answer = reader.read_as_requested(sys.stdin.buffer.read(), request).to_json()
    except (guard.ColumnsUnclear, guard.SheetsUnclear) as question:
        answer = {"unclear": question.to_json()}
    except guard.Refused as refusal:
        answer = {"refused": str(refusal)}
    json.dump(answer, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
