"""The key of the copies: made by a command, kept apart, refused where it could be guessed or read."""

from base64 import urlsafe_b64encode
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from icm.backups import Refused
from icm.backups.key import NONE, PREFIX, WEAK, parsed, the_key


def test_the_command_makes_a_key_for_its_owner_alone_and_never_shows_it(
    tmp_path: Path, settings: Settings
) -> None:
    file, out = tmp_path / "another", StringIO()
    call_command("make_backup_key", str(file), stdout=out)
    settings.BACKUP_KEY_FILE = str(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert the_key().name in out.getvalue()
    assert file.read_text().strip() not in out.getvalue()


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    before, err = (tmp_path / "key").read_text(), StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("make_backup_key", str(tmp_path / "key"), stderr=err)

    assert ended.value.code == 2
    assert "never overwritten" in err.getvalue()
    assert (tmp_path / "key").read_text() == before


@pytest.mark.parametrize(
    "text",
    [
        "three-random-words",
        PREFIX,
        PREFIX + urlsafe_b64encode(bytes(32)).decode(),
        PREFIX + urlsafe_b64encode(b"abcd" * 8).decode(),
        PREFIX + urlsafe_b64encode(bytes(range(31))).decode(),
        PREFIX + "?",
    ],
)
def test_a_key_that_a_person_made_up_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=WEAK.partition(":")[0]):
        parsed(text)


def test_a_key_that_lies_open_or_with_the_copies_is_refused(
    tmp_path: Path, folder: Path, settings: Settings
) -> None:
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(Refused, match="Others may read"):
        the_key()

    folder.mkdir()
    (tmp_path / "key").rename(folder / "key")
    settings.BACKUP_KEY_FILE = str(folder / "key")
    with pytest.raises(Refused, match="lies with the copies"):
        the_key()


def test_without_a_key_it_says_how_to_make_one(settings: Settings) -> None:
    settings.BACKUP_KEY_FILE = ""

    with pytest.raises(Refused) as refused:
        the_key()

    assert str(refused.value) == NONE


def test_the_environment_may_hold_the_key_itself(tmp_path: Path, settings: Settings) -> None:
    by_file = the_key()
    settings.BACKUP_KEY, settings.BACKUP_KEY_FILE = (tmp_path / "key").read_text(), ""

    assert the_key() == by_file
