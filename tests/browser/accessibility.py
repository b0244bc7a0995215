"""What axe finds wrong on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe asks no longer whether an id is there twice: the second field's label would lead to the first.
TWICE = """() => [...document.querySelectorAll("[id]")]
  .map((one) => one.id)
  .filter((id, at, all) => all.indexOf(id) !== at)"""


def findings(page: Page) -> list[str]:
    """Each thing wrong, as rule and place; fails where axe did not look at the size of targets."""
    told = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response
    looked_at = [rule["id"] for kind in ("passes", "violations", "incomplete") for rule in told[kind]]
    assert "target-size" in looked_at
    twice = [f"id twice: {one}" for one in page.evaluate(TWICE)]
    return twice + [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]
