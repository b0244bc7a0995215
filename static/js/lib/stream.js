/**
 * What happens on the server, while it happens: one stream for all tabs that a person has open in this browser.
 *
 * The tab that holds the lock reads it and hands each message on. Where there are no locks (plain http), each
 * tab reads a stream of its own while somebody looks at it.
 */

import { Source } from "./source.js";

// The server speaks every 4 seconds; a line that is silent for longer is taken for lost.
const SILENCE = 6000;

export class Stream {
  #tab = crypto.randomUUID();
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** @type {Source | null} only in the tab that reads */
  #source = null;
  /** @type {Map<string, [number, number][]>} tab → its teams with their numbers */
  #wishes = new Map();
  #timer = 0;
  #release = () => {};

  /**
   * @param {string} me the person: nobody else's tabs share the stream
   * @param {{
   *   heads: () => Map<number, number>, heard: (kind: string, told: any) => void,
   *   connected: (live: boolean) => void, entry?: string,
   * }} page `heads` are its teams, each with the number up to which it is drawn; `entry` is the number under which
   *   the log has this page, where rows are to come with their change
   */
  constructor(me, page) {
    this.me = me;
    this.name = `icm-live-${me}`;
    this.page = page;
    this.live = false;
  }

  start() {
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#join());
    this.#join();
  }

  /** This page follows nothing any more. */
  stop() {
    this.stopped = true;
    this.#leave();
  }

  #join() {
    if (this.stopped) {
      return;
    }
    this.#channel = new BroadcastChannel(this.name);
    this.#channel.onmessage = ({ data }) => this.#received(data);
    this.#wish();
    if (navigator.locks) {
      this.#queue();
    } else {
      this.#whileVisible();
    }
  }

  // The lock is given to one tab at a time; the next one gets it when that tab has gone.
  async #queue() {
    const ended = new AbortController();
    const held = new Promise((release) => {
      this.#release = () => {
        ended.abort();
        release();
      };
    });
    try {
      await navigator.locks.request(this.name, { signal: ended.signal }, () => {
        this.#lead();
        return held;
      });
    } catch (error) {
      if (error.name !== "AbortError") {
        throw error;
      }
    }
  }

  #whileVisible() {
    const look = () => (document.hidden ? this.#source?.close() : this.#lead());
    document.addEventListener("visibilitychange", look);
    this.#release = () => document.removeEventListener("visibilitychange", look);
    look();
  }

  #lead() {
    this.#source ??= new Source(this.me, (kind, told) => this.#tell(kind, told));
    this.#wishes.set(this.#tab, [...this.page.heads()]);
    this.#source.follow(this.page.heads(), this.page.entry);
    this.#post({ what: "who" });
  }

  #leave() {
    clearTimeout(this.#timer);
    this.#post({ what: "left", tab: this.#tab });
    this.#source?.close();
    this.#source = null;
    this.#release();
    this.#channel?.close();
    this.#channel = null;
    this.live = false;
  }

  #wish() {
    this.#post({
      what: "wish",
      tab: this.#tab,
      heads: [...this.page.heads()],
      entry: this.page.entry,
    });
  }

  #received(message) {
    if (message.what === "told") {
      this.#heard(message.kind, message.told);
    } else if (message.what === "who") {
      this.#wish();
    } else if (this.#source && message.what === "wish") {
      this.#wishes.set(message.tab, message.heads);
      this.#source.follow(new Map(message.heads), message.entry);
    } else if (this.#source && message.what === "left") {
      this.#left(message.tab);
    }
  }

  #left(tab) {
    const teams = new Map(this.#wishes.get(tab));
    this.#wishes.delete(tab);
    const wished = new Map([...this.#wishes.values()].flat());
    for (const team of teams.keys()) {
      if (!wished.has(team)) {
        this.#source.leave(team);
      }
    }
  }

  #tell(kind, told) {
    this.#post({ what: "told", kind, told });
    this.#heard(kind, told);
  }

  #heard(kind, told) {
    clearTimeout(this.#timer);
    if (kind === "down") {
      this.#connected(false);
      return;
    }
    this.#timer = setTimeout(() => this.#connected(false), SILENCE);
    this.#connected(true);
    this.page.heard(kind, told);
  }

  #connected(live) {
    if (live !== this.live) {
      this.live = live;
      this.page.connected(live);
    }
  }

  #post(message) {
    this.#channel?.postMessage(message);
  }
}
