/**
 * Sends edits until each has its answer: saved, or a decision that its author must make.
 *
 * An edit whose answer did not come goes again under the same number, so that it is applied once at most.
 */

import { backoff } from "../lib/backoff.js";
import { OTHER_PERSON, send, Unreachable } from "../lib/http.js";
import { Queue } from "./queue.js";

const ROWS_AT_ONCE = 4;

/** @typedef {import("./queue.js").Edit} Edit */
/** @typedef {import("../lib/http.js").Answer} Answer */

export class Outbox {
  /**
   * @param {{
   *   store: import("./unsent.js").Unsent, tab: string,
   *   sure: () => boolean, mayGo: () => Promise<boolean>, saved: (edit: Edit, answer: Answer) => void,
   *   refused: (edit: Edit, answer: Answer) => void, changed: () => void, signedOut: () => void,
   * }} page `sure` is false when somebody has signed in since; `mayGo` asks the
   *   server whether the same person may write, and brings the others' changes first
   */
  constructor(page) {
    this.page = page;
    this.queue = new Queue(page.store.load());
    this.offline = false;
    this.stopped = false;
    this.catchingUp = this.queue.underWay.length > 0;
    this.failures = 0;
    this.timer = 0;
  }

  /** @param {Edit} edit */
  commit(edit) {
    this.queue.add(edit);
    this.#changed();
    this.retry();
  }

  /** @param {Edit} edit */
  drop(edit) {
    this.queue.remove(edit);
    this.#changed();
  }

  /** Tells the page and the tab's storage that something about the edits has changed. */
  touch() {
    this.#changed();
  }

  /** Sends what may go; where the server was out of reach, looks first whether it is back. */
  async retry() {
    if (this.stopped) {
      return;
    }
    if (this.offline || this.catchingUp || !this.page.sure()) {
      if (this.looking) {
        return;
      }
      this.looking = true;
      const there = await this.page.mayGo();
      this.looking = false;
      if (this.stopped) {
        return;
      }
      if (!there) {
        this.#fails();
        return;
      }
      this.offline = false;
      this.failures = 0;
    }
    this.#pump();
  }

  /** Nothing goes any more until `resume`. */
  stop() {
    this.stopped = true;
    this.#changed();
  }

  /** The same person is back. */
  resume() {
    this.stopped = false;
    this.catchingUp = true;
    this.retry();
  }

  /** The server cannot be reached: said by whoever noticed first. */
  lost() {
    if (!this.offline) {
      this.#fails();
    }
  }

  #pump() {
    const lanes = this.catchingUp ? 1 : ROWS_AT_ONCE;
    for (const edit of this.queue.next(lanes, Date.now())) {
      this.#go(edit);
    }
    if (!this.queue.underWay.length) {
      this.catchingUp = false;
    }
    // What a busy server has put off goes when it said, whatever is typed meanwhile.
    const putOff = this.queue.underWay.filter(({ due }) => due > Date.now());
    if (putOff.length) {
      this.#later(Math.min(...putOff.map(({ due }) => due)) - Date.now());
    }
    this.#changed();
  }

  async #go(edit) {
    edit.state = "sending";
    edit.attempts += 1;
    try {
      this.#answered(edit, await send(`/rows/${edit.row}/cell/`, this.#fields(edit)));
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      edit.state = "waiting";
      this.#fails();
    }
  }

  #answered(edit, answer) {
    if (answer.status >= 500) {
      edit.state = "waiting";
      edit.due = Date.now() + Math.max(answer.after, backoff(edit.attempts));
      this.catchingUp = true;
      this.#pump();
      return;
    }
    if (answer.status === 401) {
      edit.state = "waiting";
      this.stop();
      this.page.signedOut();
      return;
    }
    if (answer.told.outcome === OTHER_PERSON) {
      edit.state = "waiting";
      this.stop();
      return;
    }
    if (answer.status === 200) {
      this.queue.remove(edit);
      this.page.saved(edit, answer);
    } else {
      this.page.refused(edit, answer);
    }
    this.#pump();
  }

  #fields({ field, value, base, op, ...edit }) {
    const { after_op = "", reason = "", outcome = "", meeting = "", also = "" } = edit;
    const { tab } = this.page;
    return { field, value, base: String(base), op, after_op, reason, outcome, meeting, also, tab };
  }

  #fails() {
    this.offline = true;
    this.catchingUp = true;
    this.failures += 1;
    this.#later(backoff(this.failures));
    this.#changed();
  }

  #later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), milliseconds);
  }

  #changed() {
    this.page.store.keep(this.queue.edits);
    this.page.changed();
  }
}
