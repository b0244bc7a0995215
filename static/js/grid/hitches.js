/** Counts what went wrong on this page, for the officers' weeks: numbers, and nothing of any case. */

import { reached, send } from "../lib/http.js";

export class Hitches {
  #counts = { parked: 0, reconnects: 0, offline: 0 };
  #since = 0;

  /** @param {string} address */
  constructor(address) {
    this.address = address;
    document.addEventListener("icm:edits", ({ detail }) => this.#look(detail.offline));
    document.addEventListener("icm:parked", () => this.#count({ parked: 1 }));
  }

  #look(offline) {
    if (offline) {
      this.#since ||= Date.now();
    } else if (this.#since) {
      const seconds = Math.round((Date.now() - this.#since) / 1000);
      this.#since = 0;
      this.#count({ reconnects: 1, offline: seconds });
    }
  }

  async #count(more) {
    for (const [name, number] of Object.entries(more)) {
      this.#counts[name] += number;
    }
    const told = { ...this.#counts };
    const answer = await reached(send(this.address, told));
    // What did not arrive is in the next report; what is no page's count (422) will not become one.
    if (answer?.status === 204 || answer?.status === 422) {
      for (const name of Object.keys(told)) {
        this.#counts[name] -= told[name];
      }
    }
  }
}
