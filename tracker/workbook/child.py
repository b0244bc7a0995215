"""The process in which a workbook is read: bytes on standard input, JSON on standard output.
Started by `guard`, never imported by the application.
"""

import json
import resource
import sys
from datetime import date

from tracker.workbook import guard


def limit_this_process() -> None:
    """Give back memory and processor time beyond what an honest file needs, for good."""
    memory, seconds = guard.CHILD_MEMORY_BYTES, guard.CHILD_CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read one workbook, the day (ISO) being the only argument; a refusal is an answer as well."""
    limit_this_process()
    # Only now: importing is work too, and a limit that comes after it would not cover it.
    from tracker.workbook.read import read_workbook

    today = date.fromisoformat(sys.argv[1])
    try:
        answer = read_workbook(sys.stdin.buffer.read(), today=today).to_json()
    except guard.Refused as refusal:
        answer = {"refused": str(refusal)}
    json.dump(answer, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
