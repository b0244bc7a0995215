/** What hands do in the table beyond one cell: ranges, clipboard, fill, undo, menu of a cell, new and closed cases. */

import { Unreachable } from "../lib/http.js";
import { Clipboard } from "./clipboard.js";
import { Fill } from "./fill.js";
import { Many } from "./many.js";
import { NewCase } from "./new-case.js";
import { notice } from "./notices.js";
import { Range } from "./range.js";
import { nextRegion } from "./regions.js";
import { today } from "./today.js";
import { Undo } from "./undo.js";

const TYPED_IN = "input, textarea, select, dialog, [popover]";

// What a page does without until somebody asks for it. It is fetched soon after they have begun to work, so that
// it is there when the server is not.
const LATER = {
  ask: () => import("./ask.js"),
  closing: () => import("./closing.js"),
  history: () => import("./cell-history.js"),
  keys: () => import("./key-list.js"),
  menu: () => import("./cell-menu.js"),
  placing: () => import("./placing.js"),
  preview: () => import("./preview.js"),
};
const SOON = 3000;
const NEEDS_SERVER = "This needs the server, and it cannot be reached now. Try again in a moment.";

export class Hands {
  #menu = null;
  #closing = null;
  #previewing = false;

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./move.js").Move} move
   * @param {import("./edits.js").Edits} edits
   * @param {import("./follow.js").Follow} follow
   * @param {HTMLElement} tray
   * @param {{
   *   tab: string, team: string, me: string, say: (text: string) => void, signedOut: () => void,
   *   outdated: () => void, changed: () => void, typists: (row: number) => string,
   * }} page
   */
  constructor(cells, move, edits, follow, tray, page) {
    const place = document.querySelector("[data-hands]");
    this.facts = place.dataset;
    this.cells = cells;
    this.move = move;
    this.edits = edits;
    this.follow = follow;
    this.page = page;
    this.tray = tray;
    this.range = new Range(cells, move, page.say);
    this.many = new Many(cells, edits, tray, {
      address: this.facts.cellsUrl,
      tab: page.tab,
      signedOut: page.signedOut,
      done: (told, op) => this.#done(told, op),
      problems: (kind, wanted, told) =>
        this.#preview({ kind, wanted, told, clear: kind !== "paste" }),
    });
    this.fill = new Fill(cells, this.range, edits, this.many, {
      say: page.say,
      ask: (words, yes) => this.#later("ask", ({ confirmed }) => confirmed(words, [], yes)),
    });
    this.undo = new Undo(place, tray, {
      tab: page.tab,
      say: page.say,
      quiet: () => this.many.quiet(),
      outdated: page.outdated,
      acts: () => this.edits.acts,
      done: (...stepped) => this.#stepped(...stepped),
    });
    this.clipboard = new Clipboard(cells, this.range, edits, this.many, {
      say: page.say,
      tray,
      mayAdd: "mayAdd" in this.facts,
      preview: (start) => this.#preview(start),
      placing: (...copied) => this.#placing(...copied),
    });
    this.newCase = new NewCase(cells, edits, this.many, {
      key: `icm-unsent-new-${page.team}-${page.me}`,
      say: page.say,
      changed: page.changed,
      go: (cell) => move.to(cell),
      row: (id) => follow.text([id]),
    });
    cells.table.addEventListener("contextmenu", (event) => this.#pointed(event));
    document.addEventListener("keydown", (event) => this.#anywhere(event), { capture: true });
    document.addEventListener("keydown", (event) => this.#outside(event));
    document
      .querySelector("[data-keys-help]")
      ?.addEventListener("click", (event) => this.#keys(event));
  }

  start() {
    if (this.facts.undoUrl) {
      this.undo.start();
    }
    const fetchAll = () =>
      setTimeout(() => Object.values(LATER).map((fetch) => fetch().catch(() => {})), SOON);
    this.cells.table.addEventListener("focusin", fetchAll, { once: true });
  }

  /** @returns {boolean} whether a cell is part of something that is on its way */
  sending(row, field) {
    return this.many.sending(row, field);
  }

  /**
   * One cell was saved: it is the next step back.
   * @param {import("./queue.js").Edit} edit
   * @param {Record<string, any>} told
   */
  saved({ op, row, field }, { outcome, gone }) {
    if (outcome === "saved") {
      const what = gone ? "close" : this.cells.label(field);
      this.undo.acted(op, `${what}, ${this.cells.caseName(row)}`);
    }
  }

  /**
   * One value into all selected cells, where more than the one that is edited is selected.
   * @param {HTMLElement} cell
   * @param {{value: string, shown: string}} chosen
   * @param {boolean} picked from a list
   * @returns {boolean}
   */
  everywhere(cell, { value, shown }, picked) {
    const many = this.range.wide && this.range.flat.includes(cell);
    if (many) {
      this.edits.editors.close(cell);
      this.fill.everywhere(value, shown, picked);
    }
    return many;
  }

  /**
   * @param {KeyboardEvent} event a key in a cell that is not being edited
   * @param {HTMLElement | null} cell
   * @returns {boolean} whether it was one of these
   */
  key(event, cell) {
    if (!cell?.dataset.field) {
      return false;
    }
    if (this.edits.editors.open.has(cell)) {
      return this.edits.editors.drafted(cell, event);
    }
    if (this.range.key(event) || (event.key === "Escape" && this.clipboard.letGo())) {
      return true;
    }
    const act = this.#act(event, cell);
    act?.();
    return Boolean(act);
  }

  #act({ key, code, ctrlKey, metaKey, altKey, shiftKey }, cell) {
    const acts = {
      "Ctrl d": () => this.fill.down(),
      "Ctrl '": () => this.fill.down(),
      "Ctrl ;": () => this.#today(cell),
      "Alt KeyC": () => this.#close(),
      "Alt KeyH": () => this.#history(cell),
      "Shift F10": () => this.#open(cell),
      ContextMenu: () => this.#open(cell),
      Delete: this.range.wide ? () => this.fill.clear() : undefined,
      Backspace: this.range.wide ? () => this.fill.clear() : undefined,
    };
    if (altKey && !ctrlKey) {
      return acts[`Alt ${code}`];
    }
    if ((ctrlKey || metaKey) && !altKey) {
      return acts[`Ctrl ${key.toLowerCase()}`];
    }
    return acts[shiftKey ? `Shift ${key}` : key];
  }

  /** Keys that work wherever the focus is, also while somebody types. */
  #anywhere(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (document.querySelector("dialog:modal")) {
      return;
    }
    const typing = event.target.closest?.(`${TYPED_IN}, [role=grid]`);
    if (((ctrlKey || metaKey) && key === "/") || (key === "?" && !typing && !altKey)) {
      this.#keys(event);
    } else if (key === "F6" && !ctrlKey && !altKey) {
      event.preventDefault();
      nextRegion(shiftKey);
    }
  }

  /** Keys that work in the whole page, except where somebody types. */
  #outside(event) {
    const { key, code, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    if (event.defaultPrevented || target.closest?.(TYPED_IN)) {
      return;
    }
    const ctrl = (ctrlKey || metaKey) && !altKey;
    const step = { z: shiftKey ? "redo" : "undo", y: "redo" }[key.toLowerCase()];
    if (ctrl && step && this.facts.undoUrl) {
      event.preventDefault();
      this.undo.step(step, event.repeat);
    } else if (altKey && !ctrlKey && code === "KeyN" && "mayAdd" in this.facts) {
      event.preventDefault();
      this.newCase.start();
    }
  }

  #today(cell) {
    if (this.cells.readonly(cell) || this.cells.options(cell)) {
      this.page.say("A date does not go in here");
    } else if (this.cells.column(cell).kind === "date") {
      this.edits.commit(cell, today(), today(), Number(cell.dataset.rev));
    } else {
      this.edits.editors.start(cell, { mode: "overtype", text: today() });
    }
  }

