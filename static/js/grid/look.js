/**
 * How this person looks at the table: filter and sort, changed without a new page.
 *
 * Lists, days and the order are kept in the address. What was typed may be a name: it is kept in the entry of this
 * tab's history, which a reload and going back lead to, and which no address shows and nobody is sent (ADR 0047).
 *
 * The server says which rows match and in which order. A row that I change stays where it is until I apply the
 * filter again; one that others change goes when I move on; what comes in stands at the end (specs: grid 3.6).
 */

import { keepingPlace } from "../lib/focus.js";
import { element, make } from "../lib/fragment.js";
import { reached, send } from "../lib/http.js";
import { Pace } from "../lib/pace.js";

const TYPING = 250;
const SOON = 200;
const LAST = Number.MAX_SAFE_INTEGER;

export class Look {
  /** @type {Set<number>} rows that I changed since the filter was applied */
  #mine = new Set();
  /** @type {HTMLTableRowElement[]} rows that are shown and do not match any more */
  #stale = [];
  #reordered = false;
  #asked = 0;
  #typing = 0;
  #soon = 0;
  #pace = new Pace();
  #divider = make(
    "tr",
    { "data-divider": "" },
    make("td", { colspan: "99" }, "New since you opened"),
  );

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {string} address what says how the table looks under a query
   * @param {{
   *   active: () => HTMLElement | null, counted: () => void, say: (text: string) => void,
   * }} page `counted` is told when rows came into view or left it
   */
  constructor(cells, address, page) {
    this.cells = cells;
    this.address = address;
    this.page = page;
    this.line = cells.root.querySelector("[data-shown]");
    this.form = document.querySelector("[data-filters]");
  }

  start() {
    document.addEventListener("click", (event) => this.#clicked(event));
    this.form.addEventListener("submit", (event) => this.#submitted(event));
    this.form.addEventListener("input", ({ target }) => this.#input(target));
    window.addEventListener("popstate", () => this.#popped());
    const kept = this.#kept;
    this.typed = kept ?? told(this.form).typed;
    history.replaceState(this.#state, "");
    if (kept) {
      this.show(location.search, kept, false);
    }
    const wanted = document.getElementById(location.hash.slice(1));
    if (wanted instanceof HTMLTableRowElement && wanted.hidden) {
      this.#mine.add(id(wanted));
      wanted.hidden = false;
      wanted.scrollIntoView({ block: "center" });
      this.#changed();
    }
  }

  /** @returns {boolean} whether anything filters */
  get narrowed() {
    return this.line.dataset.narrowed !== undefined;
  }

  get #sorted() {
    return Boolean(this.cells.table.tHead.querySelector("[aria-sort]"));
  }

  /** @returns {string | undefined} what this person typed under the present entry of the history */
  get #kept() {
    const { me, typed } = history.state ?? {};
    return me === this.cells.root.dataset.me ? typed : undefined;
  }

  get #state() {
    return { me: this.cells.root.dataset.me, typed: this.typed };
  }

  /** A jump within the page comes as an entry of its own, under which nothing is kept yet. */
  #popped() {
    if (history.state) {
      this.show(location.search, this.#kept, false);
    } else {
      history.replaceState(this.#state, "");
    }
  }

  /**
   * Looks at the table in another way, at once.
   * @param {string} query with its question mark
   * @param {string} [typed] what is in no address
   * @param {boolean} [remember] whether going back leads to the present one
   */
  async show(query, typed = "", remember = true) {
    const fresh = await this.#ask(query, typed);
    if (!fresh) {
      return;
    }
    const other = query !== location.search || typed !== this.typed;
    this.typed = typed;
    if (remember && other) {
      history.pushState(this.#state, "", `${location.pathname}${query}`);
    }
    this.#mine.clear();
    this.#stale = [];
    this.#reordered = false;
    this.#around(fresh);
    this.#keepingPlace(() => this.#arrange(fresh));
    this.#changed();
  }

  /** @param {number} row that I changed: it stays until the filter is applied again */
  mine(row) {
    this.#mine.add(row);
    this.recheck();
  }

  /** Something in the table changed: which rows match may have changed with it. */
  recheck() {
    if (!this.#soon && (this.narrowed || this.#sorted)) {
      this.#soon = setTimeout(() => this.#recheck(), this.#pace.wait(SOON));
    }
  }

  /** @param {HTMLTableRowElement} row that others added, at the end; a filter decides first whether it is shown */
  came(row) {
    if (this.narrowed) {
      row.hidden = true;
    } else if (!this.#divider.isConnected) {
      row.before(this.#divider);
    }
  }

  /** I went to another row: what others made fit no longer goes, except where I am now. */
  moved() {
    this.#settle();
  }

  #clicked(event) {
    const link = event.target.closest("a[data-look]");
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      closeMenu();
      const { look } = link.dataset;
      this.show(link.search, look === "all" ? "" : without(look, this.typed));
    }
  }

  #submitted(event) {
    event.preventDefault();
    closeMenu();
    this.#formed();
  }

  #formed() {
    clearTimeout(this.#typing);
    const { query, typed } = told(this.form);
    this.show(query, typed);
  }

  #input(target) {
    clearTimeout(this.#typing);
    const wait = target.type === "checkbox" ? 0 : TYPING;
    this.#typing = setTimeout(() => this.#formed(), wait);
  }

  /** @returns {Promise<HTMLElement | null>} null where another question came after this one, or no answer */
  async #ask(query, typed) {
    this.#asked += 1;
    const asked = this.#asked;
    const answer = await reached(send(`${this.address}${query}`, typed));
    if (!answer) {
      this.page.say("Filter and order cannot be changed without the connection.");
    }
    return answer?.status === 200 && asked === this.#asked ? element(answer.text) : null;
  }

  /** What stands around the rows: the banner, the line, the marks of the headings, the menus. */
  #around(fresh) {
    const root = this.cells.root;
    const inLine = this.line.contains(document.activeElement);
    root.querySelector("[data-around]").replaceWith(fresh.querySelector("[data-around]"));
    const line = fresh.querySelector("[data-shown]");
    this.line.toggleAttribute("data-narrowed", false);
    Object.assign(this.line.dataset, line.dataset);
    this.line.replaceChildren(...line.childNodes);
    if (inLine) {
      this.line.querySelector("a").focus();
    }
    for (const head of fresh.querySelectorAll("th")) {
      const here = this.cells.table.tHead.querySelector(`[data-column="${head.dataset.column}"]`);
      for (const name of here ? ["aria-sort", "data-filtered"] : []) {
        here.toggleAttribute(name, false);
        if (head.hasAttribute(name)) {
          here.setAttribute(name, head.getAttribute(name));
        }
      }
    }
    this.#menus(fresh.querySelector("[data-filters]"));
  }

  // A menu in use is left alone but for where its links lead.
  #menus(fresh) {
    for (const kept of this.form.querySelectorAll(":scope > input")) {
      kept.remove();
    }
    this.form.prepend(...fresh.querySelectorAll(":scope > input"));
    for (const menu of fresh.querySelectorAll("[popover]")) {
      const here = document.getElementById(menu.id);
      if (here?.matches(":popover-open")) {
        const links = menu.querySelectorAll("a[data-look]");
        here.querySelectorAll("a[data-look]").forEach((link, at) => {
          link.href = links[at]?.getAttribute("href") ?? link.href;
        });
      } else {
        here?.replaceChildren(...menu.childNodes);
      }
    }
  }

  #arrange(fresh) {
    const { place, matching } = read(fresh);
    this.#divider.remove();
    const rows = lines(this.cells.body);
    const rank = (row) => place.get(id(row)) ?? LAST;
    const ordered = rows.toSorted((one, other) => rank(one) - rank(other));
    if (ordered.some((row, at) => row !== rows[at])) {
      const { activeElement } = document;
      this.cells.body.append(...ordered);
      if (this.cells.body.contains(activeElement)) {
        activeElement.focus({ preventScroll: true });
      }
    }
    for (const row of rows) {
      row.hidden = place.has(id(row)) && !matching.has(id(row));
    }
  }

  async #recheck() {
    const began = performance.now();
    const fresh = await this.#ask(location.search, this.typed);
    this.#pace.asked(began);
    this.#soon = 0;
    if (!fresh) {
      return;
    }
    const { place, matching } = read(fresh);
    const rows = lines(this.cells.body).filter((row) => place.has(id(row)));
    this.#reordered = this.#sorted && !inOrder(rows.filter(before(this.#divider)), place);
    for (const row of rows.filter((one) => one.hidden && matching.has(id(one)))) {
      if (!this.#divider.isConnected) {
        this.cells.body.append(this.#divider);
      }
      this.cells.body.append(row);
      row.hidden = false;
    }
    this.#stale = rows.filter((row) => !row.hidden && !matching.has(id(row)));
    if (!this.cells.table.contains(document.activeElement)) {
      this.#settle();
    }
    this.#changed();
  }

  #settle() {
    const here = this.page.active()?.closest("tr");
    const going = this.#stale.filter((row) => row !== here && !this.#mine.has(id(row)));
    if (going.length) {
      this.#keepingPlace(() => {
        for (const row of going) {
          row.hidden = true;
        }
      });
      this.#stale = this.#stale.filter((row) => !row.hidden);
      this.#changed();
    }
  }

  #keepingPlace(act) {
    const row = this.page.active()?.closest("tbody tr");
    keepingPlace(this.cells.box, row, act);
  }

  #changed() {
    const words = said(this.#stale.length, this.#reordered);
    this.line.querySelector("[data-stale]")?.remove();
    if (words) {
      const again = make("button", { type: "button", class: "link-button" }, "Re-apply");
      again.addEventListener("click", () => this.show(location.search, this.typed, false));
      const note = make("span", { "data-stale": "" }, `${words} `, again);
      this.line.querySelector("[data-shown-words]").after(note);
    }
    this.page.counted();
  }
}

