/** F6 goes from one part of the page to the next: tabs, bar, table, ideas, who is here. */

// In the order of the page; a part that is not shown or holds nothing to go to is passed over.
const PARTS = [".masthead", "nav.tabs", ".filter-bar", "tracker-grid [role=grid]", "#ideas"];
const STOPS =
  'a[href], button:not([disabled]), input:not([type="hidden"]), select, [tabindex]:not([tabindex="-1"])';

/**
 * @param {boolean} back
 */
export function nextRegion(back) {
  const parts = PARTS.map((part) => document.querySelector(part)).filter(
    (part) => part && stop(part),
  );
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const next = back ? parts.at(at < 0 ? -1 : at - 1) : parts[(at + 1) % parts.length];
  stop(next)?.focus();
}

function stop(part) {
  const inside = [...part.querySelectorAll(STOPS)].filter(
    (one) => one.tabIndex >= 0 && one.checkVisibility(),
  );
  return part.matches("[tabindex='0']") && part.checkVisibility() ? part : inside[0];
}
