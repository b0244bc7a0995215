/**
 * The way of an edit on the page: from the editor to the outbox, and from the server's answer to the cell, back
 * into an editor, or to a panel that asks.
 */

import { element } from "../lib/fragment.js";
import { reached, send } from "../lib/http.js";
import { Editors } from "./editors.js";
import { Outbox } from "./outbox.js";
import { Panels } from "./panels.js";

const ASKING = { conflict: "conflict", "row-gone": "refused" };

/** @typedef {import("./queue.js").Edit} Edit */

export class Edits {
  /** @type {Map<string, string>} the number of my last saved act on a cell, by "row field" */
  #mine = new Map();
  #acts = 0;

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {HTMLElement} tray where panels without a cell and edits put aside stand
   * @param {{
   *   store: import("./unsent.js").Unsent, tab: string, sure: () => boolean,
   *   mayGo: () => Promise<boolean>, signedOut: () => void, changed: () => void,
   *   say: (text: string) => void, moved: (cell: HTMLElement, way: string) => void,
   *   done: (row: number, seq: number | null, gone: boolean) => void,
   *   typists: (row: number) => string,
   *   everywhere: (cell: HTMLElement, chosen: {value: string, shown: string}, picked: boolean) => boolean,
   *   fresh: {holds: (cell: HTMLElement) => boolean, takes: (cell: HTMLElement, value: string, shown: string) => boolean},
   *   acted: (edit: Edit, told: Record<string, any>) => void,
   *   meeting: string, also: (cell: HTMLElement) => string,
   * }} page `meeting` is the one in which this page is used, `also` the siblings that a cell is written to
   */
  constructor(cells, tray, page) {
    this.cells = cells;
    this.page = page;
    this.editors = new Editors(cells, {
      commit: (...typed) => this.commit(...typed),
      gaveUp: (cell, refused) => this.#gaveUp(cell, refused),
      moved: page.moved,
      everywhere: page.everywhere,
      dates: page.dates,
    });
    this.panels = new Panels(cells, tray, {
      again: (edit, facts) => this.#again(edit, facts),
      drop: (edit) => this.#drop(edit),
      park: (edit) => this.#park(edit),
      join: (edit, text, base) => this.#join(edit, text, base),
      reopen: (edit, address) => this.#reopenRow(edit, address),
      left: (cell) => cell && page.moved(cell, "stay"),
      typists: page.typists,
    });
    this.outbox = new Outbox({
      ...page,
      saved: (edit, { told }) => this.#saved(edit, told),
      refused: (edit, answer) => this.#refused(edit, answer),
      changed: () => this.#changed(),
    });
    for (const kind of ["keydown", "pointerdown"]) {
      document.addEventListener(kind, () => this.#count(), { capture: true });
    }
  }

  get queue() {
    return this.outbox.queue;
  }

  /** @returns {number} how often a key or the pointer was pressed */
  get acts() {
    return this.#acts;
  }

  /** Takes up what was not sent before the page was loaded. */
  start() {
    for (const edit of this.queue.underWay) {
      const cell = this.#cell(edit);
      if (cell) {
        this.cells.show(cell, edit.value, edit.shown, "waiting");
      } else if (edit.field === "colour" && this.cells.row(edit.row)) {
        this.cells.paint(this.cells.row(edit.row), edit.value, edit.shown);
      }
    }
    this.#changed();
    if (this.queue.underWay.length) {
      this.outbox.retry();
    }
  }

  /** @returns {boolean} whether somebody's hands are on this cell: others' changes keep away from it */
  busy(cell) {
    const own = this.queue.of(Number(cell.parentElement.dataset.row), cell.dataset.field);
    return (
      this.editors.open.has(cell) ||
      this.page.fresh.holds(cell) ||
      own.some(({ state }) => state !== "parked")
    );
  }

  /** @returns {boolean} whether an edit of this cell was saved from this page */
  wrote(row, field) {
    return this.#mine.has(`${row} ${field}`);
  }

  /** @returns {boolean} whether an edit of this cell is on its way: the stream may tell of it before its answer */
  sending(row, field) {
    return this.queue.of(row, field).some(({ state }) => state === "sending");
  }

  /**
   * Shows the new value at once and sends it.
   * @param {HTMLElement} cell
   * @param {string} value as the server takes it
   * @param {string} shown as people read it
   * @param {number} base the version that was typed over
   * @param {Partial<Edit>} [more] such as the outcome with which a case is closed
   */
  commit(cell, value, shown, base, more = {}) {
    if (this.page.fresh.takes(cell, value, shown)) {
      return;
    }
    const row = Number(cell.parentElement.dataset.row);
    const { field } = cell.dataset;
    const name = this.cells.name(cell);
    const after_op = this.#mine.get(`${row} ${field}`);
    this.cells.show(cell, value, shown, "sending");
    const { meeting } = this.page;
    const also = this.page.also(cell);
    this.#send({ row, field, value, shown, base, after_op, name, meeting, also, ...more });
  }

  /**
   * Gives a row its colour, which is a field of the row without a cell.
   * @param {HTMLElement} line
   * @param {string} value
   * @param {string} shown the colour in the words of the list
   */
  paint(line, value, shown) {
    const row = Number(line.dataset.row);
    const name = `${this.cells.label("colour")}, ${this.cells.caseName(row)}`;
    const base = Number(line.dataset.colourRev ?? 0);
    const after_op = this.#mine.get(`${row} colour`);
    this.cells.paint(line, value, shown);
    const { meeting } = this.page;
    this.#send({ row, field: "colour", value, shown, base, after_op, name, meeting });
  }

  /** @returns {boolean} whether this page is about to give the row another colour */
  painting(row) {
    return this.queue.of(row, "colour").some(({ state }) => state !== "parked");
  }

  /** The server has this colour for the row now. */
  painted(row, value, rev) {
    const line = this.cells.row(row);
    if (line && !this.painting(row)) {
      const word = this.cells.palette.find(({ dataset }) => dataset.value === value);
      line.dataset.colourRev = String(rev);
      this.cells.paint(line, value, word.textContent);
    }
  }

  #send(facts) {
    const fresh = {
      op: crypto.randomUUID(),
      state: "queued",
      attempts: 0,
      due: 0,
      acts: this.#acts,
    };
    this.outbox.commit({ ...facts, ...fresh });
  }

