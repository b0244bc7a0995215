/** Follows what others did: fetches the rows that changed, has them applied, and tells of them. */

import { ask, Unreachable } from "../lib/http.js";
import { known, told } from "./news.js";

/** @typedef {import("./changes.js").Change} Change */

export class Follow {
  /** @type {Set<number>} the numbers of this page's own acts, which are on it already */
  #own = new Set();

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./apply.js").Apply} apply
   * @param {import("../lib/people.js").People} people
   * @param {{rowsUrl: string, entry: string, me: string}} facts
   * @param {{
   *   busy: (cell: HTMLElement) => boolean, sending: (row: number, field: string) => boolean,
   *   wrote: (row: number, field: string) => boolean, say: (texts: string[]) => void,
   *   outdated: (name: string, words: string) => void,
   * }} page `outdated` offers to load the page anew
   */
  constructor(cells, apply, people, facts, page) {
    this.cells = cells;
    this.apply = apply;
    this.people = people;
    this.facts = facts;
    this.page = page;
  }

  /**
   * @param {Change[]} changes
   * @returns {Promise<boolean>} whether rows had to be asked for; throws Unreachable where they could not be had
   */
  async news(changes) {
    const news = await this.#named(changes.filter((change) => !this.#mine(change)));
    if (news.some(({ kind }) => kind === "column")) {
      this.page.outdated("columns", "The columns changed. ");
    }
    if (news.some(({ kind }) => !known(kind))) {
      this.page.outdated("newer", "A newer version of this page is ready. ");
    }
    const spoken = this.#spoken(news);
    const by = new Map(
      news.map(({ row, field, ...change }) => [
        `${row} ${field}`,
        { by: change.by, overMine: change.meeting && !change.own && this.page.wrote(row, field) },
      ]),
    );
    const along = this.#along(changes);
    const rows = [...new Set(news.map(({ row }) => row).filter(Boolean))];
    const there = rows.filter((row) => along.has(row));
    if (there.length) {
      this.apply.rows(table(there.map((row) => along.get(row))), there, by);
    }
    const missing = rows.filter((row) => !along.has(row));
    await this.#rows(missing, by);
    this.page.say(spoken);
    return missing.length > 0;
  }

  /** @returns {Promise<number>} the number up to which the page is drawn anew; throws Unreachable */
  async reset() {
    return this.apply.all(await text(location.href));
  }

  /**
   * One of this page's own acts is done.
   * @param {number} row
   * @param {number | null} seq its number, where it has one
   * @param {boolean} gone whether the row has left the tracker
   */
  async done(row, seq, gone) {
    if (seq) {
      this.#own.add(seq);
    }
    if (!gone) {
      return;
    }
    try {
      // The row's line says who closed it and where it is now.
      await this.#rows([row], new Map());
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      this.#own.delete(seq);
    }
  }

  /** The numbers of an act of this page that is on it already. */
  own(first, last) {
    for (let seq = first; seq <= last; seq += 1) {
      this.#own.add(seq);
    }
  }

  /**
   * Brings rows as they are now.
   * @param {number[]} ids
   * @returns {Promise<void>} throws Unreachable
   */
  bring(ids) {
    return this.#rows(ids, new Map());
  }

  /**
   * @param {number[]} ids
   * @returns {Promise<string>} the rows as the server draws them; throws Unreachable
   */
  text(ids) {
    const { rowsUrl, entry } = this.facts;
    return text(`${rowsUrl}?ids=${ids.join(",")}&entry=${entry}`);
  }

  /** @returns {boolean} whether rows of these changes did not come along and have to be asked for */
  asks(changes) {
    const along = this.#along(changes);
    return changes.some((change) => change.row && !along.has(change.row) && !this.#mine(change));
  }

  /**
   * The rows that came with the last change of each, as the server drew them. None where an act of this page has
   * come later: they may have been drawn before it.
   * @param {Change[]} changes
   * @returns {Map<number, string>}
   */
  #along(changes) {
    if ((changes.at(-1)?.seq ?? 0) < Math.max(0, ...this.#own)) {
      return new Map();
    }
    const last = new Map(changes.map(({ row, html }) => [row, html]));
    return new Map([...last].filter(([, html]) => html));
  }

  #mine({ seq, row, field, by }) {
    return this.#own.has(seq) || (by === Number(this.facts.me) && this.page.sending(row, field));
  }

  /** The stream names people by number, the answer to a question by their initials. */
  async #named(changes) {
    await this.people.know(changes.map(({ by }) => by).filter((by) => typeof by === "number"));
    return changes.map((change) => ({
      ...change,
      own: change.by === Number(this.facts.me),
      by: typeof change.by === "string" ? change.by : this.people.of(change.by).initials,
    }));
  }

  #spoken(news) {
    const heard = news.filter(({ kind, row, field, own }) => {
      const cell = this.cells.find(row, field);
      return known(kind) && !own && !(cell && this.page.busy(cell));
    });
    return heard.map(({ kind, row, field, by }) => {
      const label = this.cells.label(field);
      return told(kind, { by, label, name: this.cells.caseName(row) });
    });
  }

  async #rows(ids, by) {
    if (ids.length) {
      this.apply.rows(await this.text(ids), ids, by);
    }
  }
}

function table(rows) {
  return `<table><tbody>${rows.join("")}</tbody></table>`;
}

async function text(address) {
  const answer = await ask(address);
  if (answer.status !== 200) {
    throw new Unreachable(address);
  }
  return answer.text;
}
