/** <tracker-grid>: the tracker's table, edited in place. Wires the modules of grid/ to each other. */

import { Apply, clock } from "../grid/apply.js";
import { Cells } from "../grid/cells.js";
import { Changes } from "../grid/changes.js";
import { countRows } from "../grid/counts.js";
import { chooseDensity } from "../grid/density.js";
import { Edits } from "../grid/edits.js";
import { Follow } from "../grid/follow.js";
import { Hands } from "../grid/hands.js";
import { Keys } from "../grid/keys.js";
import { Live } from "../grid/live.js";
import { placeMenus } from "../grid/menus.js";
import { Move } from "../grid/move.js";
import { Unsent } from "../grid/unsent.js";
import { make } from "../lib/fragment.js";
import { Unreachable } from "../lib/http.js";
import { Me } from "../lib/me.js";
import { People } from "../lib/people.js";
import { Say } from "../lib/say.js";

const OTHER_PERSON =
  "Somebody else has signed in in this browser. Your unsent changes stay in this tab and are not sent.";

class TrackerGrid extends HTMLElement {
  connectedCallback() {
    this.cells = new Cells(this);
    this.sayer = new Say(this.querySelector("[data-said]"));
    this.me = new Me(this.dataset.me);
    this.tray = make("div", { class: "stack", "data-tray": "" });
    this.cells.box.before(this.tray);
    this.move = new Move(this.cells, (cell) => this.#arrived(cell));
    this.changes = new Changes(this.dataset.changesUrl, Number(this.dataset.head), {
      news: (changes) => this.follow.news(changes),
      reset: () => this.follow.reset(),
      reached: () => this.#reached(),
      lost: () => this.edits.outbox.lost(),
      refused: (status) => (status === 401 ? this.#signedOut() : this.#ended()),
    });
    this.edits = this.#edits();
    const apply = new Apply(this.cells, {
      busy: (cell) => this.edits.busy(cell),
      active: () => this.move.active,
      overtaken: (cell, fresh, by) => this.#overtaken(cell, fresh, by),
      leave: (row) => this.#leave(row),
      changed: () => this.#counted(),
    });
    const people = new People(this.dataset.peopleUrl);
    this.follow = new Follow(this.cells, apply, people, this.dataset, {
      busy: (cell) => this.edits.busy(cell),
      sending: (row, field) => this.edits.sending(row, field) || this.hands.sending(row, field),
      say: (texts) => this.sayer.news(texts),
      outdated: (name, words) => this.#notice(name, words, reload()),
    });
    this.hands = this.#hands();
    new Keys(this.cells, this.move, this.edits, this.hands, (text) => this.sayer.now(text));
    chooseDensity(this.cells.table);
    placeMenus(document);
    window.addEventListener("beforeunload", (event) => this.#beforeLeaving(event));
    this.#leftByOthers();
    this.edits.start();
    this.changes.start();
    this.live = new Live(this.cells, this.changes, people, this.dataset, {
      tab: tab(),
      // The first cell waits for Tab without anybody on it.
      cell: () => (this.move.active?.dataset.active === undefined ? null : this.move.active),
      typing: () => [...this.edits.editors.open.keys()][0] ?? null,
      connected: () => this.#connected(),
    });
    this.live.start();
    this.hands.start();
  }

  #hands() {
    const { team, me } = this.dataset;
    return new Hands(this.cells, this.move, this.edits, this.follow, this.tray, {
      tab: tab(),
      team,
      me,
      say: (text) => this.sayer.now(text),
      signedOut: () => this.#signedOut(),
      outdated: () => this.#notice("columns", "The columns changed. ", reload()),
      changed: () => this.#connected(),
      typists: (row) => this.live.present.typists(row),
    });
  }

  #edits() {
    return new Edits(this.cells, this.tray, {
      store: new Unsent(this.dataset.team, this.dataset.me),
      tab: tab(),
      dates: this.dataset.datesUrl,
      sure: () => this.me.sure,
      mayGo: () => this.#mayGo(),
      signedOut: () => this.#signedOut(),
      changed: () => this.#connected(),
      say: (text) => this.sayer.now(text),
      moved: (cell, way) => this.move.from(cell, way),
      done: (row, seq, gone) => this.follow.done(row, seq, gone),
      typists: (row) => this.live.present.typists(row),
      everywhere: (...chosen) => this.hands.everywhere(...chosen),
      fresh: {
        holds: (cell) => this.hands.newCase.holds(cell),
        takes: (...typed) => this.hands.newCase.takes(...typed),
      },
      acted: (edit, told) => this.hands.saved(edit, told),
    });
  }

  /** The order matters: the same person, then the others' changes, then one's own (specs: concurrency 4.8). */
  async #mayGo() {
    try {
      if (await this.me.same()) {
        return await this.changes.poll();
      }
    } catch (error) {
      if (error instanceof Unreachable) {
        return false;
      }
      throw error;
    }
    this.edits.outbox.stop();
    this.#notice("other-person", OTHER_PERSON);
    return false;
  }

