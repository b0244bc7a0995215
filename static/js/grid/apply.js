/**
 * Brings rows that others changed into the table, cell by cell, under the hands of whoever is typing there.
 *
 * A cell that is edited, sent or waits is never touched: the newer version is held beside it.
 */

import { inView, keepingPlace } from "../lib/focus.js";
import { element, make, page as parsed } from "../lib/fragment.js";

const MARKED = 5000;
const GONE = 10000;

export class Apply {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {{
   *   busy: (cell: HTMLElement) => boolean, painting: (row: number) => boolean,
   *   active: () => HTMLElement | null,
   *   overtaken: (cell: HTMLElement, fresh: HTMLElement, by: string) => void,
   *   leave: (row: HTMLTableRowElement) => void, came: (row: HTMLTableRowElement) => void,
   *   changed: () => void,
   * }} page `overtaken` is told that somebody saved the cell that is being edited; `leave` brings the focus out
   */
  constructor(cells, page) {
    this.cells = cells;
    this.page = page;
  }

  /**
   * @param {string} html the rows as the server rendered them
   * @param {number[]} asked their ids: one that is not among the rows is no longer this person's to see
   * @param {Map<string, {by: string, overMine: boolean}>} by who changed what, by "row field"; `overMine` where
   *   a meeting wrote over what this page saved
   */
  rows(html, asked, by) {
    const fresh = new Map(linesOf(element(html)).map((row) => [Number(row.dataset.row), row]));
    this.#keepingPlace(() => {
      for (const id of asked) {
        this.#line(id, fresh.get(id) ?? lost(id), by);
      }
    });
  }

  /**
   * The whole table anew, after too much was missed.
   * @param {string} html the page
   * @returns {number} the number up to which it is drawn
   */
  all(html) {
    const root = parsed(html).querySelector("tracker-grid");
    const lines = linesOf(root);
    const there = new Set(lines.map(({ dataset }) => dataset.row));
    const missing = this.cells.rows.filter(({ dataset }) => !there.has(dataset.row));
    this.#keepingPlace(() => {
      for (const row of lines) {
        this.#line(Number(row.dataset.row), row, new Map());
      }
      for (const { dataset } of missing) {
        this.#line(Number(dataset.row), lost(Number(dataset.row)), new Map());
      }
    });
    return Number(root.dataset.head);
  }

  #keepingPlace(act) {
    const anchor = this.page.active()?.closest("tbody tr");
    keepingPlace(this.cells.box, anchor && inView(anchor) ? anchor : null, act);
    this.page.changed();
  }

  #line(id, fresh, by) {
    const row = this.cells.row(id);
    if (fresh.dataset.gone !== undefined) {
      this.#gone(row, fresh);
    } else if (!row || row.dataset.gone !== undefined) {
      row?.remove();
      this.cells.body.append(document.adoptNode(fresh));
      this.page.came(fresh);
      this.#marked(fresh);
    } else if (Number(fresh.dataset.rev) >= Number(row.dataset.rev)) {
      this.#changed(row, fresh, by);
    }
  }

  #changed(row, fresh, by) {
    for (const theirs of fresh.querySelectorAll(":scope > [data-field]")) {
      const cell = this.cells.find(row.dataset.row, theirs.dataset.field);
      const busy = this.page.busy(cell);
      const newer = this.cells.receive(cell, theirs, busy);
      const news = by.get(`${row.dataset.row} ${theirs.dataset.field}`);
      if (newer && busy) {
        this.page.overtaken(cell, theirs, news?.by ?? "");
      } else if (newer) {
        this.#marked(cell);
        this.#signed(cell, news);
      }
    }
    row.dataset.rev = fresh.dataset.rev;
    row.removeAttribute("data-leaving");
    this.#painted(row, fresh, by);
  }

  #painted(row, fresh, by) {
    const { colour = "", colourRev = "0" } = fresh.dataset;
    if (this.page.painting(Number(row.dataset.row))) {
      return;
    }
    if (Number(colourRev) > Number(row.dataset.colourRev ?? 0)) {
      const author = by.get(`${row.dataset.row} colour`) ?? "";
      this.#marked(row.cells[0], author && `Row colour changed by ${author} at ${clock()}`);
    }
    row.dataset.colourRev = colourRev;
    this.cells.paint(row, colour, fresh.querySelector(".row-colour")?.textContent ?? "");
  }

  /** Says that something is new until it has been seen, and for five seconds at least. */
  #marked(thing) {
    thing.dataset.changed = "";
    const seen = () => {
      if (document.hidden) {
        document.addEventListener("visibilitychange", () => setTimeout(seen, MARKED), {
          once: true,
        });
      } else {
        thing.removeAttribute("data-changed");
      }
    };
    setTimeout(seen, MARKED);
  }

  /** Who changed the cell and when: shown and said to whoever comes to it, and gone when they leave it. */
  #signed(cell, news) {
    if (!news?.by) {
      return;
    }
    const words = news.overMine ? "The meeting changed this after you" : `Changed by ${news.by}`;
    cell.dataset.changedBy = `${words} at ${clock()}`;
    cell.addEventListener("focusout", () => cell.removeAttribute("data-changed-by"), {
      once: true,
    });
  }

  /** A row that left says so for a while where it was in view. With an edit in it, it stays until that is settled. */
  #gone(row, fresh) {
    if (!row || row.dataset.gone !== undefined) {
      return;
    }
    if ([...row.querySelectorAll("[data-field]")].some((cell) => this.page.busy(cell))) {
      row.dataset.leaving = "";
      return;
    }
    const line = document.adoptNode(fresh);
    const seen = inView(row);
    this.page.leave(row);
    row.replaceWith(line);
    if (seen) {
      setTimeout(() => this.#keepingPlace(() => line.remove()), GONE);
    } else {
      line.remove();
    }
  }
}

function linesOf(root) {
  return /** @type {HTMLTableRowElement[]} */ ([...root.querySelectorAll("tbody > tr[data-row]")]);
}

// What stands for a row that the server no longer gives to this person.
function lost(id) {
  const words = make("td", { colspan: "20" }, "No longer on this tracker.");
  return make("tr", { "data-row": String(id), "data-gone": "lost" }, words);
}

/** @returns {string} the time as people here write it */
export function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
