"""The folder of the copies: what is kept, and that nothing half-written stands under a copy's name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from icm.backups import Refused, store

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def named(days: float, *, before_upgrade: bool = False) -> str:
    """The name of a copy made so many days after noon of the second of November."""
    return store.name_at(NOON + timedelta(days=days), before_upgrade=before_upgrade)


def test_the_newest_of_each_day_is_kept_for_so_many_days() -> None:
    names = [named(day + part) for day in range(20) for part in (0, 0.1)]

    kept = store.kept_of(names, days=14)

    assert kept == {named(day + 0.1) for day in range(6, 20)} | {named(19), named(18.1)}


def test_the_newest_three_are_kept_whatever_their_day() -> None:
    names = [named(part / 24) for part in range(6)]

    assert store.kept_of(names, days=1) == set(names[-3:])


def test_copies_from_before_upgrades_are_kept_beside_the_daily_ones() -> None:
    upgrades = [named(day, before_upgrade=True) for day in range(5)]

    kept = store.kept_of([*upgrades, *(named(30 + day) for day in range(20))], days=14)

    assert kept & set(upgrades) == set(upgrades[-3:])
    assert len(kept) == 14 + 3


def test_only_copies_are_deleted(folder: Path) -> None:
    store.folder()
    for day in range(20):
        (folder / named(day)).touch()
    (folder / "notes about icm-20261102T120000Z.copy").touch()

    store.let_go_of_old()

    kept = {named(day) for day in range(6, 20)} | {"notes about icm-20261102T120000Z.copy"}
    assert {path.name for path in folder.glob("*.copy")} == kept


def test_a_copy_that_fails_half_way_leaves_nothing_under_its_name(folder: Path) -> None:
    path = store.folder() / named(0)

    def fails() -> None:
        with store.written(path) as file:
            file.write(b"half")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fails()

    assert list(folder.iterdir()) == []


def test_two_copies_are_not_made_at_once_and_what_a_killed_one_left_goes(folder: Path) -> None:
    left = store.folder() / f"{named(0)}{store.PART}"
    left.touch()

    with store.alone(), pytest.raises(Refused, match="just now"), store.alone():
        pass

    assert not left.exists()


def test_a_copy_never_replaces_one_of_the_same_second(folder: Path) -> None:
    first = store.free_path(NOON, before_upgrade=False)
    first.touch()

    second = store.free_path(NOON, before_upgrade=False)

    assert (first.name, second.name) == (named(0), named(1 / 86_400))
