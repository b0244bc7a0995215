/** The menu of a cell: Shift+F10, the menu key, or the right button of the mouse. */

import { make } from "../lib/fragment.js";

export class CellMenu {
  constructor() {
    this.menu = make("div", {
      class: "menu cell-menu",
      popover: "",
      role: "menu",
      "aria-label": "Cell",
    });
    document.querySelector("main").append(this.menu);
    this.menu.addEventListener("keydown", (event) => this.#key(event));
    this.menu.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /**
   * @param {HTMLElement} cell it comes back to it
   * @param {[string, string, () => void, Record<string, string>?][]} items words, key, act, attributes
   * @param {{x: number, y: number}} [at] where the mouse is; else below the cell
   */
  open(cell, items, at) {
    const { left, bottom } = cell.getBoundingClientRect();
    this.menu.replaceChildren(...items.map((item) => this.#item(cell, ...item)));
    this.menu.showPopover();
    this.#place(at ?? { x: left, y: bottom });
    (this.menu.querySelector("[aria-checked=true]") ?? this.menu.firstElementChild).focus();
  }

  #item(cell, words, key, act, facts = {}) {
    const made = make(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", ...facts },
      make("span", {}, words),
    );
    if (key) {
      made.setAttribute("aria-keyshortcuts", key.replace("Ctrl", "Control"));
      made.append(make("kbd", {}, key));
    }
    made.addEventListener("click", () => {
      this.menu.hidePopover();
      cell.focus({ preventScroll: true });
      act();
    });
    return made;
  }

  #place({ x, y }) {
    const { offsetWidth, offsetHeight } = this.menu;
    Object.assign(this.menu.style, {
      inset: "auto",
      margin: "0",
      left: `${Math.max(0, Math.min(x, innerWidth - offsetWidth))}px`,
      top: `${Math.max(0, Math.min(y, innerHeight - offsetHeight))}px`,
    });
  }

  #key(event) {
    const { key } = event;
    const items = [...this.menu.children];
    const at = items.indexOf(document.activeElement);
    const ways = {
      ArrowDown: items[(at + 1) % items.length],
      ArrowUp: items.at(at - 1),
      Home: items[0],
      End: items.at(-1),
    };
    const next =
      ways[key] ??
      items.find((one) => key.length === 1 && one.textContent.toLowerCase().startsWith(key));
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (key === "Tab") {
      event.preventDefault();
      this.menu.hidePopover();
    }
  }
}
