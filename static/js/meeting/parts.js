/** Brings the parts of the meeting's page anew: the step in hand, the list, the clock; and the ideas beside it. */

import { element } from "../lib/fragment.js";
import { ask, reached } from "../lib/http.js";
import { Pace } from "../lib/pace.js";
import { swap } from "../lib/swap.js";

// What comes within this time is brought together.
const SOON = 120;

export class Parts {
  #timer = 0;
  #pace = new Pace();
  /** @type {Map<string, string>} ideas by their address: they do not change during a meeting */
  #ideas = new Map();

  /**
   * @param {HTMLElement} root
   * @param {{row: () => string, put: () => void, ended: () => void}} page the row in hand; told of new parts
   */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.drawn = new Map(
      [...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part.outerHTML]),
    );
  }

  /** Fetches them in a moment, with all that comes until then. */
  soon() {
    this.#timer ||= setTimeout(() => this.fetch(), this.#pace.wait(SOON));
  }

  /** @returns {Promise<boolean>} whether they came, for the row that is in hand by then */
  async fetch() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const row = this.page.row();
    const query = new URLSearchParams({ row, entry: this.root.dataset.entry });
    const began = performance.now();
    const answer = await reached(ask(`${this.root.dataset.agendaUrl}?${query}`));
    this.#pace.asked(began);
    if (answer?.status === 204) {
      this.page.ended();
    }
    if (answer?.status !== 200 || row !== this.page.row()) {
      return false;
    }
    for (const part of [...element(answer.text).children]) {
      this.#put(part);
    }
    this.page.put();
    return true;
  }

  #put(part) {
    const { part: name } = part.dataset;
    const drawn = part.outerHTML;
    if (drawn !== this.drawn.get(name)) {
      this.drawn.set(name, drawn);
      swap(this.root.querySelector(`[data-part=${name}]`), part);
    }
  }

  /** Forgets how a part was drawn, because this page has changed it by itself. */
  touched(name) {
    this.drawn.delete(name);
  }

  /**
   * Shows the question of the stage and the ideas for the need.
   * @param {string} need
   * @param {string} stage
   */
  async ideas(need, stage) {
    const box = this.root.querySelector("[data-in-meeting]");
    const query = new URLSearchParams({ need, stage });
    const address = `${this.root.dataset.ideasUrl}?${query}`;
    if (box.dataset.address === address) {
      return;
    }
    box.dataset.address = address;
    const html = this.#ideas.get(address) ?? (await textOf(address));
    if (html && box.dataset.address === address) {
      this.#ideas.set(address, html);
      box.replaceChildren(element(html));
    } else if (!html) {
      delete box.dataset.address;
    }
  }
}

async function textOf(address) {
  const answer = await reached(ask(address));
  return answer?.status === 200 ? answer.text : "";
}
