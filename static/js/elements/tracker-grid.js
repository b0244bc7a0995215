/** <tracker-grid>: the tracker's table, edited in place. Wires the modules of grid/ to each other. */

import { Apply, clock } from "../grid/apply.js";
import { Cells } from "../grid/cells.js";
import { Changes } from "../grid/changes.js";
import { countRows } from "../grid/counts.js";
import { Edits } from "../grid/edits.js";
import { Find } from "../grid/find.js";
import { Follow } from "../grid/follow.js";
import { Hands } from "../grid/hands.js";
import { Hitches } from "../grid/hitches.js";
import { Keys } from "../grid/keys.js";
import { Layout } from "../grid/layout.js";
import { Live } from "../grid/live.js";
import { Look } from "../grid/look.js";
import { placeMenus } from "../grid/menus.js";
import { Move } from "../grid/move.js";
import { button, warning } from "../grid/notices.js";
import { watchSideways } from "../grid/sideways.js";
import { Unsent } from "../grid/unsent.js";
import { make } from "../lib/fragment.js";
import { OTHER_PERSON } from "../lib/http.js";
import { Me } from "../lib/me.js";
import { People } from "../lib/people.js";
import { Say } from "../lib/say.js";

const CLOSED = "Somebody else has signed in in this browser, so this page is closed. ";
// After so long a page is older than what it follows (specs: concurrency 4.8).
const LONG_AWAY = 8 * 60 * 60 * 1000;

class TrackerGrid extends HTMLElement {
  connectedCallback() {
    this.cells = new Cells(this);
    this.sayer = new Say(this.querySelector("[data-said]"));
    this.me = new Me();
    this.reachedAt = Date.now();
    // It comes with the page: put in before the table, it would have every cell's style worked out anew.
    this.tray = this.querySelector("[data-tray]");
    this.move = new Move(this.cells, (cell) => this.#arrived(cell));
    this.changes = new Changes(this.dataset.changesUrl, Number(this.dataset.head), {
      news: (changes) => this.follow.news(changes),
      asks: (changes) => this.follow.asks(changes),
      reset: () => this.#reset(),
      reached: () => this.#reached(),
      lost: () => this.edits.outbox.lost(),
      refused: (status) => (status === 401 ? this.#signedOut() : this.#ended()),
    });
    this.unsent = new Unsent(this.dataset.team, this.dataset.me, this.dataset.initials);
    this.edits = this.#edits();
    const apply = new Apply(this.cells, {
      busy: (cell) => this.edits.busy(cell),
      painting: (row) => this.edits.painting(row),
      active: () => this.move.active,
      overtaken: (cell, fresh, by) => this.#overtaken(cell, fresh, by),
      leave: (row) => this.#leave(row),
      came: (row) => this.look?.came(row),
      changed: () => this.#counted(),
    });
    const people = new People(this.dataset.peopleUrl);
    this.follow = new Follow(this.cells, apply, people, this.dataset, {
      busy: (cell) => this.edits.busy(cell),
      sending: (row, field) => this.edits.sending(row, field) || this.hands.sending(row, field),
      wrote: (row, field) => this.edits.wrote(row, field),
      say: (texts) => this.sayer.news(texts),
      outdated: (name, words) => this.#notice(name, words, this.#reload()),
    });
    this.hands = this.#hands();
    new Keys(this.cells, this.move, this.edits, this.hands, (text) => this.sayer.now(text));
    this.#looks();
    placeMenus(document);
    watchSideways(this.cells);
    document.addEventListener(`icm:${OTHER_PERSON}`, () => this.#otherPerson());
    window.addEventListener("beforeunload", (event) => this.#beforeLeaving(event));
    new Hitches(this.dataset.hitchesUrl);
    this.#leftByOthers();
    this.edits.start();
    this.changes.start();
    this.live = new Live(this.cells, this.changes, people, this.dataset, {
      tab: tab(),
      cell: () => this.#here(),
      typing: () => [...this.edits.editors.open.keys()][0] ?? null,
      connected: () => this.#connected(),
      met: () => this.#tell("icm:met"),
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
      outdated: () => this.#notice("columns", "The columns changed. ", this.#reload()),
      changed: () => this.#connected(),
      typists: (row) => this.live.present.typists(row),
    });
  }

  #edits() {
    return new Edits(this.cells, this.tray, {
      store: this.unsent,
      tab: tab(),
      dates: this.dataset.datesUrl,
      sure: () => this.me.sure,
      mayGo: () => this.#mayGo(),
      signedOut: () => this.#signedOut(),
      changed: () => this.#connected(),
      say: (text) => this.sayer.now(text),
      moved: (cell, way) => this.#moved(cell, way),
      done: (row, seq, gone) => this.#done(row, seq, gone),
      meeting: this.dataset.meeting ?? "",
      also: (cell) => this.also?.(cell) ?? "",
      typists: (row) => this.live.present.typists(row),
      everywhere: (...chosen) => this.hands.everywhere(...chosen),
      fresh: {
        holds: (cell) => this.hands.newCase.holds(cell),
        takes: (...typed) => this.hands.newCase.takes(...typed),
      },
      acted: (edit, told) => this.hands.saved(edit, told),
    });
  }

  /** A meeting shows its rows as they are for everybody: nobody filters or lays out there. */
  #looks() {
    if (this.dataset.meeting) {
      return;
    }
    this.look = new Look(this.cells, this.dataset.lookUrl, {
      active: () => this.#here(),
      counted: () => this.#shown(),
      say: (text) => this.sayer.now(text),
    });
    this.look.start();
    new Layout(this.cells, (text) => this.sayer.now(text));
    new Find(this.cells, this.querySelector("[data-find]"), (cell) => this.move.to(cell));
  }

  /** The first cell waits for Tab without anybody on it. */
  #here() {
    return this.move.active?.dataset.active === undefined ? null : this.move.active;
  }

  /** The order matters: the same person, then the others' changes, then one's own (specs: concurrency 4.8). */
  #mayGo() {
    // The server answers nobody but the person whose page this is, and tells what the others did.
    return this.changes.poll();
  }

