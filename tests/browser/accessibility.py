"""What axe finds wrong on a page."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.figures import measured

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe asks no longer whether an id is there twice: the second field's label would lead to the first.
TWICE = """() => [...document.querySelectorAll("[id]")]
  .map((one) => one.id)
  .filter((id, at, all) => all.indexOf(id) !== at)"""

# What axe cannot decide, by rule, its reason and the place, and why it holds: somebody has looked.
REVIEWED = {
    "color-contrast": {
        r"'(text\[|\.[xy]title|\.traces)": "the chart, in the page's colours; its figures stand in a table",
        r"rowspan=\"\d+\"\]": "a heading over several lines, on the ground of what is beside it",
        r"kbd'|Table of keys": "a sign among letters of the same colour",
        r"^pseudoContent .*td\[data-state": "beside the word of its state: see test_contrast.py",
        r"^nonBmp .*(> th\[scope=\"row\"\]|cell-editor__calendar)'": "arrows of keys, the calendar's sign",
    },
    "th-has-data-cells": {
        r"'table'": "headings of a tracker that has no case yet",
    },
    "target-size": {
        r"a\[href=\"/rows/\d+/\"\]": "beside cells that only arrows lead to; measured.py measures its room",
    },
}
# Where something is open over the table, axe cannot measure what is partly under it: it has done so where
# nothing was open.
OPEN_OVER_IT = ".cell-editor, [data-panel], [popover]:popover-open"
COVERED = re.compile(r"[\w ]*\b(bgOverlap|contentOverflow|elmPartially|(partiallyO|o)bscured|pseudoContent)")


def findings(page: Page) -> list[str]:
    """Each thing wrong, as rule and place."""
    return scan(page)[0]


def all_findings(page: Page) -> list[str]:
    """Each thing wrong, and what axe leaves to people and nobody has looked at yet."""
    wrong, left = scan(page)
    return wrong + left


def scan(page: Page) -> tuple[list[str], list[str]]:
    """What is wrong, and what axe leaves to people and nobody has looked at yet.

    Fails where axe did not look at the size of targets.
    """
    told = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    looked_at = [rule["id"] for kind in ("passes", "violations", "incomplete") for rule in told[kind]]
    assert "target-size" in looked_at
    measured("K1 pages and states that axe looked at", 1)
    if found := ratios(told):
        measured("K11 worst contrast of text", min(found))
    twice = [f"id twice: {one}" for one in page.evaluate(TWICE)]
    wrong = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]
    covers = page.locator(OPEN_OVER_IT).count() > 0
    left = [
        f"{rule['id']} needs review: {undecided(node)}"
        for rule in told["incomplete"]
        for node in rule["nodes"]
        if not any(re.search(one, undecided(node)) for one in REVIEWED.get(rule["id"], {}))
        and not (covers and COVERED.match(undecided(node)))
    ]
    measured("K1 violations", len(twice + wrong))
    return twice + wrong, left


def undecided(node: dict[str, Any]) -> str:
    """Why axe cannot decide, in its own word for it where it has one, and where."""
    told = [check["data"] for check in node["any"] + node["all"] + node["none"]]
    reasons = {data["messageKey"] for data in told if isinstance(data, dict) and data.get("messageKey")}
    return f"{' '.join(sorted(reasons))} {node['target']}"


def ratios(told: dict[str, Any]) -> list[float]:
    """The contrasts of all texts that are not large."""
    checks = [
        check["data"]
        for rule in told["passes"]
        if rule["id"] == "color-contrast"
        for node in rule["nodes"]
        for check in node["any"]
    ]
    return [one["contrastRatio"] for one in checks if one.get("expectedContrastRatio") == "4.5:1"]
