/**
 * Keeps unsent edits over a reload: in this tab's own storage, edits only, tagged with their author.
 *
 * They go when they are saved, at sign-out, and with the tab: nothing stays on a shared computer.
 */

const PREFIX = "icm-unsent-";
const WHO = "icm-who-";

/** @typedef {import("./queue.js").Edit} Edit */

export class Unsent {
  #me;
  #key;

  /**
   * @param {string} team
   * @param {string} me the id of the person who is signed in
   * @param {string} initials theirs: whoever comes next is told whose edits are here, and nothing of them
   */
  constructor(team, me, initials) {
    this.#me = me;
    this.#key = `${PREFIX}${team}-${me}`;
    sessionStorage.setItem(WHO + me, initials);
  }

  /** @returns {Edit[]} mine, the oldest first */
  load() {
    return JSON.parse(sessionStorage.getItem(this.#key) ?? "[]").map(again);
  }

  /**
   * @param {boolean} mine whether those of the person who is signed in count too
   * @returns {string[]} "AN has 2 unsent edits on this computer." for each who left some; content stays unread
   */
  left(mine) {
    const edits = new Map();
    for (const key of keys(PREFIX)) {
      const person = key.split("-").at(-1);
      if (mine || person !== this.#me) {
        const number = JSON.parse(sessionStorage.getItem(key)).length;
        edits.set(person, (edits.get(person) ?? 0) + number);
      }
    }
    return [...edits].map(([person, number]) => told(person, number));
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
    for (const key of [...keys(PREFIX), ...keys(WHO)]) {
      sessionStorage.removeItem(key);
    }
  }
}

function told(person, number) {
  const who = sessionStorage.getItem(WHO + person) || "Somebody";
  const edits = number === 1 ? "1 unsent edit" : `${number} unsent edits`;
  return `${who} has ${edits} on this computer. Nobody else sees or sends ${number === 1 ? "it" : "them"}.`;
}

function keys(start) {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(start));
}

// What was under way or asked something is sent again under its number: the server knows if it did it.
function again(edit) {
  const state = { parked: "parked", queued: "queued" }[edit.state] ?? "waiting";
  return { ...edit, state, due: 0, acts: -1 };
}