  async #reset() {
    const head = await this.follow.reset();
    this.#longAway();
    return head;
  }

  #longAway() {
    this.#notice(
      "away",
      "You were away for a long time. Unsent changes are kept. ",
      this.#reload(),
    );
  }

  #overtaken(cell, fresh, by) {
    if (this.edits.editors.open.has(cell)) {
      const who = by || "Somebody";
      const text = `${who} saved “${this.cells.text(fresh) || "blank"}” at ${clock()}.`;
      this.edits.editors.strip(cell, text);
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
    this.#shown();
    this.look?.recheck();
  }

  #shown() {
    countRows(this.cells);
    this.move.start();
    this.#tell("icm:rows");
  }

  async #done(row, seq, gone) {
    this.look?.mine(row);
    await this.follow.done(row, seq, gone);
    this.#tell("icm:rows");
  }

  /** An editor or a panel was left: whoever walks the cases may take the focus elsewhere. */
  #moved(cell, way) {
    if (this.#tell("icm:left", { cell, way })) {
      this.move.from(cell, way);
    }
  }

  #tell(name, detail) {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
  }

  #arrived(cell) {
    cell.removeAttribute("data-changed");
    this.look?.moved();
    const words = [cell.dataset.claim, cell.dataset.changedBy].filter(Boolean);
    if (words.length) {
      this.sayer.now(words.join(". "));
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
    this.me.confirmed();
    if (Date.now() - this.reachedAt > LONG_AWAY) {
      this.#longAway();
    }
    this.reachedAt = Date.now();
    if (outbox.offline) {
      outbox.retry();
    } else if (this.signedOut) {
      this.#signedIn();
    }
  }

  #signedIn() {
    this.signedOut = false;
    this.tray.querySelector('[data-notice="signed-out"]')?.remove();
    this.signIn?.done();
    this.edits.outbox.resume();
  }

  #signedOut() {
    if (this.signedOut) {
      return;
    }
    this.signedOut = true;
    this.edits.outbox.stop();
    const again = button("Sign in again", () => this.signIn?.open());
    this.#notice("signed-out", "You are signed out. What you typed is kept here. ", again);
    this.#offerSignIn();
  }

  async #offerSignIn() {
    const { SignIn } = await import("../grid/sign-in.js");
    // Who has signed in is the server's to say: what waits goes only if it is the person of this page.
    this.signIn ??= new SignIn(this.dataset, () => this.changes.poll());
    if (this.signedOut) {
      this.signIn.offer();
    }
  }

  #ended() {
    this.changes.stop();
    this.live.stop();
    this.edits.outbox.stop();
    this.#notice("ended", "You can no longer open this tracker. What you typed here is not sent.");
  }

  /** Nothing of this page is for whoever sits here now; what was typed waits in the tab for its author. */
  #otherPerson() {
    if (this.closed) {
      return;
    }
    this.closed = true;
    this.edits.outbox.stop();
    this.signIn?.done();
    this.edits.editors.keepAll();
    this.changes.stop();
    this.live.stop();
    const left = this.unsent.left(true).map((words) => make("p", {}, words));
    const words = make("p", {}, CLOSED, this.#reload("Go on as yourself"));
    this.closest("main").replaceChildren(warning("other-person", words, ...left));
  }

  #leftByOthers() {
    for (const words of this.unsent.left(false)) {
      this.#notice(words, words);
    }
  }

  #notice(name, ...content) {
    if (!this.tray.querySelector(`[data-notice="${name}"]`)) {
      this.tray.prepend(warning(name, make("p", {}, ...content)));
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
    const { queue, editors } = this.edits;
    if (!this.closed && (queue.unsent || editors.unfinished)) {
      event.preventDefault();
    }
  }

  /** Loads the page anew with what waits: unsent edits go on from the tab's storage. */
  #reload(words = "Reload") {
    return button(words, () => {
      this.edits.outbox.stop();
      this.edits.editors.keepAll();
      this.closed = true;
      location.reload();
    });
  }
}

// One tab keeps one number over its reloads: the server tells "you, in another tab" by it.
function tab() {
  const kept = sessionStorage.getItem("icm-tab") ?? crypto.randomUUID();
  sessionStorage.setItem("icm-tab", kept);
  return kept;
}

customElements.define("tracker-grid", TrackerGrid);
