/** The editor of a date: typed in any of the ways people write one, with the browser's own calendar beside it. */

import { make } from "../lib/fragment.js";
import { reached, send } from "../lib/http.js";
import { TextEditor } from "./text-editor.js";

// Long enough not to ask at every key, short enough to answer before Enter.
const PAUSE = 120;

export class DateEditor extends TextEditor {
  /**
   * @param {string} id
   * @param {string} name
   * @param {import("./cells.js").Column} column
   * @param {string} base the date in the cell (ISO), from which "+7" counts
   * @param {string} address what says how a date is read
   */
  constructor(id, name, column, base, address) {
    super(id, name, column, []);
    this.base = base;
    this.address = address;
    this.reads = make("p", { class: "cell-note", role: "status", hidden: "" });
    this.input.addEventListener("input", () => this.#soon());
    this.parts.push(this.reads, ...this.#calendar());
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the editor has used the key
   */
  key(event) {
    if (event.key === "F4" || (event.key === "ArrowDown" && event.altKey)) {
      this.picker.showPicker();
      return true;
    }
    return super.key(event);
  }

  /** @param {string} text what stands in the box */
  type(text) {
    super.type(text);
    this.#soon();
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#read(this.input.value), PAUSE);
  }

  async #read(text) {
    const { told } = (await reached(send(this.address, { text, base: this.base }))) ?? {};
    // A slower answer about an earlier text says nothing about this one.
    if (text === this.input.value) {
      this.#say(told?.said ? `= ${told.said}` : (told?.refused ?? ""));
    }
  }

  #say(text) {
    this.reads.textContent = text;
    this.reads.hidden = !text;
  }

  // The day goes into the box day first, as people type it.
  #calendar() {
    this.picker = /** @type {HTMLInputElement} */ (
      make("input", {
        type: "date",
        class: "visually-hidden",
        tabindex: "-1",
        "aria-hidden": "true",
      })
    );
    this.picker.addEventListener("change", () => {
      this.type(this.picker.value.split("-").reverse().join("/"));
      this.input.focus();
    });
    const button = make(
      "button",
      { type: "button", class: "cell-editor__calendar", tabindex: "-1", "aria-label": "Calendar" },
      "▦",
    );
    button.addEventListener("click", () => this.picker.showPicker());
    return [button, this.picker];
  }
}
