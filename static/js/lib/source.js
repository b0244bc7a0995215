/**
 * Reads the server's stream for one browser: opens it with the cursor, goes on where it was cut, tries again.
 *
 * Which tab does this, and who is told, is stream.js's to say.
 */

import { backoff } from "./backoff.js";

const KINDS = ["hello", "change", "presence", "meeting", "heartbeat"];
// After a restart all browsers come back, and not in the same moment.
const SPREAD = 5000;
// The wishes of tabs that open together become one request.
const GATHER = 50;

export class Source {
  /** @type {EventSource | null} */
  #events = null;
  /** @type {Map<number, number>} team → the number from which the stream goes on */
  #cursor = new Map();
  /** @type {Map<number, string>} team → the page of it to which rows come with their change, as the log numbers it */
  #pages = new Map();
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
   * @param {string} [entry] the number under which the log has this page
   */
  follow(heads, entry) {
    for (const [team, head] of heads) {
      if (entry) {
        this.#pages.set(team, entry);
      }
      if (!this.#cursor.has(team)) {
        this.#cursor.set(team, head);
      }
    }
    this.#again(GATHER);
  }

  /** @param {number} team nobody here follows any more */
  leave(team) {
    this.#cursor.delete(team);
    this.#pages.delete(team);
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
    const pages = [...this.#pages.values()];
    this.#events = new EventSource(
      `/live/?teams=${teams}&after=${after}&pages=${pages}&drawn_for=${this.me}`,
    );
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
    for (const team of told.teams) {
      this.leave(team);
    }
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
