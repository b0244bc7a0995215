"""The database is written in `changes/` and in the few places named here, each with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "tracker", "summary", "toolkit", "icm")
ALWAYS_WRITE = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITE_ON_OBJECTS = {"create", "update", "delete"}

ALLOWED = {
    "accounts/audit.py": "the log itself: one call for each thing done",
    "accounts/chain/seal.py": "the links of the chain over the logs, made by a timer",
    "accounts/permissions.py": "guardian's grants, made with each team and locality",
    "accounts/models/people.py": "the manager that makes a person, called by changes/people.py alone",
    "accounts/sessions.py": "Django's session engine: the record of a browser's session, of nothing else",
    "tracker/models/log.py": "the number of a team's log, taken under its lock",
    "icm/storage.py": "keeps a joined style sheet in memory while files are collected; no database is near",
    "accounts/xlsx.py": "saves a workbook into memory; no database is near",
    "tracker/workbook/write_sections.py": "saves a workbook into memory; no database is near",
    "tracker/workbook/write.py": "saves a workbook into memory; no database is near",
}

NEED_NO_RIGHT = {
    "__init__.py": "holds nothing",
    "act.py": "the engine under the acts, which ask before they start it",
    "refusals.py": "only says why not",
    "demonstration.py": "makes the invented council by a command",
    "many.py": "sends records to the database for the acts beside it, which ask",
    "hitches.py": "counts by week, without a case or a person",
    "refused.py": "lets texts go by a timer, when their time is over",
    "past.py": "writes the invented council's history by a command",
    "twins.py": "copies that history by a command",
    "worklist.py": "hands each team's cells to `write_cells`, which asks",
}


def written_in(path: Path) -> Iterator[int]:
    """The lines of the file that write to the database through the ORM."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in ALWAYS_WRITE or (
            node.func.attr in WRITE_ON_OBJECTS and ".objects" in ast.unparse(node.func.value)
        ):
            yield node.lineno


def modules() -> Iterator[Path]:
    """Our modules but the ones whose job is to write."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if not {"changes", "migrations"} & set(path.relative_to(ROOT).parts):
                yield path


def test_nothing_is_written_outside_of_changes() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines for path in modules() if (lines := list(written_in(path)))
    }

    assert {name: lines for name, lines in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) - set(found) == set(), "an exception that nothing needs any more"


def test_only_acts_send_many_records_at_once() -> None:
    """`tracker/changes/many.py` writes past the ORM, where the test above does not look."""
    assert [path for path in modules() if "changes.many" in path.read_text()] == []


def test_what_may_change_asks_who_may() -> None:
    """Each act of `tracker/changes/` checks a right itself, so that a view cannot forget it."""
    silent = [
        path.name
        for path in (ROOT / "tracker" / "changes").glob("*.py")
        if path.name not in NEED_NO_RIGHT
        and not any(
            asked in path.read_text()
            for asked in ("require(", "require_on_some(", "require_global(", "may_edit(")
        )
    ]

    assert silent == []
