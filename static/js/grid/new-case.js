/**
 * New cases, typed in the table itself: a row at the end that is sent as soon as it has a name (specs: grid 3.3).
 *
 * Until then it is kept in this tab, like every edit that is not sent.
 */

import { backoff } from "../lib/backoff.js";
import { element, make } from "../lib/fragment.js";
import { Unreachable } from "../lib/http.js";

/** @typedef {{value: string, shown: string, raw: boolean}} Typed */
/** @typedef {{op: string, values: Map<string, Typed>, sent: Map<string, Typed> | null, failures: number}} Draft */

export class NewCase {
  /** @type {Map<HTMLTableRowElement, Draft>} */
  #drafts = new Map();
  #number = 0;

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./edits.js").Edits} edits
   * @param {import("./many.js").Many} many
   * @param {{
   *   key: string, say: (text: string) => void, changed: () => void, go: (cell: HTMLElement) => void,
   *   row: (id: number) => Promise<string>,
   * }} page `key` is where this tab keeps them; `row` is the case as the server draws it
   */
  constructor(cells, edits, many, page) {
    this.cells = cells;
    this.edits = edits;
    this.many = many;
    this.page = page;
    for (const [op, values] of JSON.parse(sessionStorage.getItem(page.key) ?? "[]")) {
      this.#again(op, new Map(values));
    }
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent) {
        event.preventDefault();
      }
    });
  }

  /** @returns {number} how many cases are typed and not added yet */
  get unsent() {
    return [...this.#drafts.values()].filter(({ values }) => values.size).length;
  }

  /** @returns {boolean} whether the cell is of a case that is not added yet */
  holds(cell) {
    return this.#drafts.has(cell.parentElement);
  }

  /** Goes to the new row at the end; makes it where there is none that waits for its first word. */
  start() {
    const empty = [...this.#drafts].find(([, { values }]) => !values.size)?.[0];
    const row =
      empty ?? this.#row({ op: crypto.randomUUID(), values: new Map(), sent: null, failures: 0 });
    this.page.go(row.cells[0]);
  }

  /**
   * Takes what was typed, where the cell is of a new case.
   * @returns {boolean} whether it did
   */
  takes(cell, value, shown) {
    const row = cell.parentElement;
    const draft = this.#drafts.get(row);
    if (!draft) {
      return false;
    }
    const raw = Boolean(this.cells.options(cell)?.some((option) => option.value === value));
    if (value) {
      draft.values.set(cell.dataset.field, { value, shown, raw });
    } else {
      draft.values.delete(cell.dataset.field);
    }
    this.cells.show(cell, value, shown, "waiting");
    this.#keep();
    this.#send(row, draft);
    return true;
  }

  /** @param {HTMLTableRowElement} row of a new case, whose author does not want it */
  drop(row) {
    const { rows } = this.cells;
    const next = rows[rows.indexOf(row) - 1];
    if (row.contains(document.activeElement) && next) {
      this.page.go(next.cells[0]);
    }
    this.#drafts.delete(row);
    row.remove();
    this.#keep();
  }

  /**
   * The server has added it: the row becomes an ordinary one, under the hands that type on in it.
   * @returns {Promise<boolean>} whether this act was one of a new row here
   */
  async added(op, id) {
    const [row, draft] = [...this.#drafts].find(([, one]) => one.op === op) ?? [];
    if (!row) {
      return false;
    }
    const fresh = element(await this.page.row(id)).querySelector("tr");
    takeAway(this.cells.row(id));
    this.#drafts.delete(row);
    this.#adopt(row, fresh);
    const name = this.cells.caseName(id);
    this.page.say(`Added: ${name}`);
    for (const [field, typed] of draft.values) {
      const before = draft.sent.get(field);
      if (before?.value !== typed.value) {
        const cell = this.cells.find(id, field);
        this.edits.commit(cell, typed.value, typed.shown, Number(cell.dataset.rev));
      }
    }
    this.#keep();
    return true;
  }

  #adopt(row, fresh) {
    for (const { name, value } of fresh.attributes) {
      row.setAttribute(name, value);
    }
    row.removeAttribute("data-new");
    row.removeAttribute("data-leaving");
    for (const theirs of fresh.querySelectorAll(":scope > [data-field]")) {
      const cell = row.querySelector(`[data-field="${theirs.dataset.field}"]`);
      if (this.edits.editors.open.has(cell)) {
        this.cells.receive(cell, theirs, true);
      } else {
        this.cells.settle(cell, theirs.outerHTML);
      }
    }
    row.lastElementChild.replaceChildren(...fresh.lastElementChild.childNodes);
  }

  #row(draft) {
    this.#number -= 1;
    const fields = [...this.cells.columns.values()].map((column) => cellOf(column));
    const facts = { "data-row": String(this.#number), "data-rev": "0", "data-new": "" };
    const menu = make("td", { class: "tracker-grid__menu", "data-label": "More", tabindex: "-1" });
    const row = /** @type {HTMLTableRowElement} */ (make("tr", facts, ...fields, menu));
    row.addEventListener("focusout", () => setTimeout(() => this.#left(row)));
    this.#drafts.set(row, draft);
    this.cells.body.append(row);
    return row;
  }

  #again(op, values) {
    const draft = { op, values, sent: null, failures: 0 };
    const row = this.#row(draft);
    for (const [field, { value, shown }] of values) {
      const cell = row.querySelector(`[data-field="${field}"]`);
      if (cell) {
        this.cells.show(cell, value, shown, "waiting");
      }
    }
    // After the grid is set up: its answer is told to others of its modules.
    setTimeout(() => this.#send(row, draft));
  }

  // A row in which nothing was typed is no case: it goes with the focus.
  #left(row) {
    const draft = this.#drafts.get(row);
    if (draft && !draft.values.size && !row.contains(document.activeElement)) {
      this.drop(row);
    }
  }

  async #send(row, draft) {
    if (draft.sent || !draft.values.has("person")) {
      return;
    }
    draft.sent = new Map(draft.values);
    const wanted = [...draft.sent].map(([field, { value, raw }]) => ({
      row: null,
      new: "1",
      field,
      value,
      raw,
    }));
    this.#state(row, "sending");
    try {
      const { status, told } = await this.many.write("add", wanted, draft.op, {});
      if (status !== 200) {
        this.#refused(row, draft, wanted, told);
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      draft.sent = null;
      draft.failures += 1;
      this.#state(row, "waiting");
      setTimeout(() => this.#drafts.has(row) && this.#send(row, draft), backoff(draft.failures));
    }
  }

  #refused(row, draft, wanted, told) {
    draft.sent = null;
    this.#state(row, "waiting");
    const free = !row.querySelector(".cell-editor");
    for (const [at, { problem }] of (told.cells ?? []).entries()) {
      const cell = row.querySelector(`[data-field="${wanted[at].field}"]`);
      if (problem && !this.edits.editors.open.has(cell)) {
        const { shown } = draft.values.get(wanted[at].field) ?? { shown: "" };
        this.cells.state(cell, "refused");
        this.edits.editors.start(cell, {
          mode: "edit",
          text: shown,
          note: problem.message,
          focus: free,
        });
      }
    }
  }

  #state(row, state) {
    for (const field of this.#drafts.get(row)?.values.keys() ?? []) {
      this.cells.state(row.querySelector(`[data-field="${field}"]`), state);
    }
  }

  #keep() {
    const left = [...this.#drafts.values()].filter(({ values }) => values.size);
    if (left.length) {
      sessionStorage.setItem(
        this.page.key,
        JSON.stringify(left.map(({ op, values }) => [op, [...values]])),
      );
    } else {
      sessionStorage.removeItem(this.page.key);
    }
    this.page.changed();
  }
}

/** The row that the stream brought before the answer, as if others had added it; with the line above it. */
function takeAway(row) {
  const above = row?.previousElementSibling;
  if (above?.dataset.divider !== undefined && !row.nextElementSibling) {
    above.remove();
  }
  row?.remove();
}

function cellOf({ key, label }) {
  const facts = {
    "data-field": key,
    "data-rev": "0",
    "data-state": "saved",
    "data-label": label,
    tabindex: "-1",
  };
  if (key === "pin") {
    // The head of a row says something, also while it has no PIN.
    const word = make("span", { class: "visually-hidden", "data-word": "" }, "new case");
    return make("th", { scope: "row", ...facts }, make("span", { class: "cell-text" }), word);
  }
  const chip = { class: "stage-chip", "data-stage": "" };
  return make(
    "td",
    facts,
    key === "stage" ? make("span", chip, "Stage not set") : make("span", { class: "cell-text" }),
  );
}
