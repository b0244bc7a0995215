/** Joins the tracker's page to the stream: what changed, who else is here, and where this person is. */

import { reached } from "../lib/http.js";
import { Stream } from "../lib/stream.js";
import { Present } from "./present.js";
import { Whereabouts } from "./whereabouts.js";

export class Live {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./changes.js").Changes} changes
   * @param {import("../lib/people.js").People} people
   * @param {{team: string, me: string, entry: string, presenceUrl: string, meeting?: string}} facts
   * @param {{
   *   tab: string, cell: () => HTMLElement | null, typing: () => HTMLElement | null,
   *   connected: () => void, met: () => void,
   * }} page the cell on which the person is, the one with an editor; told when the stream came or went, and
   *   when the list of the team's meeting is another one
   */
  constructor(cells, changes, people, { team, me, entry, presenceUrl, meeting }, page) {
    this.team = Number(team);
    this.me = Number(me);
    this.changes = changes;
    this.page = page;
    this.present = new Present(document.querySelector("[data-present]"), cells, people);
    const screen = meeting ? "meeting" : "tracker";
    this.whereabouts = new Whereabouts(presenceUrl, { tab: page.tab, screen }, page);
    this.stream = new Stream(me, {
      heads: () => new Map([[this.team, changes.head]]),
      entry,
      heard: (kind, told) => this.#heard(kind, told),
      connected: (live) => this.#connected(live),
    });
  }

  start() {
    this.stream.start();
  }

  stop() {
    this.stream.stop();
    this.present.forget();
  }

  async #heard(kind, told) {
    if (kind === "change" && told.team === this.team) {
      this.changes.ring(told);
    } else if (kind === "presence" && told.team === this.team && !this.#mine(told)) {
      // Without an answer nobody knows their name; they report again.
      await reached(this.present.heard(told));
    } else if (kind === "meeting" && told.team === this.team) {
      this.page.met();
    } else if (told.heads?.[this.team] !== undefined) {
      this.changes.compare(told.heads[this.team]);
    }
  }

  // Who sees the page as somebody else is there under their own number.
  #mine({ person, tab }) {
    return person === this.me || tab === this.page.tab;
  }

  #connected(live) {
    this.changes.connected(live);
    if (live) {
      this.whereabouts.again();
    } else {
      this.present.forget();
    }
    this.page.connected();
  }
}
