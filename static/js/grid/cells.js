/**
 * Where the cells of the table are, what they hold and how they show it. Keys are row and field, never places.
 *
 * A cell that waits for the server shows what was typed; what the server last said of it is held beside it.
 */

import { element, make } from "../lib/fragment.js";

const WORDS = {
  sending: "saving",
  waiting: "not sent yet",
  conflict: "two versions",
  refused: "not saved",
};

// What this page puts into a cell beside its value.
const OURS = ".cell-editor, .conflict-panel";

/** What says that somebody else is on a cell (present.js). */
export const PRESENCE_MARKS = ["data-here", "data-here-mode", "data-claim"];

/** @typedef {{key: string, kind: string, limit: number, label: string}} Column */

export class Cells {
  /** @type {Map<Element, Element>} */
  #held = new Map();

  /** @param {HTMLElement} root the custom element around the table */
  constructor(root) {
    this.root = root;
    this.box = root.querySelector(".tracker-grid__box");
    this.table = root.querySelector("[role=grid]");
    this.body = this.table.tBodies[0];
    const facts = [...root.querySelectorAll("[data-kinds] > li")];
    this.columns = new Map(facts.map((one) => [one.dataset.key, column(one)]));
  }

  /** @returns {HTMLTableRowElement[]} the rows one can be in */
  get rows() {
    return [...this.body.rows].filter(open);
  }

  /**
   * Looks no further than it has to: an arrow key asks for one row among hundreds.
   * @param {HTMLTableRowElement} row
   * @param {"nextElementSibling" | "previousElementSibling"} way
   * @returns {HTMLTableRowElement | undefined} the nearest row that one can be in
   */
  beside(row, way) {
    let one = row[way];
    while (one && !open(one)) {
      one = one[way];
    }
    return one ?? undefined;
  }

  /** @returns {number} how many cases a filter hides from one row to another */
  hiddenBetween(top, bottom) {
    const all = [...this.body.rows];
    const between = all.slice(all.indexOf(top), all.indexOf(bottom));
    return between.filter(({ hidden, dataset }) => hidden && dataset.gone === undefined).length;
  }

  /** @returns {boolean} whether the person has the cell's column in view */
  shows(cell) {
    const places = (this.table.dataset.hides ?? "").split(" ");
    return !places.includes(String(cell.cellIndex + 1));
  }

  row(id) {
    return this.body.querySelector(`tr[data-row="${id}"]`);
  }

  find(row, field) {
    return this.body.querySelector(`tr[data-row="${row}"] > [data-field="${field}"]`);
  }

  /** @returns {Column} */
  column(cell) {
    return this.columns.get(cell.dataset.field);
  }

  /**
   * @param {string} field
   * @returns {string} what a field is called; a row's colour has no column
   */
  label(field) {
    return this.columns.get(field)?.label ?? (field === "colour" ? "Row colour" : "");
  }

  /** @returns {HTMLElement[]} the row colours on offer; none for those who only read */
  get palette() {
    return [...this.root.querySelectorAll('[data-list="colour"] > li')];
  }

  /**
   * Gives a row its colour, with the word for those who do not see it.
   * @param {HTMLElement} row
   * @param {string} colour
   * @param {string} word
   */
  paint(row, colour, word) {
    const last = row.querySelector(":scope > .tracker-grid__menu");
    row.dataset.colour = colour;
    last.querySelector(".row-colour")?.remove();
    if (colour) {
      last.prepend(make("span", { class: "row-colour" }, word));
    }
  }

  /** @returns {boolean} */
  readonly(cell) {
    return !cell.dataset.field || cell.getAttribute("aria-readonly") === "true";
  }

  /** @returns {import("../lib/options.js").Option[] | null} null where the column has no list */
  options(cell) {
    const list = this.root.querySelector(`[data-list="${cell.dataset.field}"]`);
    const read = (one) => ({
      value: one.dataset.value,
      label: one.textContent,
      hint: one.dataset.hint,
    });
    return list ? [...list.children].map(read) : null;
  }

  /** @returns {string} what one would type to get this value */
  text(cell) {
    if (this.column(cell)?.kind === "tick") {
      return cell.querySelector("[data-ticked]") || cell.textContent.includes("✓") ? "yes" : "";
    }
    const chip = cell.querySelector(":scope > .stage-chip");
    if (chip) {
      return chip.dataset.stage ? chip.textContent : "";
    }
    return cell.querySelector(":scope > :is(time, .cell-text)")?.textContent ?? "";
  }

