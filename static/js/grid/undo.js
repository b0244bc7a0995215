/** Taking back and doing again one's own acts: the server keeps the steps, the buttons name the next ones. */

import { ask, reached, send, Unreachable } from "../lib/http.js";
import { notice } from "./notices.js";

const WORDS = { undo: "Undo", redo: "Redo" };

/** @typedef {{op: string, name: string} | null} Step */

export class Undo {
  /** @type {{undo: Step, redo: Step}} */
  #steps = { undo: null, redo: null };
  #learnt = false;
  #busy = false;
  /** @type {("undo" | "redo")[]} pressed while a step was on its way */
  #waiting = [];

  /**
   * @param {HTMLElement} place with the two buttons and the addresses
   * @param {HTMLElement} tray
   * @param {{
   *   tab: string, say: (text: string) => void, quiet: () => Promise<void>, outdated: () => void,
   *   acts: () => number, done: (rows: number[], seq: number, untouched: () => boolean) => Promise<void>,
   * }} page `quiet` waits for what is on its way; `acts` counts keys and presses; `done` brings the rows that a
   *   step changed, and the hands there if they were `untouched` since
   */
  constructor(place, tray, page) {
    this.place = place;
    this.tray = tray;
    this.page = page;
    for (const which of Object.keys(WORDS)) {
      this.#button(which)?.addEventListener("click", () => this.step(which));
    }
    place.hidden = false;
  }

  /** Learns the steps of this tab from before the page was loaded. */
  async start() {
    const answer = await reached(ask(`${this.place.dataset.undoUrl}?tab=${this.page.tab}`));
    if (answer?.status === 200 && !this.#learnt) {
      this.#named(answer.told);
    }
  }

  /**
   * Something was done: it is the next step back, and nothing can be done again.
   * @param {string} op
   * @param {string} name
   */
  acted(op, name) {
    this.#named({ undo: { op, name }, redo: null });
  }

  /**
   * One pressed while another is on its way follows it; a key that is held down waits for nothing.
   * @param {"undo" | "redo"} which
   * @param {boolean} [held]
   */
  async step(which, held = false) {
    if (this.#busy && held) {
      return;
    }
    this.#waiting.push(which);
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    try {
      await this.#all();
    } finally {
      this.#waiting = [];
      this.#busy = false;
    }
  }

  async #all() {
    let taken = true;
    while (taken && this.#waiting.length) {
      const which = this.#waiting.shift();
      try {
        await this.page.quiet();
        taken = await this.#go(which);
      } catch (error) {
        if (!(error instanceof Unreachable)) {
          throw error;
        }
        taken = false;
        this.#tell(
          `${WORDS[which]} needs the server, and it cannot be reached now. Nothing was changed.`,
        );
      }
    }
  }

  /** @returns {Promise<boolean>} whether the step was taken */
  async #go(which) {
    const step = this.#steps[which];
    if (!step) {
      this.page.say(`There is nothing to ${which}`);
      return false;
    }
    this.tray.querySelector('[data-notice="step"]')?.remove();
    const { tab } = this.page;
    const acts = this.page.acts();
    const address = this.place.dataset[`${which}Url`];
    const fields = { op: crypto.randomUUID(), tab, step: step.op };
    const { status, told } = await this.#send(address, fields);
    if ("undo" in told) {
      this.#named(told);
    }
    if (status !== 200) {
      this.#tell(told.message ?? `${WORDS[which]} did not work. Reload the page.`, told.history);
      return false;
    }
    await this.page.done(told.rows, told.seq, () => acts === this.page.acts());
    this.page.say(`${which === "undo" ? "Undone" : "Done again"}: ${told.done || step.name}`);
    if (told.columns) {
      this.page.outdated();
    }
    return true;
  }

  // The number of the step lets an answer that got lost be asked for again.
  async #send(address, fields) {
    return (await reached(send(address, fields))) ?? send(address, fields);
  }

  #named({ undo, redo }) {
    this.#learnt = true;
    this.#steps = { undo, redo };
    for (const [which, step] of Object.entries(this.#steps)) {
      const button = this.#button(which);
      if (button) {
        const words = step ? `${WORDS[which]}: ${step.name}` : WORDS[which];
        button.disabled = !step;
        button.title = words;
        button.querySelector("[data-words]").textContent = words;
      }
    }
  }

  #button(which) {
    return this.place.querySelector(`[data-step="${which}"]`);
  }

  #tell(words, history = "") {
    const show = history
      ? { "Show history": () => window.open(history, "_blank", "noopener") }
      : {};
    notice(this.tray, "step", words, { ...show, Close: () => {} });
  }
}
