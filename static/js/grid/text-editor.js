/** The editor of a cell whose values are typed: a line, or a text of several lines. */

import { make } from "../lib/fragment.js";

const NEARLY_FULL = 0.8;

export class TextEditor {
  picks = false;

  /**
   * @param {string} id for what belongs to the box, new in the page
   * @param {string} name what the box is called aloud
   * @param {import("./cells.js").Column} column
   * @param {Iterable<string>} suggestions
   */
  constructor(id, name, { kind, limit }, suggestions) {
    this.limit = limit;
    const facts = { "aria-label": name, autocomplete: "off" };
    this.input = /** @type {HTMLInputElement} */ (
      kind === "text" ? make("textarea", { ...facts, rows: "3" }) : make("input", facts)
    );
    this.count = make("p", { class: "cell-note", hidden: "" });
    this.parts = [this.input, this.count];
    this.input.addEventListener("input", () => this.#countUp());
    this.#suggest(`${id}-list`, [...suggestions]);
  }

  /** @param {string} text what stands in the box */
  type(text) {
    this.input.value = text;
    this.#countUp();
  }

  /** @returns {{value: string, shown: string}} */
  get chosen() {
    const text = this.input.value.trim();
    return { value: text, shown: text };
  }

  /** @returns {boolean} never: nothing in here is an option */
  mark() {
    return false;
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the editor has used the key
   */
  key({ key, altKey }) {
    if (key === "Enter" && altKey && this.input instanceof HTMLTextAreaElement) {
      this.input.setRangeText("\n", this.input.selectionStart, this.input.selectionEnd, "end");
      return true;
    }
    return false;
  }

  #countUp() {
    const length = this.input.value.trim().length;
    this.count.hidden = !this.limit || length < this.limit * NEARLY_FULL;
    this.count.textContent = `${length} of ${this.limit} characters`;
  }

  #suggest(id, texts) {
    if (texts.length) {
      const options = texts.map((value) => make("option", { value }));
      this.parts.push(make("datalist", { id }, ...options));
      this.input.setAttribute("list", id);
    }
  }
}