  #items(cell) {
    const { row } = cell.parentElement.dataset;
    const writes = !this.cells.readonly(cell);
    const fresh = this.newCase.holds(cell);
    const link = new URL(`/rows/${row}/`, location.href).href;
    return [
      ["Copy", "Ctrl+C", () => this.clipboard.copy()],
      ["Copy with headings", "", () => this.clipboard.copy({ headings: true })],
      ...(writes ? [["Cut", "Ctrl+X", () => document.execCommand("cut")]] : []),
      ...(writes ? [["Fill down", "Ctrl+D", () => this.fill.down()]] : []),
      ...(fresh ? [] : [["History of this cell", "Alt+H", () => this.#history(cell)]]),
      ...(fresh ? [] : [["Open the case", "", () => location.assign(link)]]),
      ...(fresh
        ? []
        : [["Copy a link to the case", "", () => this.clipboard.copy({ words: link })]]),
      ...(this.cells.palette.length && !fresh
        ? [["Row colour…", "", () => this.#colours(cell)]]
        : []),
      ...("mayClose" in this.facts || "mayRemove" in this.facts
        ? [["Close or remove…", "Alt+C", () => this.#close()]]
        : []),
    ];
  }

  #pointed(event) {
    const cell = event.target.closest("tbody [data-field]");
    if (!cell || event.shiftKey || event.target.closest(".cell-editor, .conflict-panel")) {
      return;
    }
    event.preventDefault();
    if (!this.range.flat.includes(cell)) {
      this.move.to(cell);
    }
    this.#open(this.range.cell ?? cell, { x: event.clientX, y: event.clientY });
  }

  #close() {
    const rows = [...new Set(this.range.flat.map(({ parentElement }) => parentElement))];
    const fresh = rows.filter((row) => this.newCase.holds(row.cells[0]));
    for (const row of fresh) {
      this.newCase.drop(row);
    }
    if (rows.length > fresh.length) {
      const left = rows.filter((row) => !fresh.includes(row));
      this.#later("closing", ({ Closing }) => {
        this.#closing ??= new Closing(this.cells, this.edits, {
          tray: this.tray,
          tab: this.page.tab,
          rights: this.facts,
          typists: this.page.typists,
          signedOut: this.page.signedOut,
          removed: (row, op, name) => this.#removed(row, op, name),
        });
        return this.#closing.ask(left);
      });
    }
  }

