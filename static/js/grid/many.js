/**
 * Acts on many cells at once: a paste, a fill, a clearing. All of it happens or nothing, as one step of undo.
 *
 * What could not be sent is kept on the page, and done when its author says so (specs: grid 3.5).
 */

import { element } from "../lib/fragment.js";
import { send, Unreachable } from "../lib/http.js";
import { notice } from "./notices.js";

/**
 * One cell as the server takes it. `shown` is how it looks here until the answer comes; `cell` is where, if it
 * is on the page.
 * @typedef {{
 *   row?: number, pin?: string, new?: string, field: string, value: string, base?: number, raw?: boolean,
 *   cell?: HTMLElement, shown?: string,
 * }} Wanted
 */

export class Many {
  /** @type {Set<HTMLElement>} the notices of acts that could not be sent */
  #kept = new Set();
  /** @type {Set<string>} cells under way, by "row field" */
  #sending = new Set();

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./edits.js").Edits} edits
   * @param {HTMLElement} tray
   * @param {{
   *   address: string, tab: string, signedOut: () => void,
   *   done: (told: Record<string, any>, op: string) => Promise<void>,
   *   problems: (kind: string, wanted: Wanted[], told: Record<string, any>) => void,
   * }} page `done` hears of what was saved, `problems` asks what to leave out
   */
  constructor(cells, edits, tray, page) {
    this.cells = cells;
    this.edits = edits;
    this.tray = tray;
    this.page = page;
    window.addEventListener("beforeunload", (event) => {
      if (this.keeps) {
        event.preventDefault();
      }
    });
  }

  /** @returns {boolean} whether a cell is part of an act that is on its way */
  sending(row, field) {
    return this.#sending.has(`${row} ${field}`);
  }

  /**
   * What would happen; throws Unreachable.
   * @param {string} kind
   * @param {Wanted[]} wanted
   * @param {Record<string, string>} [more]
   */
  async look(kind, wanted, more = {}) {
    await this.quiet();
    return this.#ask(kind, wanted, crypto.randomUUID(), { ...more, dry: "1" });
  }

  /**
   * Does it at once and shows it at once; where a cell is refused, nothing is done and the person is asked.
   * @param {string} kind
   * @param {Wanted[]} wanted
   * @param {Record<string, string>} [more]
   */
  async act(kind, wanted, more = {}) {
    for (const { cell, value, shown } of wanted) {
      this.cells.show(cell, value, shown ?? value, "sending");
    }
    await this.quiet();
    const seen = wanted.map((one) => ({ ...one, base: Number(one.cell.dataset.rev) }));
    await this.try(kind, seen, more);
  }

  /**
   * Does it, and shows it when it is done.
   * @param {string} kind
   * @param {Wanted[]} wanted each with the version that was seen
   * @param {Record<string, string>} [more]
   */
  try(kind, wanted, more = {}) {
    return this.#try(kind, wanted, crypto.randomUUID(), more);
  }

  async #try(kind, wanted, op, more) {
    try {
      const { status, told } = await this.write(kind, wanted, op, more);
      if (status !== 200) {
        this.#back(wanted);
        if (told.cells) {
          this.page.problems(kind, wanted, told);
        }
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      this.#back(wanted);
      const words = `This ${kind} of ${wanted.length} cells is not done: the server cannot be reached. It is kept here.`;
      this.keep(words, () => this.#try(kind, wanted, op, more));
    }
  }

  /**
   * @param {string} kind
   * @param {Wanted[]} wanted each with the version that was seen
   * @param {string} op the number of the act: the same again when it is not known whether it arrived
   * @param {Record<string, string>} more
   * @returns {Promise<import("../lib/http.js").Answer>} throws Unreachable
   */
  async write(kind, wanted, op, more) {
    await this.quiet();
    const under = wanted.map(({ row, field }) => `${row} ${field}`);
    for (const one of under) {
      this.#sending.add(one);
    }
    try {
      const answer = await this.#ask(kind, wanted, op, more);
      if (answer.status === 200) {
        this.#settle(answer.told);
        await this.page.done(answer.told, op);
      }
      return answer;
    } finally {
      for (const one of under) {
        this.#sending.delete(one);
      }
    }
  }

  /** Waits until single edits before it have arrived: they make the versions that this act is written against. */
  async quiet() {
    const { outbox } = this.edits;
    while (outbox.queue.underWay.length && !outbox.offline && !outbox.stopped) {
      await new Promise((done) => document.addEventListener("icm:edits", done, { once: true }));
    }
  }

  /**
   * Keeps an act that could not be sent, with a button that tries again.
   * @param {string} words
   * @param {() => void} again
   */
  keep(words, again) {
    const name = `kept-${crypto.randomUUID()}`;
    const acts = { "Try again": again, "Throw it away": () => {} };
    this.#kept.add(notice(this.tray, name, words, acts));
  }

  /** @returns {boolean} whether something is kept here that was not done */
  get keeps() {
    return [...this.#kept].some(({ isConnected }) => isConnected);
  }

  async #ask(kind, wanted, op, more) {
    const cells = wanted.map(({ row, pin, new: fresh, field, value, base, raw }) => ({
      row,
      pin,
      new: fresh,
      field,
      value,
      base,
      raw,
    }));
    const fields = { op, kind, tab: this.page.tab, cells: JSON.stringify(cells), ...more };
    const answer = await send(this.page.address, fields);
    if (answer.status >= 500) {
      throw new Unreachable(this.page.address);
    }
    if (answer.status === 401) {
      this.page.signedOut();
      throw new Unreachable(this.page.address);
    }
    if (!answer.told.cells) {
      const words = answer.told.message ?? "This was not done. Reload the page.";
      notice(this.tray, "many", words, { Close: () => {} });
    }
    return answer;
  }

  #settle(told) {
    for (const { row, field, cell: html, raw, rev } of told.cells) {
      if (field === "colour") {
        this.edits.painted(row, raw, rev);
      }
      const cell = this.cells.find(row, field);
      if (cell && html && this.edits.busy(cell)) {
        this.cells.receive(cell, element(html), true);
      } else if (cell && html) {
        this.cells.settle(cell, html);
      }
    }
  }

  #back(wanted) {
    for (const { cell } of wanted) {
      if (cell?.isConnected && !this.edits.busy(cell)) {
        this.cells.settle(cell);
      }
    }
  }
}
