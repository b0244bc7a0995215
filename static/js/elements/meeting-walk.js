/**
 * <meeting-walk>: the team's meeting, case by case, by keys and buttons. Its cells are those of the <tracker-grid>
 * in it, so what is typed here is saved, followed and asked about as on the tracker.
 */

import { make } from "../lib/fragment.js";
import { Say } from "../lib/say.js";
import { said } from "../meeting/clock.js";
import { Hand } from "../meeting/hand.js";
import { List, rowsOf } from "../meeting/list.js";
import { Marks } from "../meeting/marks.js";
import { Parts } from "../meeting/parts.js";
import { actOf } from "../meeting/walk-keys.js";

const LETTERS = "icm-walk-letters";
// How often this page looks what a second screen has noted in the same meeting, where no stream says it.
const LOOK = 20000;
const TYPING = "input, textarea, select, .cell-editor, .conflict-panel, [popover]";
const RESULTS = ["discussed", "skipped", "parked"];
const EDITED = ["action", "owner", "needed", "update", "difficulty", "next_meeting"];
// What is written into Update on action, in the guide's words.
const DONE = { done: "Last action completed", dropped: "Last action dropped" };

class MeetingWalk extends HTMLElement {
  /** @type {string} the field that a key has opened; where to go on is decided when it is left */
  #opened = "";
  #extending = false;

  async connectedCallback() {
    await customElements.whenDefined("tracker-grid");
    this.walk = /** @type {HTMLElement} */ (this.querySelector("[data-walk]"));
    this.grid = this.querySelector("tracker-grid");
    this.say = new Say(this.querySelector("[data-walk-said]"));
    this.hand = new Hand(this.grid);
    this.list = new List(this);
    this.parts = new Parts(this, {
      row: () => this.list.row,
      put: () => this.#put(),
      ended: () => this.#ended(),
    });
    this.marks = new Marks(this.dataset.meeting, {
      sent: () => this.parts.soon(),
      refused: (message) => this.#notice(message),
    });
    this.grid.addEventListener("icm:left", (event) => this.#left(event));
    this.grid.addEventListener("icm:rows", () => this.#rows());
    this.grid.addEventListener("icm:met", () => this.parts.soon());
    this.grid.addEventListener("pointerdown", () => this.#forget());
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("icm:keys", (event) => this.#listKeys(event));
    this.#dialogs();
    this.#began();
  }

  #began() {
    if (this.list.current) {
      this.#show();
      this.#home();
    }
    this.#put();
    setInterval(() => this.#tick(), 1000);
    setInterval(() => document.hidden || this.parts.soon(), LOOK);
    this.dataset.ready = "";
  }

  // --- going through the list

  /** @param {HTMLElement | undefined} step */
  #go(step) {
    if (!step) {
      this.#home();
      this.say.now("Every case has its result.");
      return;
    }
    this.#forget();
    this.list.take(step);
    this.#show();
    this.#placeholder(step);
    this.#home();
    this.coming = this.parts.fetch();
  }

  /** Shows the rows of the step in hand, its ideas, and in the address where one is: a reload comes back here. */
  #show() {
    this.hand.show(rowsOf(this.list.current));
    this.list.show();
    history.replaceState(null, "", `?row=${this.list.row}`);
    this.#ideas();
  }

  /** Until the server's own words are here: name and reason as the page has them. */
  #placeholder(step) {
    const head = this.querySelector("[data-part=head]");
    head.querySelector(".hand-head__name").textContent = this.hand.name;
    head.querySelector(".hand-head__why").textContent =
      step.querySelector(".agenda__why").textContent;
    head.querySelector(".last-action").setAttribute("aria-busy", "true");
    this.parts.touched("head");
    this.parts.touched("foot");
  }

  #home() {
    this.walk.focus({ preventScroll: true });
    this.say.now(this.querySelector("[data-part=head] h2")?.textContent.trim() ?? "");
  }

