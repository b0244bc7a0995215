/**
 * What asks a decision about an edit: two versions, an outcome, a reason, a row that has gone. And the tray of
 * edits that were put aside.
 *
 * A panel stands in its cell, or above the table where the cell is not there any more.
 */

import { differing } from "../lib/differing.js";
import { element, make } from "../lib/fragment.js";
import { button } from "./notices.js";

/** @typedef {import("./queue.js").Edit} Edit */

export class Panels {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {HTMLElement} tray
   * @param {{
   *   again: (edit: Edit, facts: Partial<Edit>) => void, drop: (edit: Edit) => void,
   *   park: (edit: Edit) => void, join: (edit: Edit, text: string, base: number) => void,
   *   reopen: (edit: Edit, address: string) => void,
   *   left: (cell: HTMLElement | null) => void, typists: (row: number) => string,
   * }} page what the person may decide; `left` brings the focus back, `typists` says who types in the row
   */
  constructor(cells, tray, page) {
    this.cells = cells;
    this.tray = tray;
    this.page = page;
  }

  /**
   * @param {Edit} edit
   * @param {Record<string, any>} told the server's answer with its panel
   * @param {boolean} focus whether the person has done nothing since
   */
  show(edit, told, focus) {
    // A row's colour has no cell: it is asked about where the person's name is.
    const cell = this.cells.find(edit.row, edit.field === "colour" ? "person" : edit.field);
    const panel = element(told.panel);
    panel.tabIndex = -1;
    if (told.outcome === "conflict") {
      mark(panel, told);
    }
    const typists = told.outcome === "needs-outcome" ? this.page.typists(edit.row) : "";
    if (typists) {
      const words = `${typists} Close anyway?`;
      panel.querySelector(".buttons").before(make("p", { "data-typists": "" }, words));
    }
    cell?.querySelector(":scope > .conflict-panel")?.remove();
    (cell ?? this.tray).append(panel);
    const choose = (choice) => this.#choose(edit, told, panel, choice);
    panel.addEventListener("click", ({ target }) => {
      const choice = target.closest("[data-choice]")?.dataset.choice;
      if (choice) {
        choose(choice);
      }
    });
    panel.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") {
        choose(told.outcome === "conflict" || told.outcome === "row-gone" ? "park" : "cancel");
      } else if (event.key === "Enter" && event.target.matches("select, input")) {
        choose(panel.querySelector(".button").dataset.choice);
      }
    });
    if (focus) {
      (panel.querySelector("select, input") ?? panel).focus();
      panel.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  #choose(edit, told, panel, choice) {
    const field = panel.querySelector("select, input");
    if ((choice === "close" || choice === "reason") && !field.value) {
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return;
    }
    if (choice === "copy") {
      navigator.clipboard.writeText(edit.shown);
      return;
    }
    const acts = {
      close: () => this.page.again(edit, { outcome: field.value }),
      reason: () => this.page.again(edit, { reason: field.value }),
      mine: () => this.page.again(edit, { base: told.rev }),
      both: () => this.page.join(edit, `${told.theirs}\n${told.mine}`, told.rev),
      theirs: () => this.page.drop(edit),
      cancel: () => this.page.drop(edit),
      reopen: () => this.page.reopen(edit, panel.querySelector("[data-url]").dataset.url),
      park: () => this.page.park(edit),
    };
    const cell = panel.closest("[data-field]");
    panel.remove();
    acts[choice]();
    if (choice !== "both") {
      this.page.left(cell);
    }
  }

  /**
   * @param {Edit[]} parked
   */
  list(parked) {
    this.tray.querySelector("[data-parked]")?.remove();
    if (parked.length) {
      const heading = make("p", {}, make("strong", {}, "Unsent: put aside by you, not saved"));
      const lines = make("ul", {}, ...parked.map((edit) => this.#line(edit)));
      this.tray.append(
        make("div", { class: "notice", "data-kind": "warning", "data-parked": "" }, heading, lines),
      );
    }
  }

  #line(edit) {
    return make(
      "li",
      {},
      `${edit.name}: “${edit.shown || "blank"}” `,
      button("Put it in again", () => this.page.again(edit, this.#now(edit))),
      " ",
      button("Copy", () => navigator.clipboard.writeText(edit.shown)),
      " ",
      button("Throw it away", () => this.page.drop(edit)),
    );
  }

  #now({ row, field }) {
    const cell = this.cells.find(row, field);
    if (field === "colour") {
      return { base: Number(this.cells.row(row)?.dataset.colourRev ?? 0) };
    }
    return cell ? { base: Number(cell.dataset.rev) } : {};
  }
}

// Words that differ are marked by weight and underline, so that two long texts need not be compared by eye.
function mark(panel, { before, theirs, mine }) {
  for (const [version, text] of Object.entries({ theirs, mine })) {
    const place = panel.querySelector(`[data-version="${version}"] > span:last-child`);
    const [same, different, rest] = differing(before, text);
    if (different) {
      place.replaceChildren(same, make("ins", {}, different), rest);
    }
  }
}
