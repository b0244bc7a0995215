/**
 * <live-figures data-me data-heads="4:120,7:33">: the Summary, fetched again while its teams' trackers change.
 *
 * The server counts; this only puts the parts of its page that differ in the place of the old ones.
 */

import { backoff } from "../lib/backoff.js";
import { page } from "../lib/fragment.js";
import { ask, reached } from "../lib/http.js";
import { Stream } from "../lib/stream.js";
import { swap } from "../lib/swap.js";

// Figures that moved more often could not be read.
const AT_MOST_EVERY = 2000;
const WITHOUT_STREAM = 15000;
// Figures of a large locality take their time; asking anew meanwhile would only add to it.
const PAGE_SECONDS = 60;

class LiveFigures extends HTMLElement {
  #timer = 0;
  #looking = 0;
  #fetched = 0;
  #failures = 0;
  #asking = false;
  #more = false;

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

  /** One answer at a time: what changes while it is on its way is fetched after it. */
  #soon() {
    if (this.#asking) {
      this.#more = true;
    } else if (!this.#timer) {
      const pause = this.#failures ? backoff(this.#failures) : AT_MOST_EVERY;
      const wait = Math.max(0, this.#fetched + pause - Date.now());
      this.#timer = setTimeout(() => this.#fetch(), wait);
    }
  }

  async #fetch() {
    this.#timer = 0;
    this.#asking = true;
    this.#more = false;
    const came = await this.#asked();
    this.#asking = false;
    this.#fetched = Date.now();
    this.#failures = came ? 0 : this.#failures + 1;
    if (this.#more || !came) {
      this.#soon();
    }
  }

  /** @returns {Promise<boolean>} whether an answer came; without one the figures that stand here stay */
  async #asked() {
    const answer = await reached(ask(location.href, PAGE_SECONDS));
    const came = answer?.status < 500;
    if (answer?.status === 200) {
      this.#put(page(answer.text).querySelector("live-figures"));
    } else if (came) {
      this.stream.stop();
      clearInterval(this.#looking);
    }
    return came;
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