  #put() {
    this.#markUnsent();
    this.list.show();
    this.#tick();
  }

  /** Results on their way stand on the list, which the server may have drawn without them. */
  #markUnsent() {
    for (const { row, facts } of this.marks.marks) {
      if (facts.result) {
        this.list.mark(String(row), facts.result);
        this.parts.touched("agenda");
      }
    }
  }

  /** Rows came, went or changed: those of other cases stay hidden, and the words around are brought anew. */
  #rows() {
    this.hand.show(this.hand.ids);
    this.#ideas();
    this.parts.soon();
  }

  #ideas() {
    this.parts.ideas(this.hand.raw("needed"), this.hand.raw("stage"));
  }

  #ended() {
    const link = make("a", { href: this.dataset.endUrl }, "What we decided");
    this.#notice("This meeting has ended. ", link);
  }

  #notice(...content) {
    this.querySelector("[data-meeting-notice]")?.remove();
    const facts = {
      class: "notice",
      "data-kind": "warning",
      "data-meeting-notice": "",
      role: "alert",
    };
    this.querySelector(".meeting__stage").before(make("div", facts, make("p", {}, ...content)));
  }

  #tick() {
    const clock = this.querySelector("[data-part=clock]");
    if (!clock.dataset.since) {
      clock.dataset.since = String(Date.now());
    }
    const passed = Math.floor((Date.now() - Number(clock.dataset.since)) / 1000);
    const { time, each, low } = said(Number(clock.dataset.left) - passed, this.#toCome());
    clock.querySelector("[data-clock] > strong").textContent = time;
    clock.querySelector("[data-each]").textContent = each;
    clock.toggleAttribute("data-low", low);
  }

  #toCome() {
    return this.list.steps.filter(({ dataset }) => !dataset.result && dataset.gone === undefined)
      .length;
  }

  // --- keys and buttons

  #key(event) {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) {
      return;
    }
    if (target.closest(TYPING)) {
      return;
    }
    const inCell = target.closest("tbody [data-field]");
    if (event.key === "Escape") {
      this.#forget();
      this.#home();
      return;
    }
    const act = inCell ? "" : this.#dateKey(event) || actOf(event, this.letters);
    if (act) {
      event.preventDefault();
      this.#act(act);
    }
  }

  #dateKey(event) {
    const dates = event.target.closest("[data-dates]");
    const key = event.key.toUpperCase();
    const button = dates?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    return button && !event.ctrlKey && !event.altKey && !event.metaKey ? `day ${key}` : "";
  }

  async #act(act) {
    const [name, fact] = act.split(" ");
    if (RESULTS.includes(name)) {
      this.#result(name);
    } else if (EDITED.includes(name)) {
      this.#edit(name);
    } else {
      await {
        next: () => this.list.beside(1) && this.#go(this.list.beside(1)),
        previous: () => this.list.beside(-1) && this.#go(this.list.beside(-1)),
        stage: () => this.#stage(Number(fact)),
        day: () => this.#day(fact),
        dates: () => this.#dates(),
        done: () => this.#lastAction(name),
        dropped: () => this.#lastAction(name),
        extended: () => this.#extended(),
        ideas: () => this.querySelector("[data-idea]")?.focus(),
        blank: () => this.blank.showModal(),
        keys: () => this.keys.showModal(),
      }[name]?.();
    }
  }

  #click(event) {
    const { target } = event;
    const link = target.closest(".agenda a");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.#go(link.closest("[data-step]"));
    }
    const act = target.closest("[data-act]");
    if (act) {
      this.#act(act.dataset.act);
    }
    const day = target.closest("[data-day]");
    if (day) {
      this.#day(day.dataset.key);
    }
    const idea = target.closest("[data-idea]");
    if (idea) {
      this.hand.write("action", idea.textContent.trim());
      this.#edit("owner");
    }
  }

  /** The forms of the page without script, done in place. */
  #submit(event) {
    const { name, value } = event.submitter ?? {};
    if (name === "result" || name === "last_action") {
      event.preventDefault();
      this.#act(value);
    }
  }

  // --- what the acts do

  #result(result) {
    this.marks.add(Number(this.list.row), { result });
    this.#markUnsent();
    this.#go(this.list.next());
  }

  #edit(field, text) {
    this.#opened = this.hand.edit(field, text) ? field : "";
  }

  /** The field that a key opened is left: an action asks for its owner, an owner for the date. */
  #left(event) {
    const { way } = event.detail;
    const from = this.#opened;
    if (!from) {
      return;
    }
    event.preventDefault();
    const goesOn = way !== "stay";
    this.#opened = "";
    if (from === "action" && goesOn) {
      this.#edit("owner");
    } else if (from === "owner" && goesOn) {
      this.#dates();
    } else {
      this.#home();
    }
  }

  #forget() {
    this.#opened = "";
    this.#extending = false;
  }

  #stage(number) {
    const options = this.#options("stage");
    const { value, label } = options[number - 1];
    this.#opened = "stage";
    this.hand.write("stage", value, label);
    this.#ideas();
  }

  #options(field) {
    const cell = this.grid.cells.find(this.list.row, field);
    return cell ? this.grid.cells.options(cell) : [];
  }

  #dates() {
    this.querySelector("[data-dates] [data-day]")?.focus({ preventScroll: true });
  }

  async #day(key) {
    // The days are the server's: those of this case have to be here.
    await this.coming;
    const { day, shown } = this.querySelector(
      `[data-dates] [data-key="${CSS.escape(key)}"]`,
    ).dataset;
    if (day) {
      this.hand.write("by_when", day, shown);
    }
    if (this.#extending) {
      this.hand.writeAll("update", day ? `Date extended to ${shown}` : "Date extended");
    }
    this.#forget();
    if (day) {
      this.#home();
    } else {
      this.#edit("by_when");
    }
  }

  #lastAction(outcome) {
    this.marks.add(Number(this.list.row), { last_action: outcome });
    this.#pressed(outcome);
    this.hand.writeAll("update", DONE[outcome]);
    this.#edit("action", "");
  }

  #extended() {
    this.marks.add(Number(this.list.row), { last_action: "extended" });
    this.#pressed("extended");
    this.#extending = true;
    this.#dates();
  }

  #pressed(outcome) {
    for (const button of this.querySelectorAll("[name=last_action]")) {
      button.setAttribute("aria-pressed", String(button.value === outcome));
    }
    this.parts.touched("head");
  }

  // --- the dialogs

  get letters() {
    return localStorage.getItem(LETTERS) !== "off";
  }

  #listKeys(event) {
    event.preventDefault();
    this.keys.showModal();
  }

  #dialogs() {
    this.blank = /** @type {HTMLDialogElement} */ (this.querySelector("[data-blank]"));
    this.keys = /** @type {HTMLDialogElement} */ (this.querySelector("[data-keys]"));
    const back = (event) => {
      event.preventDefault();
      this.blank.close();
      this.#home();
    };
    this.blank.addEventListener("keydown", back);
    this.blank.addEventListener("click", back);
    const letters = /** @type {HTMLInputElement} */ (this.keys.querySelector("[data-letters]"));
    letters.checked = this.letters;
    letters.addEventListener("change", () => {
      localStorage.setItem(LETTERS, letters.checked ? "on" : "off");
    });
  }
}

customElements.define("meeting-walk", MeetingWalk);
