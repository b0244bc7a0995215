/** The editor of a cell whose values are chosen: a box to type in that narrows the list under it. */

import { make } from "../lib/fragment.js";
import { fitting } from "../lib/options.js";

/** @typedef {import("../lib/options.js").Option} Option */

export class ListEditor {
  picks = true;

  /**
   * @param {string} id of the list, new in the page
   * @param {string} name what the box is called aloud
   * @param {Option[]} options
   * @param {string} current the value that the cell has now
   */
  constructor(id, name, options, current) {
    this.options = [...options, { value: "", label: "Blank", hint: "empties the cell" }];
    this.current = current;
    this.list = make("div", { role: "listbox", class: "cell-options", id, "aria-label": name });
    this.input = /** @type {HTMLInputElement} */ (
      make("input", {
        role: "combobox",
        "aria-label": name,
        "aria-autocomplete": "list",
        "aria-expanded": "true",
        "aria-controls": id,
        autocomplete: "off",
        spellcheck: "false",
        placeholder: this.options.find(({ value }) => value === current)?.label ?? "",
      })
    );
    this.parts = [this.input, this.list];
    this.input.addEventListener("input", () => this.#draw());
    // The box keeps the focus, so that the keys go on working.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#draw();
  }

  /** @param {string} text what was typed */
  type(text) {
    this.input.value = text;
    this.#draw();
  }

  /** @returns {{value: string, shown: string}} the marked option; what was typed where none fits */
  get chosen() {
    const { value, label } = this.shown[this.at] ?? {
      value: this.input.value,
      label: this.input.value,
    };
    return { value, shown: value ? label : "" };
  }

  /**
   * @param {Element} element something in the list
   * @returns {boolean} whether it was an option, which is marked now
   */
  mark(element) {
    const at = [...this.list.children].indexOf(element.closest("[role=option]"));
    if (at >= 0) {
      this.#markAt(at);
    }
    return at >= 0;
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the list has used the key
   */
  key({ key, altKey }) {
    const last = this.shown.length - 1;
    const places = {
      ArrowDown: Math.min(this.at + 1, last),
      ArrowUp: Math.max(this.at - 1, 0),
      PageDown: last,
      PageUp: 0,
    };
    if (key in places && !altKey) {
      this.#markAt(places[key]);
    }
    return key in places;
  }

  #draw() {
    this.shown = fitting(this.options, this.input.value);
    this.list.replaceChildren(...this.shown.map((option, index) => this.#option(option, index)));
    this.list.hidden = !this.shown.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    const now = this.shown.findIndex(({ value }) => value === this.current);
    this.#markAt(this.input.value || now < 0 ? 0 : now);
  }

  #option({ label, hint }, index) {
    const id = `${this.list.id}-${index}`;
    const option = make("div", { role: "option", id, "aria-selected": "false" }, label);
    if (hint) {
      option.append(make("span", { class: "hint" }, hint));
    }
    return option;
  }

  #markAt(at) {
    this.at = at;
    [...this.list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === at));
    });
    const marked = this.list.children[at];
    if (marked) {
      this.input.setAttribute("aria-activedescendant", marked.id);
      marked.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }
}
