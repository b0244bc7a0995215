/** Closing cases from the table, or taking rows off that were added by mistake: asks how it ended first. */

import { make } from "../lib/fragment.js";
import { send, Unreachable } from "../lib/http.js";
import { opened } from "./ask.js";
import { notice } from "./notices.js";
import { count } from "./range.js";

// These buttons need no outcome.
const NOT_ASKED = { formnovalidate: "" };

export class Closing {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./edits.js").Edits} edits
   * @param {{
   *   tray: HTMLElement, tab: string, rights: DOMStringMap, typists: (row: number) => string,
   *   removed: (row: number, op: string, name: string) => void, signedOut: () => void,
   * }} page
   */
  constructor(cells, edits, page) {
    this.cells = cells;
    this.edits = edits;
    this.page = page;
  }

  /** @param {HTMLTableRowElement[]} rows */
  async ask(rows) {
    const [closes, removes] = ["mayClose", "mayRemove"].map((one) => one in this.page.rights);
    if (!rows.length || !(closes || removes)) {
      notice(this.page.tray, "closing", "You cannot close a case here.", { Close: () => {} });
      return;
    }
    const one = rows.length === 1;
    const which = one
      ? `the case ${this.#called(rows[0].dataset.row)}`
      : count(rows.length, "case");
    const submit = (words, value, kind = "") =>
      make(
        "button",
        { class: `button${kind}`, value, ...(value === "close" ? {} : NOT_ASKED) },
        words,
      );
    const outcome = this.#outcome();
    const { dialog, closed } = opened(
      `${closes ? "Close" : "Remove"} ${which}`,
      [
        ...this.#said(rows, one),
        ...(closes ? [outcome] : []),
        ...(removes
          ? [
              make(
                "p",
                { class: "hint" },
                "Remove only what was added by mistake. It can be restored.",
              ),
            ]
          : []),
      ],
      [
        ...(closes ? [submit(one ? "Close the case" : "Close them", "close")] : []),
        ...(removes
          ? [submit(one ? "Remove it" : "Remove them", "remove", " button--danger")]
          : []),
        submit("Cancel", "", " button--quiet"),
      ],
    );
    dialog.querySelector("select, button").focus();
    const answer = await closed;
    for (const row of answer ? rows : []) {
      if (answer === "close") {
        this.#close(row, outcome.querySelector("select").value);
      } else {
        await this.#remove(row);
      }
    }
  }

  #outcome() {
    const select = make(
      "select",
      { required: "" },
      make("option", { value: "" }, "Choose the outcome"),
    );
    for (const one of this.cells.root.querySelectorAll('[data-list="outcome"] > li')) {
      select.append(make("option", { value: one.dataset.value }, one.textContent));
    }
    return make("label", { class: "field" }, make("span", {}, "How did it end?"), select);
  }

  /** Which cases, where they are several, and who types in them. */
  #said(rows, one) {
    const names = rows.map(({ dataset }) => this.#called(dataset.row)).join("; ");
    const typists = rows.map(({ dataset }) => this.page.typists(Number(dataset.row)));
    const typing = typists.filter(Boolean).join(" ");
    return [
      ...(one ? [] : [make("p", {}, names)]),
      ...(typing ? [make("p", {}, `${typing} Close anyway?`)] : []),
    ];
  }

  #close(row, outcome) {
    const cell = this.cells.find(row.dataset.row, "stage");
    const closed = this.cells.options(cell).find(({ value }) => value === "closed");
    this.edits.commit(cell, closed.value, closed.label, Number(cell.dataset.rev), { outcome });
  }

  async #remove(row) {
    const id = Number(row.dataset.row);
    const name = this.#called(id);
    const op = crypto.randomUUID();
    try {
      const { status, told } = await send(`/rows/${id}/remove/`, { op, tab: this.page.tab });
      if (status === 200) {
        this.page.removed(id, op, `remove, ${this.cells.caseName(id)}`);
      } else if (status === 401) {
        this.page.signedOut();
      } else {
        notice(this.page.tray, "closing", told.message ?? `${name} was not removed.`, {
          Close: () => {},
        });
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      const words = `${name} is not removed: the server cannot be reached.`;
      notice(this.page.tray, "closing", words, {
        "Try again": () => this.#remove(row),
        Leave: () => {},
      });
    }
  }

  #called(row) {
    return ["pin", "person"]
      .map((field) => this.cells.find(row, field))
      .map((cell) => cell && this.cells.text(cell))
      .filter(Boolean)
      .join(" ");
  }
}
