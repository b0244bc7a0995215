"""What is measured of a page beside axe's rules: controls and the focus, K9 to K11 of the plan.

Each function gives what is wrong, as sentences that begin with the K that they stand for.
"""

from playwright.sync_api import Page, ViewportSize

from tests.figures import measured

LOW: ViewportSize = {"width": 1280, "height": 400}
# Whether the five points of a control are in sight; of what is larger than half the window, one of them.
IN_SIGHT = """const inSight = (here) => {
  const box = here.getBoundingClientRect();
  // A round corner is no part of the control.
  const [left, right] = [Math.max(box.left, 0) + 3, Math.min(box.right, innerWidth) - 3];
  const [top, bottom] = [Math.max(box.top, 0) + 3, Math.min(box.bottom, innerHeight) - 3];
  const corners = [[left, top], [right, top], [left, bottom], [right, bottom]];
  const points = [...corners, [(left + right) / 2, (top + bottom) / 2]];
  const seen = points.filter(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (here.contains(hit) || hit.contains(here));
  });
  return seen.length >= (box.height > innerHeight / 2 ? 1 : points.length);
};
const named = (here) => `${here.tagName} ${here.id || here.textContent.trim().slice(0, 40)}`;
const shown = (one) =>
  one.checkVisibility({ visibilityProperty: true }) && !one.closest(".visually-hidden, .skip-link");"""
HERE = f"""() => {{
  {IN_SIGHT}
  const here = document.activeElement;
  return here === document.body ? null : [named(here), inSight(here)];
}}"""
# Where the Tab key leads, there and back; what cannot be seen takes no focus.
COVERED = f"""() => {{
  {IN_SIGHT}
  const found = "a[href], button, input, select, textarea, summary, [tabindex]";
  const all = [...document.querySelectorAll(found)].filter((one) => one.tabIndex >= 0);
  const covered = [];
  let reached = 0;
  for (const here of [...all, ...all.toReversed()]) {{
    here.focus();
    if (document.activeElement === here) {{
      reached += 1;
      if (!inSight(here)) {{
        covered.push(`K10 covered: ${{named(here)}}`);
      }}
    }}
  }}
  return [reached, covered];
}}"""


def covered(page: Page) -> list[str]:
    """K10, WCAG 2.4.11: what is not in sight when it has the focus, in a low window.

    The window has its size again afterwards. A page in which nothing takes the focus is an error.
    """
    before = page.viewport_size
    assert before
    page.set_viewport_size(LOW)
    reached, found = page.evaluate(COVERED)
    page.set_viewport_size(before)
    assert reached, page.url
    return list(found)


# Left out as the criterion does: links in a sentence, and what a circle of 24 pixels round it does not touch.
SMALL = """() => {
  const LEAST = 24;
  const area = (one) => {
    const box = (one.matches("[type=checkbox], [type=radio]") && one.closest("label")) || one;
    const { left, right, top, bottom, width, height } = box.getBoundingClientRect();
    return { one, left, right, top, bottom, width, height, x: (left + right) / 2, y: (top + bottom) / 2 };
  };
  const inSentence = (one) =>
    getComputedStyle(one).display === "inline" &&
    one.parentElement.textContent.trim() !== one.textContent.trim();
  const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.type !== "hidden")
    .filter((one) => !one.closest(".visually-hidden, .skip-link") && !inSentence(one))
    .map(area);
  const isSmall = ({ width, height }) => width < LEAST - 0.1 || height < LEAST - 0.1;
  const away = (from, to) =>
    isSmall(to)
      ? Math.hypot(from.x - to.x, from.y - to.y) - LEAST / 2
      : Math.hypot(
          Math.max(to.left - from.x, 0, from.x - to.right),
          Math.max(to.top - from.y, 0, from.y - to.bottom),
        );
  const crowded = (small) =>
    targets.some(
      (to) => to.one !== small.one && !to.one.contains(small.one) && away(small, to) < LEAST / 2 - 0.1,
    );
  const found = targets.filter((one) => isSmall(one) && crowded(one));
  const sides = targets.map(({ width, height }) => Math.min(width, height));
  return [
    Math.min(...sides),
    found.map(({ one, width, height }) => {
      const name = `${one.tagName} ${one.textContent.trim().slice(0, 30)}`;
      return `K9 small: ${name} ${width.toFixed(1)} x ${height.toFixed(1)}`;
    }),
  ];
}"""


def small(page: Page) -> list[str]:
    """K9, WCAG 2.5.8: what one presses is 24 by 24 pixels, or has the room."""
    smallest, found = page.evaluate(SMALL)
    measured("K9 smallest target in pixels", smallest)
    return list(found)


LOW_ACTIONS = """() => [...document.querySelectorAll(".button:not(.button--small, .button--quiet)")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .map((one) => [one, one.getBoundingClientRect().height])
  .filter(([, height]) => height < 44 - 0.1)
  .map(([one, height]) => `K9 low for a finger: ${one.textContent.trim()} ${height.toFixed(1)}`)"""


