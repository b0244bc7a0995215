/** The menus of the headings. Opening and closing are the browser's, and the place where it knows anchors. */

const EDGE = 8;
const PLACED_BY_STYLE = CSS.supports("position-area", "end span-end");

/** @param {Document} page */
export function placeMenus(page) {
  for (const menu of page.querySelectorAll("[popover]")) {
    const button = page.querySelector(`[popovertarget="${menu.id}"]`);
    menu.addEventListener("beforetoggle", ({ newState }) => {
      if (newState === "open" && !PLACED_BY_STYLE) {
        place(menu, button.getBoundingClientRect());
      }
    });
    menu.addEventListener("toggle", ({ newState }) => {
      if (newState === "open") {
        menu.querySelector("a, button, input:not([type=hidden]), select").focus();
      }
    });
  }
}

// Headings of the right half hold their menu by its right edge, so that it stays on the screen.
function place(menu, { bottom, left, right }) {
  const atLeft = left < window.innerWidth / 2;
  Object.assign(menu.style, {
    margin: "0",
    inset: "auto",
    top: `${bottom}px`,
    left: atLeft ? `${Math.max(left, EDGE)}px` : "auto",
    right: atLeft ? "auto" : `${Math.max(window.innerWidth - right, EDGE)}px`,
    maxHeight: `${window.innerHeight - bottom - EDGE}px`,
    overflow: "auto",
  });
}
