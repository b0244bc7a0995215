/**
 * <live-figures data-me data-heads="4:120,7:33">: the Summary, fetched again while its teams' trackers change.
 *
 * The server counts; this only puts the parts of its page that differ in the place of the old ones.
 */

import { page } from "../lib/fragment.js";
import { ask, Unreachable } from "../lib/http.js";
import { Stream } from "../lib/stream.js";
import { swap } from "../lib/swap.js";

// Figures that moved more often could not be read.
const AT_MOST_EVERY = 2000;
const WITHOUT_STREAM = 15000;

class LiveFigures extends HTMLElement {
  #timer = 0;
  #looking = 0;
  #fetched = 0;

  connectedCallback() {
    const pairs = this.dataset.heads.split(",").map((pair) => pair.split(":").map(Number));
    /** @type {Map<number, number>} team → number up to which the figures are counted */
    this.heads = new Map(/** @type {[number, number][]} */ (pairs));
    /** @type {string[]} the parts as the server drew them, before any chart was drawn in them */
    this.drawn = [...this.children].map(({ outerHTML }) => outerHTML);
    this.stream = new Stream(this.dataset.me, {
      heads: () => this.heads,
      heard: (kind, told) => this.#heard(kind, told),
      connected: (live) => this.#connected(live),
    });
    this.stream.start();
    this.#connected(false);
  }

  #heard(kind, told) {
    if (kind === "change") {
      this.#compare(told.team, told.seq);
    }
    for (const [team, head] of Object.entries(told.heads ?? {})) {
      this.#compare(Number(team), head);
    }
  }

  #compare(team, head) {
    if (this.heads.get(team) < head) {
      this.heads.set(team, head);
      this.#soon();
    }
  }

  #connected(live) {
    clearInterval(this.#looking);
    if (!live) {
      this.#looking = setInterval(() => document.hidden || this.#soon(), WITHOUT_STREAM);
    }
  }

  #soon() {
    if (!this.#timer) {
      const wait = Math.max(0, this.#fetched + AT_MOST_EVERY - Date.now());
      this.#timer = setTimeout(() => this.#fetch(), wait);
    }
  }

  async #fetch() {
    this.#fetched = Date.now();
    this.#timer = 0;
    try {
      const { status, text } = await ask(location.href);
      if (status === 200) {
        this.#put(page(text).querySelector("live-figures"));
      } else if (status < 500) {
        this.stream.stop();
        clearInterval(this.#looking);
      }
    } catch (error) {
      // The figures that stand here stay; the stream, or the next look, brings newer ones.
      if (!(error instanceof Unreachable)) {
        throw error;
      }
    }
  }

  #put(fresh) {
    const parts = [...fresh.children];
    const drawn = parts.map(({ outerHTML }) => outerHTML);
    const old = [...this.children];
    if (parts.length !== old.length) {
      this.replaceChildren(...parts);
    } else {
      parts.forEach((part, at) => {
        if (drawn[at] !== this.drawn[at]) {
          swap(old[at], part);
        }
      });
    }
    this.drawn = drawn;
  }
}

customElements.define("live-figures", LiveFigures);
