/** Puts the menu of a heading under its button; opening and closing are the browser's. */

const EDGE = 8;

/** @param {Document} page */
export function placeMenus(page) {
  for (const menu of page.querySelectorAll("[popover]")) {
    const button = page.querySelector(`[popovertarget="${menu.id}"]`);
    menu.addEventListener("toggle", ({ newState }) => {
      button.setAttribute("aria-expanded", String(newState === "open"));
      if (newState === "open") {
        place(menu, button);
        menu.querySelector("button, input, select").focus();
      }
    });
  }
}

function place(menu, button) {
  const { bottom, left } = button.getBoundingClientRect();
  const most = window.innerWidth - menu.offsetWidth - EDGE;
  Object.assign(menu.style, {
    inset: "auto",
    margin: "0",
    left: `${Math.max(EDGE, Math.min(left, most))}px`,
    top: `${bottom}px`,
    maxHeight: `${window.innerHeight - bottom - EDGE}px`,
    overflow: "auto",
  });
}
