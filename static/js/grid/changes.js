/**
 * Brings what happened after the last number this page has seen: as the stream tells it, and by asking.
 *
 * Asking is enough, only slower: a page without a stream asks often, seldom when nobody looks.
 */

import { ask, Unreachable } from "../lib/http.js";
import { Pace } from "../lib/pace.js";

const SHOWN = 5000;
const HIDDEN = 30000;
// Where many save at once and a page has to ask, it takes up what was told meanwhile in one request, and leaves a
// server that answers slowly so many times as long to the others as it needed. The first of them does not wait.
const BREATH = 250;

/**
 * `html` is its row as it is after it, where the stream brings it along: with the last change of the row in what
 * is told at once.
 * @typedef {{
 *   seq: number, row: number, kind: string, field: string, row_rev: number, by: string, meeting: boolean,
 *   html?: string,
 * }} Change
 */

export class Changes {
  #timer = 0;
  /** @type {Promise<boolean> | null} */
  #asking = null;
  /** @type {Promise<boolean> | null} what was asked before the line went: its answer says nothing of now */
  #before = null;
  /** @type {Promise<boolean> | null} */
  #bringing = null;
  /** @type {Change[]} what the stream told and this page has not brought yet */
  #rung = [];
  /** @type {number} the timer until all that was told at once has been heard, or this page may ask again */
  #waiting = 0;
  #pace = new Pace();

  /**
   * @param {string} address
   * @param {number} head the number up to which the page is drawn
   * @param {{
   *   news: (changes: Change[]) => Promise<boolean>, asks: (changes: Change[]) => boolean,
   *   reset: () => Promise<number>, reached: () => void, lost: () => void, refused: (status: number) => void,
   * }} page `news` says whether it had to ask for rows, `asks` whether it would have to; `reset` draws everything
   *   anew and gives the number it drew
   */
  constructor(address, head, page) {
    this.address = address;
    this.head = head;
    this.page = page;
    this.live = false;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.poll());
    window.addEventListener("online", () => this.poll());
    window.addEventListener("offline", () => {
      this.#before = this.#asking;
      this.page.lost();
    });
    this.#again();
  }

  stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#waiting);
    this.stopped = true;
  }

  /** @returns {Promise<boolean>} whether the server answered, and the page is up to date */
  poll() {
    if (this.#asking && this.#asking === this.#before) {
      return this.#asking.then(() => this.poll());
    }
    this.#asking ??= Promise.resolve(this.#bringing)
      .then(() => this.#ask())
      .finally(() => {
        this.#asking = null;
        this.#again();
        this.#answer();
      });
    return this.#asking;
  }

  /**
   * The stream came or went: without it this page asks by itself, at once and then again and again.
   * @param {boolean} live
   */
  connected(live) {
    this.live = live;
    if (!this.stopped) {
      this.poll();
    }
  }

  /** @param {Change} change told by the stream; brought at once, or soon with those that came just after */
  ring(change) {
    this.#rung.push(change);
    this.#answerIn(0);
  }

  /** @param {number} head the server's: where this page stands elsewhere, it missed something */
  compare(head) {
    // What is being brought, or waits for it, is not missed.
    if (head !== this.head && !this.#bringing && !this.#rung.length && !this.stopped) {
      this.poll();
    }
  }

  #answer() {
    this.#rung = this.#rung.filter(({ seq }) => seq > this.head);
    const busy = this.#asking || this.#bringing || this.#waiting || this.stopped;
    if (busy || !this.#rung.length) {
      return;
    }
    const wait = this.#pace.wait(0);
    if (wait && this.page.asks(this.#rung)) {
      this.#answerIn(wait);
      return;
    }
    const told = this.#rung.splice(0);
    if (told.some(({ seq }, at) => seq !== this.head + 1 + at)) {
      this.poll();
      return;
    }
    this.#bringing = this.#bring(told);
  }

  /** @param {number} milliseconds */
  #answerIn(milliseconds) {
    this.#waiting ||= setTimeout(() => {
      this.#waiting = 0;
      this.#answer();
    }, milliseconds);
  }

  async #bring(changes) {
    const began = performance.now();
    let asked = true;
    try {
      return await this.#reaching(async () => {
        asked = await this.#apply({ changes, head: changes.at(-1).seq });
        return true;
      });
    } finally {
      this.#bringing = null;
      if (asked) {
        this.#pace.asked(began, BREATH);
      }
      this.#answer();
    }
  }

  #again() {
    clearTimeout(this.#timer);
    if (!this.stopped && !this.live) {
      this.#timer = setTimeout(() => this.poll(), document.hidden ? HIDDEN : SHOWN);
    }
  }

  #ask() {
    return this.#reaching(async () => {
      const { status, told } = await ask(`${this.address}?after=${this.head}`);
      if (status === 200) {
        await this.#apply(told);
      }
      if (status < 300) {
        this.page.reached();
      } else if (status < 500) {
        this.page.refused(status);
      } else {
        this.page.lost();
      }
      return status < 300;
    });
  }

  async #reaching(act) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      this.page.lost();
      return false;
    }
  }

  /** @returns {Promise<boolean>} whether more had to be asked for */
  async #apply(told) {
    if (told.reset) {
      this.head = await this.page.reset();
      return true;
    }
    const asked = await this.page.news(told.changes);
    this.head = told.head;
    return asked;
  }
}
