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

# What axe cannot decide, by rule and place, and why it holds: somebody has looked.
REVIEWED = {
    "color-contrast": {
        r"'(text\[|\.[xy]title|\.traces)": "the chart, in the page's colours; its figures stand in a table",
        r"rowspan=\"\d+\"\]": "a heading over several lines, on the ground of what is beside it",
        r"kbd'|Table of keys": "a sign among letters of the same colour",
    },
    "target-size": {
        r"a\[href=\"/rows/\d+/\"\]": "beside cells that only arrows lead to; measured.py measures its room",
    },
}


def findings(page: Page) -> list[str]:
    """Each thing wrong, as rule and place."""
    return scan(page)[0]


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
    left = [
        f"{rule['id']} needs review: {node['target']}"
        for rule in told["incomplete"]
        for node in rule["nodes"]
        if not any(re.search(place, str(node["target"])) for place in REVIEWED.get(rule["id"], {}))
    ]
    return twice + wrong, left


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
