"""K1 to K18 of the accessibility plan: each has tests that name it, and docs/accessibility.md names these."""

import ast
import re
from pathlib import Path

import pytest

from scripts.environment import ROOT

TESTS = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "accessibility.md"
PLAN = [f"K{number}" for number in range(1, 19)]
LINE = re.compile(r"^\| (K\d+) \|.*\|([^|]+)\|$", re.MULTILINE)


@pytest.fixture(scope="module")
def standing_for() -> dict[str, set[str]]:
    """For each K the tests whose docstrings name it."""
    found: dict[str, set[str]] = {}
    for path in TESTS.rglob("test_*.py"):
        for one in ast.parse(path.read_text()).body:
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                for part in re.findall(r"\bK\d+\b", ast.get_docstring(one) or ""):
                    found.setdefault(part, set()).add(one.name)
    return found


@pytest.mark.parametrize("part", PLAN)
def test_the_page_names_the_tests_of_each_part_of_the_plan(
    standing_for: dict[str, set[str]], part: str
) -> None:
    lines = {name: set(re.findall(r"`(test_\w+)`", tests)) for name, tests in LINE.findall(PAGE.read_text())}

    assert lines[part]
    assert lines[part] == standing_for.get(part, set())
