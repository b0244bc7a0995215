/**
 * Keeps unsent edits over a reload: in this tab's own storage, edits only, tagged with their author.
 *
 * They go when they are saved, at sign-out, and with the tab: nothing stays on a shared computer.
 */

const PREFIX = "icm-unsent-";

/** @typedef {import("./queue.js").Edit} Edit */

export class Unsent {
  #team;
  #key;

  /**
   * @param {string} team
   * @param {string} me the id of the person who is signed in
   */
  constructor(team, me) {
    this.#team = `${PREFIX}${team}-`;
    this.#key = this.#team + me;
  }

  /** @returns {Edit[]} mine, the oldest first */
  load() {
    return JSON.parse(sessionStorage.getItem(this.#key) ?? "[]").map(again);
  }

  /** @returns {number} how many edits other people left in this tab; their content stays unread */
  get others() {
    const left = keys(this.#team).filter((key) => key !== this.#key);
    return left.reduce((sum, key) => sum + JSON.parse(sessionStorage.getItem(key)).length, 0);
  }

  /** @param {Edit[]} edits */
  keep(edits) {
    if (edits.length) {
      sessionStorage.setItem(this.#key, JSON.stringify(edits));
    } else {
      sessionStorage.removeItem(this.#key);
    }
  }

  /** Signing out ends it for all teams. */
  static forget() {
    for (const key of keys(PREFIX)) {
      sessionStorage.removeItem(key);
    }
  }
}

function keys(start) {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(start));
}

// What was under way or asked something is sent again under its number: the server knows if it did it.
function again(edit) {
  const state = { parked: "parked", queued: "queued" }[edit.state] ?? "waiting";
  return { ...edit, state, due: 0, acts: -1 };
}