function id(row) {
  return Number(row.dataset.row);
}

function lines(body) {
  return [...body.rows].filter((row) => row.dataset.row && row.dataset.gone === undefined);
}

function before(divider) {
  return (row) =>
    !divider.isConnected ||
    Boolean(row.compareDocumentPosition(divider) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function inOrder(rows, place) {
  const places = rows.map((row) => place.get(id(row)));
  return places.every((one, at) => !at || places[at - 1] < one);
}

function read(fresh) {
  const numbers = (text) => text.split(" ").filter(Boolean).map(Number);
  const place = new Map(numbers(fresh.dataset.order).map((one, at) => [one, at]));
  return { place, matching: new Set(numbers(fresh.dataset.matching)) };
}

function said(stale, reordered) {
  const rows = stale === 1 ? "1 row no longer matches." : `${stale} rows no longer match.`;
  return [stale ? rows : "", reordered ? "The order has changed." : ""].filter(Boolean).join(" ");
}

/** @returns {{query: string, typed: string}} what the form asks: in the address, and in none */
function told(form) {
  const names = form.dataset.typed.split(" ");
  const asked = [...new FormData(form)].filter(
    ([name, value]) => value && name !== "csrfmiddlewaretoken",
  );
  const typed = asked.filter(([name]) => names.includes(name));
  const query = asked.filter((one) => !typed.includes(one));
  return {
    query: `?${new URLSearchParams(query.length ? query : { show: "all" })}`,
    typed: String(new URLSearchParams(typed)),
  };
}

function without(name, typed) {
  const left = new URLSearchParams(typed);
  left.delete(name);
  return String(left);
}

function closeMenu() {
  document.querySelector("[popover]:popover-open")?.hidePopover();
}
