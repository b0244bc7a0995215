"""docs/operating.md names commands, options and files as they are: whoever follows it copies them."""

import re
import shlex
from collections.abc import Iterator

import pytest
from django.core.management import get_commands, load_command_class

from scripts.environment import ROOT
from tests.scripts.test_production import FOLDER, UNITS, variables

TEXT = (ROOT / "docs" / "operating.md").read_text()
BLOCKS = "\n".join(re.findall(r"^```\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL))
LINES = [shlex.split(line) for line in BLOCKS.splitlines() if line]
OURS = [words for words in LINES if words[0] in {"icm", "manage.py"}]


def named_files() -> Iterator[str]:
    """What the text names of the folder of production."""
    yield from re.findall(r"scripts/production/([\w.*@-]*\w)", TEXT)


@pytest.mark.parametrize("words", OURS, ids=[" ".join(words[1:]) for words in OURS])
def test_a_command_exists_with_these_options(words: list[str]) -> None:
    _, name, *arguments = words
    command = load_command_class(get_commands()[name], name)

    # It ends the program where an option or an argument is unknown or missing.
    command.create_parser("manage.py", name).parse_args(arguments)


def test_every_command_that_the_text_names_exists() -> None:
    named = re.findall(r"`manage\.py (\w+)", TEXT)

    assert len(named) + len(OURS) > 10
    assert set(named) - get_commands().keys() == set()


def test_make_has_the_targets_that_are_named() -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    named = {words[1] for words in LINES if words[0] == "make"}
    assert named == {"install"}
    assert named <= set(targets)


def test_every_file_that_is_named_is_there() -> None:
    missing = [name for name in named_files() if not list(FOLDER.glob(name))]

    assert missing == []
    assert {path.name for path in FOLDER.iterdir()} == {
        path.name for name in named_files() for path in FOLDER.glob(name)
    }


def test_server_and_every_timer_are_switched_on() -> None:
    switched = {unit for words in LINES if words[:2] == ["systemctl", "enable"] for unit in words[3:]}

    # Of the template each timer starts its own.
    assert switched == set(UNITS) - {"icm@.service"}


def test_files_are_put_where_the_settings_and_the_units_look_for_them() -> None:
    placed = {words[-1] for words in LINES if words[0] == "install"}

    assert {"/etc/icm/icm.env", "/etc/icm", "/etc/icm/tls", "/etc/systemd/system/"} <= placed
    made = next(words[-1] for words in LINES if words[1:2] == ["make_backup_key"] and words[0] == "icm")
    assert made == variables()["BACKUP_KEY_FILE"]
    assert "/etc/icm/icm.env" in (FOLDER / "icm").read_text()