  #overtaken(cell, fresh, by) {
    if (this.edits.editors.open.has(cell)) {
      const who = by || "Somebody";
      const text = `${who} saved “${this.cells.text(fresh) || "blank"}” at ${clock()}.`;
      this.edits.editors.strip(cell, text);
      this.sayer.now(text);
    }
  }

  /** A row that leaves hands the focus to the next one, else to the one before. */
  #leave(row) {
    const { active } = this.move;
    if (!active || !row.contains(active)) {
      return;
    }
    const { rows } = this.cells;
    const at = rows.indexOf(row);
    const next = rows[at + 1] ?? rows[at - 1];
    if (row.contains(document.activeElement)) {
      this.move.to(next?.cells[active.cellIndex] ?? this.cells.table.tHead.querySelector("button"));
    }
  }

  #counted() {
    countRows(this.cells);
    this.move.start();
  }

  #arrived(cell) {
    cell.removeAttribute("data-changed");
    if (cell.dataset.claim) {
      this.sayer.now(cell.dataset.claim);
    }
    const needed = this.cells.find(cell.parentElement.dataset.row, "needed");
    const need = needed ? this.cells.raw(needed) : "";
    const word =
      need && this.querySelector(`[data-list="needed"] > [data-value="${CSS.escape(need)}"]`);
    const detail = { address: word ? word.dataset.ideas : "" };
    document.dispatchEvent(new CustomEvent("icm:row", { detail }));
  }

  #reached() {
    const { outbox } = this.edits;
    if (outbox.offline) {
      outbox.retry();
    } else if (this.signedOut) {
      this.#signedIn();
    }
  }

  async #signedIn() {
    this.signedOut = false;
    this.tray.querySelector('[data-notice="signed-out"]')?.remove();
    this.edits.outbox.resume();
  }

  #signedOut() {
    if (this.signedOut) {
      return;
    }
    this.signedOut = true;
    this.edits.outbox.stop();
    const link = make(
      "a",
      { href: this.dataset.signInUrl, target: "_blank", rel: "noopener" },
      "Sign in again (in a new tab)",
    );
    this.#notice("signed-out", "You are signed out. What you typed is kept here. ", link);
  }

  #ended() {
    this.changes.stop();
    this.live.stop();
    this.edits.outbox.stop();
    this.#notice("ended", "You can no longer open this tracker. What you typed here is not sent.");
  }

  #leftByOthers() {
    const { others } = this.edits.outbox.page.store;
    if (others) {
      const words = others === 1 ? "1 unsent edit" : `${others} unsent edits`;
      this.#notice(
        "others",
        `${words} of another person ${others === 1 ? "is" : "are"} kept in this tab.`,
      );
    }
  }

  #notice(name, ...content) {
    if (!this.tray.querySelector(`[data-notice="${name}"]`)) {
      const facts = { class: "notice", "data-kind": "warning", "data-notice": name, role: "alert" };
      this.tray.prepend(make("div", facts, make("p", {}, ...content)));
    }
  }

  #connected() {
    const { queue, offline } = this.edits?.outbox ?? { queue: null, offline: false };
    if (queue) {
      const { needing } = queue;
      const unsent = queue.unsent + (this.hands?.newCase?.unsent ?? 0);
      const { live } = this.changes;
      const detail = { offline, live, unsent, needing, signedOut: Boolean(this.signedOut) };
      document.dispatchEvent(new CustomEvent("icm:edits", { detail }));
    }
  }

  #beforeLeaving(event) {
    if (this.edits.queue.unsent) {
      event.preventDefault();
    }
  }
}

function reload() {
  const button = make(
    "button",
    { type: "button", class: "button button--quiet button--small" },
    "Reload",
  );
  button.addEventListener("click", () => location.reload());
  return button;
}

// One tab keeps one number over its reloads: the server tells "you, in another tab" by it.
function tab() {
  const kept = sessionStorage.getItem("icm-tab") ?? crypto.randomUUID();
  sessionStorage.setItem("icm-tab", kept);
  return kept;
}

customElements.define("tracker-grid", TrackerGrid);