  #open(cell, at) {
    this.#later("menu", ({ CellMenu }) => {
      this.#menu ??= new CellMenu();
      this.#menu.open(cell, this.#items(cell), at);
    });
  }

  /** The colours with the team's words for them, for the case or for all that are selected. */
  #colours(cell) {
    const chosen = this.range.flat.includes(cell) ? this.range.flat : [cell];
    const rows = [...new Set(chosen.map(({ parentElement }) => parentElement))];
    const now = cell.parentElement.dataset.colour ?? "";
    const items = this.cells.palette.map(({ dataset: { value, meaning }, textContent }) => [
      [textContent, meaning].filter(Boolean).join(": "),
      "",
      () => this.#colour(rows, value, textContent),
      {
        role: "menuitemradio",
        "aria-checked": String(value === now),
        ...(value && { "data-colour": value }),
      },
    ]);
    this.#menu.open(cell, items);
  }

  #colour(rows, value, words) {
    const others = rows.filter((row) => (row.dataset.colour ?? "") !== value);
    if (others.length === 1) {
      this.edits.paint(others[0], value, words);
    } else if (others.length) {
      const wanted = others.map(({ dataset }) => ({
        row: Number(dataset.row),
        field: "colour",
        value,
        raw: true,
        base: Number(dataset.colourRev ?? 0),
      }));
      this.many.try("fill", wanted, { clear: "1" });
    }
  }

  #history(cell) {
    const { row } = cell.parentElement.dataset;
    const address = `/rows/${row}/history/?field=${cell.dataset.field}`;
    this.#later("history", ({ showHistory }) => showHistory(address));
  }

  #keys(event) {
    event.preventDefault();
    // A page with keys of its own shows those.
    if (!document.dispatchEvent(new CustomEvent("icm:keys", { cancelable: true }))) {
      return;
    }
    this.#later("keys", ({ showKeys }) => showKeys(this.facts.helpUrl));
  }

  /** Has a module do something; says so where it cannot be fetched. Keys that hurry ahead of it go nowhere. */
  async #later(name, act) {
    document.addEventListener("keydown", swallow, { capture: true });
    const module = await LATER[name]().catch(() => null);
    document.removeEventListener("keydown", swallow, { capture: true });
    if (module) {
      return act(module);
    }
    notice(this.tray, "later", NEEDS_SERVER, { Close: () => {} });
    return false;
  }

  async #placing(...copied) {
    const { Placing } = await reached(LATER.placing());
    return new Placing(this.cells, ...copied);
  }

  /** One preview at a time: a second Ctrl+V while the first is on its way is the same wish. */
  async #preview(start) {
    if (this.#previewing) {
      return false;
    }
    this.#previewing = true;
    try {
      const { Preview } = await reached(LATER.preview());
      return await new Preview(this.cells, this.many, start).open();
    } finally {
      this.#previewing = false;
    }
  }

  async #done(told, op) {
    const { cells = 0, added = 0 } = told.counts;
    this.follow.own(told.seq - cells - added + 1, told.seq);
    if (told.outcome === "saved") {
      this.undo.acted(op, told.step);
    }
    if (!(told.added.length && (await this.newCase.added(op, told.added[0])))) {
      await this.follow.bring(told.added);
      this.page.say(`Done: ${told.step || "nothing had to be changed"}`);
    }
  }

  /** Goes to what a step changed, unless the hands have gone on meanwhile. */
  async #stepped(rows, seq, untouched) {
    this.follow.own(seq, seq);
    const inGrid = this.cells.table.contains(document.activeElement);
    await this.follow.bring(rows);
    const row = rows.map((id) => this.cells.row(id)).find((one) => one && !one.hidden);
    const changed = row?.querySelector("[data-field][data-changed]") ?? row?.cells[0];
    if (inGrid && changed && untouched()) {
      this.move.to(changed);
    } else if (untouched()) {
      changed?.scrollIntoView({ block: "nearest" });
    }
  }

  #removed(row, op, name) {
    this.undo.acted(op, name);
    this.follow.done(row, null, true);
  }
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** A module that does not load is a server out of reach. */
async function reached(loading) {
  try {
    return await loading;
  } catch (error) {
    throw new Unreachable("module", { cause: error });
  }
}