  /** @returns {string} the option's key in a list, else the text */
  raw(cell) {
    const chip = cell.querySelector(":scope > .stage-chip");
    return cell.dataset.raw ?? chip?.dataset.stage ?? this.text(cell);
  }

  /** @returns {string} "Action, 000002, Ed Test" */
  name(cell) {
    const row = cell.parentElement.dataset.row;
    const heads = ["pin", "person"].map((field) => this.find(row, field));
    const of = heads.filter((head) => head && head !== cell).map((head) => this.text(head));
    return [this.column(cell).label, ...of].filter(Boolean).join(", ");
  }

  /** @returns {string} what a row is called when it is spoken of: its PIN, or the name where there is none */
  caseName(row) {
    const heads = ["pin", "person"].map((field) => this.find(row, field));
    return heads.map((head) => head && this.text(head)).find(Boolean) ?? "a case";
  }

  /** Says in what state a cell is, for eyes and ears. */
  state(cell, state) {
    cell.dataset.state = state;
    cell.querySelector(":scope > [data-word]")?.remove();
    if (WORDS[state]) {
      cell.append(make("span", { class: "visually-hidden", "data-word": "" }, WORDS[state]));
    }
  }

  /** Shows a value that the server has not confirmed; what it said last is held until `settle`. */
  show(cell, value, shown, state) {
    if (!this.#held.has(cell)) {
      this.#held.set(cell, copy(cell));
    }
    fill(cell, [this.#drawn(cell, value, shown)]);
    cell.dataset.raw = value;
    this.state(cell, state);
  }

  #drawn(cell, value, shown) {
    if (cell.dataset.field === "stage") {
      const label = shown || "Stage not set";
      return make("span", { class: "stage-chip", "data-stage": value }, label);
    }
    if (this.column(cell).kind === "tick") {
      return make("span", value ? { "data-ticked": "" } : {}, value ? "✓" : "");
    }
    return make("span", { class: "cell-text" }, shown);
  }

  /**
   * Puts the server's cell in the place of what stands there; the element itself stays, and so does its focus.
   * An older version than the one held is left out.
   * @param {HTMLElement} cell
   * @param {string} [html] the cell as the server renders it; without it, what is held
   */
  settle(cell, html) {
    const held = this.#held.get(cell);
    const fresh = html ? element(html) : held;
    this.#held.delete(cell);
    if (fresh) {
      put(cell, held && rev(held) > rev(fresh) ? held : fresh);
    }
  }

  /**
   * Takes a newer version from others.
   * @param {HTMLElement} cell
   * @param {HTMLElement} fresh
   * @param {boolean} busy whether the cell is being edited, sent or waits: then it is only held
   * @returns {boolean} whether the value is a newer one
   */
  receive(cell, fresh, busy) {
    const known = this.#held.get(cell) ?? cell;
    const newer = rev(fresh) > rev(known);
    if (busy && (newer || !this.#held.has(cell))) {
      this.#held.set(cell, fresh);
    } else if (!busy && rev(fresh) >= rev(cell) && !fresh.isEqualNode(copy(cell))) {
      put(cell, fresh);
    }
    return newer;
  }
}

function open({ hidden, dataset }) {
  return !hidden && dataset.row && dataset.gone === undefined;
}

function column(fact) {
  const { key, kind, limit } = fact.dataset;
  return { key, kind, limit: Number(limit), label: fact.textContent };
}

function rev(cell) {
  return Number(cell.dataset.rev);
}

// A cell as the server would send it: without what this page has put into and onto it.
function copy(cell) {
  const copied = /** @type {HTMLElement} */ (cell.cloneNode(true));
  for (const ours of copied.querySelectorAll(`${OURS}, [data-word]`)) {
    ours.remove();
  }
  copied.tabIndex = -1;
  copied.removeAttribute("data-active");
  copied.removeAttribute("data-changed");
  copied.removeAttribute("data-changed-by");
  for (const mark of PRESENCE_MARKS) {
    copied.removeAttribute(mark);
  }
  return copied;
}

function put(cell, fresh) {
  for (const name of ["data-rev", "data-state", "data-raw", "aria-readonly"]) {
    if (fresh.hasAttribute(name)) {
      cell.setAttribute(name, fresh.getAttribute(name));
    } else {
      cell.removeAttribute(name);
    }
  }
  fill(cell, copy(fresh).childNodes);
}

// An editor or a panel in the cell stays where it is: put in anew, it would lose the focus.
function fill(cell, content) {
  for (const node of [...cell.childNodes]) {
    if (!(node instanceof Element && node.matches(OURS))) {
      node.remove();
    }
  }
  cell.prepend(...content);
}
