"""Each fault that needs no kill of the server, once, on a database of its own.

F3 is not among them: it counts flushes, for which SQLite needs a program that a machine may not have.
"""

from pathlib import Path

import pytest
from django.db import connection

from scripts.faults.catalogue import chosen
from scripts.faults.faults import leg

FAULTS = ["F4", "F5", "F9", "F10", "F11", "F12", "F13", "F14", "F15", "F16", "F17", "F22", "F23"]


# A server is started for each: on a busy machine that takes minutes.
@pytest.mark.timeout(1800)
def test_what_people_save_meanwhile_is_there_once_and_what_must_hold_holds(tmp_path: Path) -> None:
    lines = leg(connection.vendor, "test", tmp_path, FAULTS)

    assert [line for line in lines if line.failed] == []
    assert {line.number for line in lines if line.amount} == {
        fault.number for fault in chosen(FAULTS, connection.vendor)
    }