  #saved(edit, told) {
    const cell = this.#cell(edit);
    this.#mine.set(`${edit.row} ${edit.field}`, edit.op);
    if (edit.attempts > 1) {
      this.page.say(`Saved: ${edit.name}`);
    }
    if (edit.field === "colour") {
      this.painted(edit.row, told.colour, told.rev);
    }
    if (cell && this.queue.of(edit.row, edit.field).length) {
      this.cells.receive(cell, element(told.cell), true);
    } else if (cell) {
      this.cells.settle(cell, told.cell);
    }
    this.page.acted(edit, told);
    // The number of an act on siblings is that of the last of them: it is brought as if it were another's.
    this.page.done(edit.row, edit.also ? null : told.seq, told.gone);
  }

  #refused(edit, { status, told }) {
    const cell = this.#cell(edit);
    const newest = this.queue.of(edit.row, edit.field).at(-1);
    if (newest !== edit && newest.state !== "parked") {
      this.queue.remove(edit);
      return;
    }
    const untouched = edit.acts === this.#acts;
    if (told.panel) {
      edit.state = "asking";
      edit.asks = told.outcome;
      if (cell && told.cell) {
        this.cells.receive(cell, element(told.cell), true);
      }
      this.panels.show(edit, told, untouched);
    } else if (cell) {
      edit.state = "refused";
      this.#reopen(cell, edit, reason(status, told), untouched);
    } else {
      edit.state = "parked";
      this.page.say(reason(status, told));
    }
  }

  // What was typed stands in an editor again. The focus comes back to it only if nothing was done since.
  #reopen(cell, edit, note, focus) {
    const there = this.editors.open.get(cell);
    if (there) {
      there.refused = edit;
      this.editors.note(cell, note);
    } else {
      this.editors.start(cell, {
        mode: "edit",
        text: edit.shown,
        base: edit.base,
        note,
        refused: edit,
        focus,
      });
    }
  }

  #gaveUp(cell, refused) {
    if (refused?.asks === "conflict") {
      this.#park(refused);
    } else if (refused) {
      this.#drop(refused);
    } else if (!this.busy(cell)) {
      this.cells.settle(cell);
    }
  }

  #drop(edit) {
    this.outbox.drop(edit);
    this.#settle(edit);
  }

  #park(edit) {
    edit.state = "parked";
    this.#settle(edit);
    this.outbox.touch();
    this.page.say(`Put aside, not saved: ${edit.name}`);
    document.dispatchEvent(new CustomEvent("icm:parked"));
  }

  #settle(edit) {
    const cell = this.#cell(edit);
    if (cell && !this.busy(cell)) {
      this.cells.settle(cell);
    }
    const away = cell?.parentElement.dataset.leaving !== undefined || edit.asks === "row-gone";
    // What the server has of a colour stands in no cell: it is asked for.
    if (away || edit.field === "colour") {
      this.page.done(edit.row, null, true);
    }
  }

  #again(edit, facts) {
    const { row, field, value, shown, base, name, meeting, also } = edit;
    this.queue.remove(edit);
    const cell = this.#cell(edit);
    if (cell) {
      this.cells.show(cell, value, shown, "sending");
    } else if (field === "colour" && this.cells.row(row)) {
      this.cells.paint(this.cells.row(row), value, shown);
    }
    this.#send({ row, field, value, shown, base, name, meeting, also, ...facts });
  }

  // The row comes back first: what was typed then goes against the version it was typed on.
  async #reopenRow(edit, address) {
    const answer = await reached(send(address, { op: crypto.randomUUID() }));
    if (answer?.status === 200) {
      this.#again(edit, {});
      return;
    }
    if (answer) {
      this.page.say(reason(answer.status, answer.told));
    }
    this.#park(edit);
  }

  #join(edit, text, base) {
    const cell = this.#cell(edit);
    edit.state = "refused";
    this.editors.start(cell, { mode: "edit", text, base, refused: edit });
    this.outbox.touch();
  }

  #cell({ row, field }) {
    return this.cells.find(row, field);
  }

  #count() {
    this.#acts += 1;
  }

  #changed() {
    for (const edit of this.queue.edits) {
      const cell = this.#cell(edit);
      const state = this.#state(edit);
      if (cell && state && cell.dataset.state !== state) {
        this.cells.state(cell, state);
      }
    }
    this.panels.list(this.queue.edits.filter(({ state }) => state === "parked"));
    this.page.changed();
  }

  #state({ state, asks }) {
    if (state === "queued") {
      return this.outbox.offline || this.outbox.stopped ? "waiting" : "sending";
    }
    return { asking: ASKING[asks] ?? "waiting", parked: "" }[state] ?? state;
  }
}

function reason(status, { message, can = [] }) {
  const words =
    message ?? (status === 404 ? "You can no longer see this case." : "This was not saved.");
  return can.length ? `${words} Who can: ${can.join(", ")}.` : words;
}
