"""K1 to K18 of the accessibility plan: each has tests that name it, and docs/accessibility.md names these.

What the page calls a gap is said by the statement.
"""

import ast
import re
from html import unescape
from pathlib import Path

import pytest

from scripts.environment import ROOT

TESTS = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "accessibility.md"
PLAN = [f"K{number}" for number in range(1, 19)]
STATEMENT = ROOT / "templates" / "help" / "accessibility.html"
# A gap in the page's list, in the statement's words; a failure in the statement's own list.
GAP = re.compile(r"^- (K\d+(?:, K\d+)*): “(.+?)”", re.MULTILINE)
FAILURES = re.compile(r"Non-compliance with the accessibility regulations</h3>\s*<ul>(.*?)</ul>", re.DOTALL)
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


def test_every_gap_that_the_page_lists_is_a_failure_in_the_statement_and_the_other_way_round() -> None:
    """K18: what is known to be missing is said, in the same words, to everybody."""
    gaps = {" ".join(words.split()) for _, words in GAP.findall(PAGE.read_text())}
    failures = FAILURES.search(STATEMENT.read_text())
    assert failures
    said = [" ".join(unescape(one).split()) for one in re.findall(r"<li>(.*?)</li>", failures[1], re.DOTALL)]

    assert gaps
    assert [one for one in gaps if not any(words.startswith(one) for words in said)] == []
    assert [words for words in said if not any(words.startswith(one) for one in gaps)] == []
