/** Shows who else is here: initials in the head of the page, an outline on the cell, a word on who types. */

import { make } from "../lib/fragment.js";
import { PRESENCE_MARKS } from "./cells.js";

// A page that has not reported for this long has gone.
const GONE = 40000;
const LOOK = 5000;
// More people than this become a number.
const MOST = 5;
// A page that is not simply somebody's tracker has a label of its own.
const LABELS = { meeting: () => "Meeting", "seen-as": (initials) => `${initials} looks` };
const SCREENS = {
  meeting: (name) => `The meeting, on the screen of ${name}`,
  "seen-as": (name) => `${name}, who sees this as another person does`,
};
const WORDS = { typing: "typing", idle: "not active", away: "in another window" };

/** @typedef {{team: number, person: number, tab: string, row: number, field: string, mode: string, screen: string}} Report */

export class Present {
  /** @type {Map<string, Report & {at: number}>} by person and tab */
  #seen = new Map();
  /** @type {Map<string, Report>} what each tab said last: who it is may be learned only after it has gone */
  #last = new Map();
  /** @type {Set<HTMLElement>} cells with a mark */
  #marked = new Set();

  /**
   * @param {HTMLElement} list in the head of the page
   * @param {import("./cells.js").Cells} cells
   * @param {import("../lib/people.js").People} people
   */
  constructor(list, cells, people) {
    this.list = list;
    this.cells = cells;
    this.people = people;
    setInterval(() => this.#draw(), LOOK);
  }

  /** @param {Report} report */
  async heard(report) {
    const key = `${report.person} ${report.tab}`;
    this.#last.set(key, report);
    if (report.mode === "gone") {
      this.#last.delete(key);
      this.#seen.delete(key);
    } else {
      await this.people.know([report.person]);
      if (this.#last.get(key) !== report) {
        return;
      }
      this.#seen.set(key, { ...report, at: Date.now() });
    }
    this.#draw();
  }

  /** The stream was cut: nobody knows who is here, so nobody is shown. */
  forget() {
    this.#seen.clear();
    this.#draw();
  }

  /**
   * @param {number} row
   * @returns {string} "AN is typing in Action." for each who types in the row
   */
  typists(row) {
    const typing = [...this.#seen.values()].filter(
      (one) => one.row === row && one.mode === "typing",
    );
    const words = typing.map((one) => {
      const { person, field } = one;
      const { name } = this.people.of(person);
      return `${this.#label(one) || name} is typing in ${this.cells.columns.get(field)?.label ?? "it"}.`;
    });
    return words.join(" ");
  }

  /** "AN is typing here", or nothing. */
  #claim(cell) {
    const typing = this.#on(cell).filter(({ mode }) => mode === "typing");
    const who = typing.map((one) => this.#label(one));
    return who.length ? `${who.join(", ")} ${who.length > 1 ? "are" : "is"} typing here` : "";
  }

  #label({ person, screen }) {
    const { initials } = this.people.of(person);
    return LABELS[screen]?.(initials) ?? initials;
  }

  #on(cell) {
    const { row } = cell.parentElement.dataset;
    return [...this.#seen.values()].filter(
      (one) => String(one.row) === row && one.field === cell.dataset.field && one.mode !== "away",
    );
  }

  #draw() {
    const now = Date.now();
    for (const [key, { at }] of this.#seen) {
      if (now - at > GONE) {
        this.#seen.delete(key);
      }
    }
    this.#drawList();
    this.#drawCells();
  }

  #drawCells() {
    const cells = new Set(
      [...this.#seen.values()].map(({ row, field }) => field && this.cells.find(row, field)),
    );
    cells.delete("");
    cells.delete(null);
    for (const cell of this.#marked) {
      if (!cells.has(cell) || !this.#on(cell).length) {
        for (const mark of PRESENCE_MARKS) {
          cell.removeAttribute(mark);
        }
      }
    }
    this.#marked = cells;
    for (const cell of cells) {
      this.#mark(cell);
    }
  }

  #mark(cell) {
    const on = this.#on(cell);
    if (!on.length) {
      return;
    }
    const typing = on.find(({ mode }) => mode === "typing");
    const first = typing ?? on[0];
    const others = new Set(on.map(({ person, screen }) => `${person} ${screen}`)).size - 1;
    cell.dataset.here = `${this.#label(first)}${others ? ` +${others}` : ""}${typing ? " typing" : ""}`;
    cell.dataset.hereMode = first.mode;
    cell.dataset.claim = this.#claim(cell);
  }

  // Several tabs of one person are one person: the one where they are. Their meeting is shown apart.
  #drawList() {
    const order = ["typing", "here", "idle", "away"];
    const people = new Map();
    for (const report of this.#seen.values()) {
      const who = `${report.person} ${report.screen}`;
      const known = people.get(who);
      if (!known || order.indexOf(report.mode) < order.indexOf(known.mode)) {
        people.set(who, report);
      }
    }
    const all = [...people.values()].sort((one, other) => one.person - other.person);
    const shown = all.length > MOST ? all.slice(0, MOST - 1) : all;
    const rest = all.slice(shown.length);
    const items = shown.map((one) => this.#item(this.#label(one), one.mode, this.#words(one)));
    if (rest.length) {
      const names = rest.map((one) => this.#words(one)).join(", ");
      items.push(this.#item(`+${rest.length}`, "here", names));
    }
    this.#replace(items);
  }

  // The focus stays on whom it was on; what has not changed is not drawn anew.
  #replace(items) {
    const drawn = items.map((item) => item.outerHTML).join("");
    if (drawn === this.drawn) {
      return;
    }
    this.drawn = drawn;
    const at = [...this.list.children].findIndex((item) => item.contains(document.activeElement));
    this.list.replaceChildren(...items);
    this.list.hidden = !items.length;
    this.list.children[at]?.querySelector("button").focus({ preventScroll: true });
  }

  #words({ person, mode, row, field, screen }) {
    const known = this.people.of(person);
    const name = SCREENS[screen]?.(known.name) ?? known.name;
    const label = this.cells.columns.get(field)?.label;
    const where = label && mode !== "away" ? ` in ${label} of ${this.cells.caseName(row)}` : "";
    return `${name}${WORDS[mode] ? `, ${WORDS[mode]}` : ""}${where}`;
  }

  #item(initials, mode, words) {
    const button = make(
      "button",
      {
        type: "button",
        class: "present__one",
        "data-mode": mode,
        "data-words": words,
        "aria-label": words,
      },
      initials,
    );
    return make("li", {}, button);
  }
}
