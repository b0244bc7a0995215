/**
 * Sends what became of cases, in order and until each has its answer. What is not sent stays in this tab over a
 * reload: numbers and results only.
 */

import { backoff } from "../lib/backoff.js";
import { reached, send } from "../lib/http.js";

/** @typedef {{row: number, facts: Record<string, string>}} Mark */

export class Marks {
  #going = false;
  #failures = 0;

  /**
   * @param {string} meeting
   * @param {{sent: () => void, refused: (message: string) => void}} page
   */
  constructor(meeting, page) {
    this.key = `icm-marks-${meeting}`;
    this.page = page;
    /** @type {Mark[]} */
    this.marks = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    window.addEventListener("online", () => this.#pump());
    this.#pump();
  }

  /**
   * @param {number} row any of the step
   * @param {Record<string, string>} facts `result`, `last_action`, or both
   */
  add(row, facts) {
    this.marks.push({ row, facts });
    this.#keep();
    this.#pump();
  }

  async #pump() {
    if (this.#going || !this.marks.length) {
      return;
    }
    this.#going = true;
    const [{ row, facts }] = this.marks;
    const answer = await reached(send(`rows/${row}/`, facts));
    this.#going = false;
    if (!answer || answer.status >= 500 || answer.status === 401) {
      this.#failures += 1;
      setTimeout(() => this.#pump(), backoff(this.#failures));
      return;
    }
    this.#failures = 0;
    this.marks.shift();
    this.#keep();
    if (answer.status === 200) {
      this.page.sent();
    } else {
      this.page.refused(answer.told.message ?? "This was not noted.");
    }
    this.#pump();
  }

  #keep() {
    if (this.marks.length) {
      sessionStorage.setItem(this.key, JSON.stringify(this.marks));
    } else {
      sessionStorage.removeItem(this.key);
    }
  }
}
