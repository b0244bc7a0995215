"""From the key that keeps a text in one browser to that text in another's table, and on one's own screen."""

from uuid import uuid4

from playwright.sync_api import Page

from scripts.bench.browsers import browsers, page_of
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.places import Bench
from scripts.bench.watchers import beside, sessions_of
from scripts.faults.views import View, following

ON = ("sqlite", "postgresql")
TIMES, FIRST = 40, 5
VIEWERS = 50
WATCH = """
const clock = () => performance.timeOrigin + performance.now();
document.addEventListener("keydown", ({ key }) => {
  if (key === "Enter") {
    window.committed = clock();
  }
}, { capture: true });
window.await = (text) => {
  window.seen = 0;
  const body = document.querySelector("tracker-grid tbody");
  const watcher = new MutationObserver(() => {
    const shown = [...body.querySelectorAll('[data-field="owner"] .cell-text')];
    if (!window.seen && shown.some(({ textContent }) => textContent === text)) {
      window.seen = clock();
      watcher.disconnect();
    }
  });
  watcher.observe(body, { subtree: true, childList: true, characterData: true });
};
"""


def measured(bench: Bench) -> list[Figure]:
    """Both browsers are the same program, so that one clock counts for both."""
    team = bench.team.pk
    with bench.application() as server, browsers() as browser:
        pages = [page_of(browser, server, person, script=WATCH) for person in bench.editors[:2]]
        for page in pages:
            page.goto(f"/teams/{team}/")
            page.locator('[data-connection="live"]').wait_for()
        own, alone = _times(bench, *pages)
        views = [View(server.port, session, team, {}) for session in sessions_of(bench, VIEWERS)]
        with beside(following(views)):
            _, crowded = _times(bench, *pages)
    return [
        Figure("commit key to own screen, p50", percentile(own, 50), "ms", spread=spread(own)),
        Figure("commit key to another's table, p50", percentile(alone, 50), "ms", 20, spread(alone)),
        Figure("commit key to another's table, p95", percentile(alone, 95), "ms", 45),
        Figure("the same with 50 more viewers, p50", percentile(crowded, 50), "ms", 80, spread(crowded)),
        Figure("the same with 50 more viewers, p95", percentile(crowded, 95), "ms", 150),
    ]


def _times(bench: Bench, mine: Page, theirs: Page) -> tuple[list[float], list[float]]:
    """Milliseconds to one's own screen and to the other's, for each of many texts."""
    own, others = [], []
    for number in range(FIRST + TIMES):
        text = uuid4().hex[:8]
        for page in (mine, theirs):
            page.evaluate("(text) => window.await(text)", text)
        mine.locator(f'tr[data-row="{bench.rows[number]}"] > [data-field="owner"]').focus()
        mine.keyboard.type(text)
        mine.keyboard.press("Enter")
        theirs.wait_for_function("() => window.seen")
        committed = mine.evaluate("() => window.committed")
        own.append(mine.evaluate("() => window.seen") - committed)
        others.append(theirs.evaluate("() => window.seen") - committed)
        mine.locator('[data-unsent="0"]').wait_for()
    return own[FIRST:], others[FIRST:]
