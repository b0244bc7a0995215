/**
 * Reads the server's stream for one browser: opens it with the cursor, goes on where it was cut, tries again.
 *
 * Which tab does this, and who is told, is stream.js's to say.
 */

import { backoff } from "./backoff.js";

const KINDS = ["hello", "change", "presence", "meeting", "heartbeat"];
// After a restart all browsers come back, and not in the same moment.
const SPREAD = 5000;
// The server looks no more of them up; a tab that crashed may still be among the first.
const MOST_PAGES = 20;
// The wishes of tabs that open together become one request.
const GATHER = 50;

export class Source {
  /** @type {EventSource | null} */
  #events = null;
  /** @type {Map<number, number>} team → the number from which the stream goes on */
  #cursor = new Map();
  /** @type {string[]} the pages to which rows come with their change, as the log numbers them */
  #pages = [];
  #failures = 0;
  #timer = 0;

  /**
   * @param {string} me the person whose stream it is: nobody else's is opened
   * @param {(kind: string, told: object) => void} tell is also told "down" when the stream is cut
   */
  constructor(me, tell) {
    this.me = me;
    this.tell = tell;
  }

  /**
   * Opens the stream anew, so that it says hello to whoever has joined.
   * @param {Map<number, number>} heads team → number up to which its page is drawn
   * @param {string[]} pages
   */
  follow(heads, pages) {
    this.#pages = pages;
    for (const [team, head] of heads) {
      if (!this.#cursor.has(team)) {
        this.#cursor.set(team, head);
      }
    }
    this.#again(GATHER);
  }

  /**
   * @param {number[]} teams nobody here follows them any more
   * @param {string[]} pages those that are left
   */
  leave(teams, pages) {
    for (const team of teams) {
      this.#cursor.delete(team);
    }
    this.#pages = pages;
  }

  close() {
    clearTimeout(this.#timer);
    this.#events?.close();
    this.#events = null;
  }

  #again(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), milliseconds);
  }

  #open() {
    this.close();
    if (!this.#cursor.size) {
      return;
    }
    const teams = [...this.#cursor.keys()].join(",");
    const after = [...this.#cursor].map(([team, number]) => `${team}:${number}`).join(",");
    const drawn = `pages=${this.#pages.slice(-MOST_PAGES).join(",")}&drawn_for=${this.me}`;
    this.#events = new EventSource(`/live/?teams=${teams}&after=${after}&${drawn}`);
    for (const kind of KINDS) {
      this.#events.addEventListener(kind, ({ data }) => this.#heard(kind, JSON.parse(data)));
    }
    this.#events.addEventListener("bye", ({ data }) => this.#bye(JSON.parse(data)));
    this.#events.addEventListener("error", () => this.#failed());
  }

  #heard(kind, told) {
    this.#failures = 0;
    if (kind === "change") {
      this.#cursor.set(told.team, told.seq);
    }
    this.tell(kind, told);
  }

  #bye(told) {
    this.close();
    this.leave(told.teams, this.#pages);
    this.tell("down", told);
    this.#failures += 1;
    this.#again(
      told.reason === "restarting" ? Math.random() * SPREAD : backoff(this.#failures + 2),
    );
  }

  #failed() {
    this.close();
    this.#failures += 1;
    this.tell("down", { reason: "lost", teams: [] });
    this.#again(backoff(this.#failures));
  }
}
