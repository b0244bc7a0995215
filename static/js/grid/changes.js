/** Asks what happened after the last number this page has seen: often, seldom when nobody looks. */

import { ask, Unreachable } from "../lib/http.js";

const SHOWN = 5000;
const HIDDEN = 30000;

/** @typedef {{seq: number, row: number, kind: string, field: string, row_rev: number, by: string}} Change */

export class Changes {
  #timer = 0;
  /** @type {Promise<boolean> | null} */
  #asking = null;

  /**
   * @param {string} address
   * @param {number} head the number up to which the page is drawn
   * @param {{
   *   news: (changes: Change[]) => Promise<void>, reset: () => Promise<number>,
   *   reached: () => void, lost: () => void, refused: (status: number) => void,
   * }} page `reset` draws everything anew and gives the number it drew
   */
  constructor(address, head, page) {
    this.address = address;
    this.head = head;
    this.page = page;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.poll());
    window.addEventListener("online", () => this.poll());
    window.addEventListener("offline", () => this.page.lost());
    this.#again();
  }

  stop() {
    clearTimeout(this.#timer);
    this.stopped = true;
  }

  /** @returns {Promise<boolean>} whether the server answered, and the page is up to date */
  poll() {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
      this.#again();
    });
    return this.#asking;
  }

  #again() {
    clearTimeout(this.#timer);
    if (!this.stopped) {
      this.#timer = setTimeout(() => this.poll(), document.hidden ? HIDDEN : SHOWN);
    }
  }

  async #ask() {
    try {
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
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      this.page.lost();
      return false;
    }
  }

  async #apply(told) {
    if (told.reset) {
      this.head = await this.page.reset();
    } else {
      await this.page.news(told.changes);
      this.head = told.head;
    }
  }
}