def low_for_a_finger(page: Page) -> list[str]:
    """K9: main actions that are under 44 pixels high, on a page that is touched."""
    assert page.evaluate("() => matchMedia('(pointer: coarse)').matches")
    return list(page.evaluate(LOW_ACTIONS))


# Colours as the page shows them, whatever way they are written; backgrounds through what is transparent.
CONTRAST = """const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const known = new Map();
const rgba = (colour) => {
  if (!known.has(colour)) {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    known.set(colour, [red, green, blue, alpha / 255]);
  }
  return known.get(colour);
};
const over = (top, below) => [...[0, 1, 2].map((at) => top[at] * top[3] + below[at] * (1 - top[3])), 1];
const under = (one) => {
  const layers = [];
  for (let here = one; here; here = here.parentElement) {
    layers.push(rgba(getComputedStyle(here).backgroundColor));
    if (layers.at(-1)[3] === 1) {
      break;
    }
  }
  return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
};
const light = (colour) => {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};"""
# The ring is the control's own outline, or that of the box that it fills.
FAINT = f"""() => {{
  {IN_SIGHT}
  {CONTRAST}
  const LEAST = 3;
  const ringed = (one) => getComputedStyle(one).outlineStyle !== "none";
  const found = "a[href], button, input, select, textarea, summary, [tabindex]";
  const faint = [];
  const rings = [];
  for (const here of document.querySelectorAll(found)) {{
    if (here.tabIndex < 0) {{
      continue;
    }}
    here.focus();
    if (document.activeElement !== here) {{
      continue;
    }}
    const drawn = [here, here.parentElement].find(ringed);
    if (!drawn) {{
      faint.push(`K11 no ring: ${{named(here)}}`);
      continue;
    }}
    const {{ outlineColor, outlineWidth, outlineOffset }} = getComputedStyle(drawn);
    const inside = parseFloat(outlineOffset) < 0 ? drawn : drawn.parentElement;
    const sides = [under(inside), under(drawn.parentElement)];
    const worst = Math.min(...sides.map((side) => contrast(rgba(outlineColor), side)));
    rings.push(worst);
    if (worst < LEAST || parseFloat(outlineWidth) < 2) {{
      faint.push(`K11 faint ring: ${{named(here)}} ${{outlineWidth}} ${{worst.toFixed(2)}}`);
    }}
  }}
  document.activeElement.blur();
  const edges = [];
  const fields = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select, textarea";
  for (const one of document.querySelectorAll(fields)) {{
    if (one.disabled || !shown(one)) {{
      continue;
    }}
    const {{ borderBlockEndColor, borderBlockEndWidth }} = getComputedStyle(one);
    const beside = under(one.parentElement);
    const edge = parseFloat(borderBlockEndWidth) ? contrast(rgba(borderBlockEndColor), beside) : 1;
    const best = Math.max(edge, contrast(under(one), beside));
    edges.push(best);
    if (best < LEAST) {{
      faint.push(`K11 faint edge: ${{named(one)}} ${{best.toFixed(2)}}`);
    }}
  }}
  return [Math.min(...rings, 21), Math.min(...edges, 21), faint];
}}"""


def faint(page: Page) -> list[str]:
    """K11, WCAG 2.4.13 and 1.4.11: two pixels round what has the focus, 3:1 there and at fields' edges."""
    ring, edge, found = page.evaluate(FAINT)
    measured("K11 worst contrast of what has the focus", ring)
    measured("K11 worst contrast of a field's edge", edge)
    return list(found)


def in_forced_colours(page: Page) -> list[str]:
    """K7: what has the focus and fields' edges, where the system chooses all colours."""
    page.emulate_media(forced_colors="active")
    _, _, found = page.evaluate(FAINT)
    page.emulate_media(forced_colors="none")
    return [f"K7 {one}" for one in found]


