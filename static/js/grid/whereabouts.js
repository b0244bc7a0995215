/** Tells the server where this page's person is: on which cell, and whether they type (specs: concurrency 4.6). */

import { reached, send, sendLast } from "../lib/http.js";

// Whoever only passes through a cell is not told of.
const RESTED = 300;
const REPEAT = 15000;
const IDLE = 60000;
// A cell is claimed while keys come, and for this long after.
const CLAIM = 30000;

export class Whereabouts {
  #timer = 0;
  #claim = 0;
  #said = "";
  #touched = Date.now();
  #typed = 0;

  /**
   * @param {string} address
   * @param {{tab: string, screen: string}} here the tab, and what its page is: a tracker or a meeting
   * @param {{cell: () => HTMLElement | null, typing: () => HTMLElement | null}} page the active cell, and
   *   the one with an editor
   */
  constructor(address, here, page) {
    this.address = address;
    this.here = here;
    this.page = page;
    for (const kind of ["keydown", "pointerdown", "focusin"]) {
      document.addEventListener(kind, (event) => this.#moved(event), { capture: true });
    }
    document.addEventListener("visibilitychange", () => this.#say());
    window.addEventListener("pagehide", () => this.#leave());
    this.#say();
    setInterval(() => this.again(), REPEAT);
  }

  /** Says it although nothing has changed: to who has come, or to a server that forgot. */
  again() {
    return this.#say(true);
  }

  #moved({ type }) {
    this.#touched = Date.now();
    this.#typed = type === "keydown" ? this.#touched : this.#typed;
    if (type === "keydown") {
      clearTimeout(this.#claim);
      this.#claim = setTimeout(() => this.#say(), CLAIM);
    }
    clearTimeout(this.#timer);
    // An editor opens and closes after the key that does it.
    this.#timer = setTimeout(() => this.#say(), RESTED);
  }

  async #say(again = false) {
    const report = this.#report();
    const words = JSON.stringify(report);
    if (words === this.#said && !again) {
      return;
    }
    this.#said = words;
    // Nobody is told where I am while the server is out of reach: the next report says it.
    await reached(send(this.address, report));
  }

  #report() {
    const now = Date.now();
    const typing = this.page.typing();
    // A case that is not added yet is nowhere for others.
    const cell = (typing ?? this.page.cell())?.closest("tbody tr:not([data-new]) > [data-field]");
    const mode = this.#mode(typing && now - this.#typed < CLAIM, now - this.#touched > IDLE);
    return {
      ...this.here,
      row: cell?.parentElement.dataset.row ?? "0",
      field: cell?.dataset.field ?? "",
      mode,
    };
  }

  #mode(typing, idle) {
    if (document.hidden) {
      return "away";
    }
    return typing ? "typing" : idle ? "idle" : "here";
  }

  #leave() {
    sendLast(this.address, { ...this.here, row: "0", field: "", mode: "gone" });
  }
}
