"""The tracker's page: what it weighs, when it answers the first key beside the floor's page, an arrow key."""

from playwright.sync_api import Browser, Page

from accounts.models import Team
from scripts.bench.browsers import browsers, page_of
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.places import Bench
from scripts.bench.servers import Server

ON = ("sqlite",)
ROUNDS, ARROWS = 7, 40
TIMES = 1.3
COUNTED = {"Document", "Script", "Stylesheet"}
# Presses the arrow down as soon as a cell is painted, again and again until the page answers it: before,
# nobody could, and a focus would have the page laid out without its styles.
FIRST_KEY = """
const pressing = setInterval(() => {
  const first = document.querySelector("tbody [tabindex='0']");
  if (!first || !performance.getEntriesByType("paint").length) {
    return;
  }
  first.focus();
  first.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
  if (document.activeElement !== first && document.activeElement.closest("tbody")) {
    clearInterval(pressing);
    requestAnimationFrame(() => setTimeout(() => { window.answered = performance.now(); }));
  }
}, 4);
"""
ARROW = """
window.painted = [];
document.addEventListener("keydown", ({ timeStamp }) => {
  requestAnimationFrame(() => setTimeout(() => window.painted.push(performance.now() - timeStamp)));
}, { capture: true });
"""


def measured(bench: Bench) -> list[Figure]:
    """Floor and application take turns."""
    with bench.floor() as floor, bench.application() as ours, browsers() as browser:
        weight = _weight(browser, ours, bench)
        times: dict[str, list[float]] = {"bare cold": [], "bare warm": [], "cold": [], "warm": []}
        for _ in range(ROUNDS):
            for server, name in ((floor, "bare "), (ours, "")):
                cold, warm = _first_key(browser, server, bench, floor=server is floor)
                times[f"{name}cold"].append(cold)
                times[f"{name}warm"].append(warm)
        arrows = _arrows(browser, ours, bench, bench.bigger)
    return [
        Figure("tracker page, 150 rows: page, scripts, styles compressed", weight, "kB", 60),
        *_beside("cold", times),
        *_beside("warm", times),
        Figure("300 rows: arrow key to paint, p95", percentile(arrows, 95), "ms", 50, spread(arrows)),
    ]


def _beside(name: str, times: dict[str, list[float]]) -> list[Figure]:
    bares, all_ours = times[f"bare {name}"], times[name]
    bare, ours = percentile(bares, 50), percentile(all_ours, 50)
    return [
        Figure(f"floor: first key answered, {name}, median", bare, "ms", spread=spread(bares)),
        Figure(
            f"tracker page: first key answered, {name}, median", ours, "ms", TIMES * bare, spread(all_ours),
            note=f"{ours / bare:.2f} × floor",
        ),
    ]  # fmt: skip


def _weight(browser: Browser, server: Server, bench: Bench) -> float:
    """kB that a browser fetches which has nothing of the application yet."""
    page = page_of(browser, server, bench.editors[0])
    tool = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    tool.on("Network.responseReceived", lambda told: kinds.__setitem__(told["requestId"], told["type"]))
    tool.on(
        "Network.loadingFinished",
        lambda told: sizes.__setitem__(told["requestId"], told["encodedDataLength"]),
    )
    tool.send("Network.enable")
    page.goto(f"/teams/{bench.team.pk}/")
    page.locator('[data-connection="live"]').wait_for()
    page.context.close()
    return sum(size for one, size in sizes.items() if kinds.get(one) in COUNTED) / 1000


def _first_key(browser: Browser, server: Server, bench: Bench, *, floor: bool) -> tuple[float, float]:
    page = page_of(browser, server, bench.editors[0], floor=floor, script=FIRST_KEY)
    page.goto(f"/teams/{bench.team.pk}/")
    cold = _answered(page)
    page.reload()
    warm = _answered(page)
    page.context.close()
    return cold, warm


def _answered(page: Page) -> float:
    page.wait_for_function("() => window.answered")
    return float(page.evaluate("() => window.answered"))


def _arrows(browser: Browser, server: Server, bench: Bench, team: Team) -> list[float]:
    page = page_of(browser, server, bench.editors[0], script=ARROW)
    page.goto(f"/teams/{team.pk}/")
    page.locator('[data-connection="live"]').wait_for()
    page.locator('tbody [data-field="action"]').first.focus()
    for number in range(ARROWS):
        page.keyboard.press("ArrowDown")
        page.wait_for_function("(number) => window.painted.length > number", arg=number)
    took: list[float] = page.evaluate("() => window.painted")
    page.context.close()
    return took