# As 1.4.12 words it. A sheet of the document, which the policy lets a test put there.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { letter-spacing: 0.12em !important; line-height: 1.5 !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }
  `);
  document.adoptedStyleSheets.push(sheet);
}"""
LOST = f"""() => {{
  {IN_SIGHT}
  const lost = [];
  if (document.documentElement.scrollWidth > innerWidth) {{
    lost.push(`K6 wide: ${{document.documentElement.scrollWidth}}`);
  }}
  for (const one of document.querySelectorAll("body *")) {{
    const {{ clipPath, overflowX, overflowY }} = getComputedStyle(one);
    const cuts = ["hidden", "clip"];
    const cut =
      (cuts.includes(overflowX) && one.scrollWidth > one.clientWidth + 1) ||
      (cuts.includes(overflowY) && one.scrollHeight > one.clientHeight + 1);
    if (cut && clipPath === "none" && shown(one) && one.textContent.trim() && !one.closest("svg")) {{
      lost.push(`K6 cut: ${{named(one)}}`);
    }}
  }}
  const still = (one) => {{
    for (let here = one; here; here = here.parentElement) {{
      if (["sticky", "fixed", "absolute"].includes(getComputedStyle(here).position)) {{
        return false;
      }}
    }}
    return true;
  }};
  const what = "a[href], button, input, select, textarea, summary, h1, h2, h3";
  const targets = [...document.querySelectorAll(what)]
    .filter((one) => shown(one) && one.type !== "hidden" && still(one))
    .flatMap((one) => [...one.getClientRects()].map((box) => [one, box]));
  for (const [at, [one, box]] of targets.entries()) {{
    for (const [other, beside] of targets.slice(at + 1)) {{
      const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
      const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
      if (across > 2 && down > 2 && !one.contains(other) && !other.contains(one)) {{
        lost.push(`K6 over each other: ${{named(one)}} / ${{named(other)}}`);
      }}
    }}
  }}
  return lost;
}}"""


TWICE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":root { font-size: 200% !important; }");
  document.adoptedStyleSheets.push(sheet);
}"""


def lost_at_twice_the_size(page: Page) -> list[str]:
    """K6, WCAG 1.4.4: what is cut, covered or too wide where letters are twice as large, for the moment."""
    page.evaluate(TWICE)
    found = page.evaluate(LOST)
    page.evaluate("() => document.adoptedStyleSheets.pop()")
    return [f"200 %, {one}" for one in found]


def lost(page: Page) -> list[str]:
    """K6, WCAG 1.4.10 and 1.4.12: what is cut, covered or too wide, as it is and with text spaced out."""
    found = page.evaluate(LOST)
    page.evaluate(SPACED)
    return [*found, *(f"spaced, {one}" for one in page.evaluate(LOST))]


# Browsers leave grounds away to save ink, so words stand on white; what is to be filled in there is cut where
# it does not show its whole text.
PAPER = f"""() => {{
  {IN_SIGHT}
  {CONTRAST}
  const WHITE = [255, 255, 255, 1];
  const LEAST = 4.5;
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) {{
    found.push(`K16 wider than the sheet: ${{document.documentElement.scrollWidth}}`);
  }}
  for (const one of document.querySelectorAll("body *")) {{
    if (!shown(one) || one.closest("svg")) {{
      continue;
    }}
    const {{ color, display, overflowX, overflowY, position }} = getComputedStyle(one);
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const wide = overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
    const long = overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1;
    if ((wide || long) && (one.value || one.textContent.trim())) {{
      found.push(`K16 cut on paper: ${{named(one)}}`);
    }}
    // A heading that sorts is also the column's name; the fields of a case are what it holds.
    const toPress = one.matches("button, nav, input, select, [role=menu], [role=toolbar]");
    if (toPress && !one.closest("th, .row-form")) {{
      found.push(`K16 a control on paper: ${{named(one)}}`);
    }}
    if (["fixed", "sticky"].includes(position)) {{
      found.push(`K16 on every sheet: ${{named(one)}}`);
    }}
    if (one.matches("thead") && display !== "table-header-group") {{
      found.push(`K16 headings not repeated: ${{named(one)}}`);
    }}
    if ((words || one.value) && contrast(over(rgba(color), WHITE), WHITE) < LEAST) {{
      found.push(`K16 faint on paper: ${{named(one)}}`);
    }}
  }}
  return found;
}}"""


def on_paper(page: Page) -> list[str]:
    """K16: what a page in its print style has that is cut, faint, or of no use on paper."""
    return list(page.evaluate(PAPER))


MOVING = """() => {
  const moves = (one, part) => {
    const { transitionDuration, animationDuration, animationName } = getComputedStyle(one, part);
    const long = (times) => times.split(",").some((time) => parseFloat(time) > 0);
    return long(transitionDuration) || (animationName !== "none" && long(animationDuration));
  };
  return [...document.querySelectorAll("*")]
    .filter((one) => ["", "::before", "::after"].some((part) => moves(one, part)))
    .map((one) => `K8 moves: ${one.tagName} ${one.className}`);
}"""


def moving(page: Page) -> list[str]:
    """K8, WCAG 2.3.3: what takes time to move, on a page of somebody who wants no motion."""
    return list(page.evaluate(MOVING))


# Whoever is signed in finds help at one place: right before their own name.
BASICS = """() => {
  const wrong = [];
  if (document.documentElement.lang !== "en-GB") {
    wrong.push("K16 language");
  }
  const [first] = document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]");
  if (!first.matches(".skip-link[href='#content']") || !document.querySelector("main#content")) {
    wrong.push("K16 skip link");
  }
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption && !table.ariaLabel && !table.hasAttribute("aria-labelledby")) {
      wrong.push(`K16 table without a name: ${table.textContent.trim().slice(0, 30)}`);
    }
  }
  const person = document.querySelector(".masthead__person > a[href='/mine/']");
  if (person && !person.previousElementSibling.matches("a[href='/help/']")) {
    wrong.push("K15 help is somewhere else");
  }
  return wrong;
}"""


def wrong_basics(page: Page) -> list[str]:
    """K15 and K16, WCAG 3.1.1, 2.4.1, 1.3.1, 3.2.6: language, skip link, names of tables, where help is."""
    return list(page.evaluate(BASICS))
