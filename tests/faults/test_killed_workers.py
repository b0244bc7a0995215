"""A short burst on a database and server of its own that is killed meanwhile: F1 and F2 of docs/faults.md."""

from pathlib import Path

import pytest
from django.db import connection

from scripts.faults.faults import leg


# Servers start five times: on a busy machine that takes minutes.
@pytest.mark.timeout(900)
def test_no_acknowledged_save_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path) -> None:
    [line] = leg(connection.vendor, "test", tmp_path, ["F1", "F2"])

    assert not line.failed, line
    assert line.recovery, "nothing was killed"
    assert line.amount.endswith("acknowledged, 2 kills")
