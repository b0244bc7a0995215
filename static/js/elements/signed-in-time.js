/**
 * <signed-in-time data-me data-url data-sign-in-url data-idle data-ends>: warns two minutes before the session
 * ends, and keeps what stands in the page's forms when it has ended.
 *
 * The server counts (accounts/sessions.py). The page says that keys are pressed, and asks before it warns: another
 * tab may have said so. The tracker has words and a box of its own once the session has ended.
 */

import { make } from "../lib/fragment.js";
import { ask, OTHER_PERSON, reached, send, token } from "../lib/http.js";
import { Me } from "../lib/me.js";

const WARNING = 120_000;
const SAID_EVERY = 300_000;
const AGAIN = 15_000;

const IDLE = "Nothing has been done here for a while: you will be signed out in 2 minutes. ";
const WHOLE =
  "You signed in 12 hours ago: in 2 minutes you will have to sign in again. Save what you are typing.";
const ENDED = "You are signed out. What you typed stays here. ";
const OTHER =
  "Somebody else has signed in in this browser, so this page is closed. Nothing of it was sent.";

class SignedInTime extends HTMLElement {
  #timer = 0;
  #saidAt = Date.now();
  /** @type {"" | "idle" | "whole" | "ended"} what the strip says */
  #told = "";

  connectedCallback() {
    this.me = new Me();
    this.words = make("p", { role: "status" });
    this.append(this.words);
    // Seconds, and a moment in seconds where the server knows one: when it comes, the server is asked.
    const idle = Date.now() + Number(this.dataset.idle) * 1000;
    this.endsAt = Math.min(idle, Number(this.dataset.ends || Number.POSITIVE_INFINITY) * 1000);
    this.#later(this.endsAt - Date.now() - WARNING);
    for (const act of ["keydown", "pointerdown"]) {
      document.addEventListener(act, () => this.#acted(), { capture: true, passive: true });
    }
    document.addEventListener("submit", (event) => this.#leaves(event), { capture: true });
    document.addEventListener("visibilitychange", () => document.hidden || this.#due());
    document.addEventListener(`icm:${OTHER_PERSON}`, () => this.#otherPerson());
  }

  /** @param {{idle: number, whole: number}} left seconds until the session ends */
  #know({ idle, whole }) {
    this.endsAt = Date.now() + Math.min(idle, whole) * 1000;
    const early = this.endsAt - Date.now() - WARNING;
    if (early > 0) {
      this.#say("");
      this.#later(early);
    } else {
      this.#say(whole <= idle ? "whole" : "idle");
      this.#later(this.endsAt - Date.now());
    }
  }

  #later(milliseconds) {
    clearTimeout(this.#timer);
    // Some browsers take no longer time.
    const wait = Math.min(Math.max(milliseconds, 0) + 500, 2 ** 30);
    this.#timer = setTimeout(() => document.hidden || this.#look(), wait);
  }

  // A computer that slept wakes up after its time.
  #due() {
    if (Date.now() > this.endsAt - WARNING) {
      this.#look();
    }
  }

  #acted() {
    if (this.#told === "idle" || (!this.#told && Date.now() - this.#saidAt > SAID_EVERY)) {
      this.#saidAt = Date.now();
      this.#look(true);
    }
  }

  /**
   * Asks how long is left.
   * @param {boolean} [acted] says as well that somebody is there
   * @returns {Promise<boolean>} whether this page's person is signed in
   */
  async #look(acted = false) {
    const { url } = this.dataset;
    const answer = await reached(acted ? send(url, {}) : ask(url));
    if (answer?.status === 200) {
      this.me.confirmed();
      this.#know(/** @type {{idle: number, whole: number}} */ (answer.told));
      return true;
    }
    if (answer?.status === 401) {
      this.#say("ended");
    }
    this.#later(AGAIN);
    return false;
  }

  #say(told) {
    const quiet = told === "ended" && document.querySelector("tracker-grid");
    if (told === this.#told) {
      return;
    }
    this.#told = told;
    this.hidden = !told || Boolean(quiet);
    this.words.replaceChildren(...(quiet ? [] : this.#content(told)));
    document.documentElement.style.setProperty("--strip", `${this.offsetHeight}px`);
  }

  #content(told) {
    if (told === "idle") {
      const stay = make(
        "button",
        { type: "button", class: "button button--small" },
        "Stay signed in",
      );
      stay.addEventListener("click", () => this.#look(true));
      return [IDLE, "Press any key to stay, or ", stay];
    }
    if (told === "ended") {
      const where = { href: this.dataset.signInUrl, target: "_blank", rel: "noopener" };
      return [ENDED, make("a", where, "Sign in again (in a new tab)"), ", then go on here."];
    }
    return told ? [WHOLE] : [];
  }

  /** A form goes only while its own person is signed in; else everything in it stays. */
  async #leaves(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.method !== "post") {
      return;
    }
    if (this.#told !== "ended" && this.me.sure) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await this.#look(true)) {
      for (const field of form.querySelectorAll('[name="csrfmiddlewaretoken"]')) {
        /** @type {HTMLInputElement} */ (field).value = token();
      }
      form.requestSubmit(event.submitter);
    }
  }

  #otherPerson() {
    clearTimeout(this.#timer);
    this.hidden = true;
    // Every answer says it again; the tracker says it with what waits there, and has gone then.
    if (!document.querySelector(`tracker-grid, [data-notice="${OTHER_PERSON}"]`)) {
      const go = make("a", { href: "/" }, "Go on as yourself");
      const facts = {
        class: "notice",
        "data-kind": "warning",
        "data-notice": OTHER_PERSON,
        role: "alert",
      };
      document
        .querySelector("main")
        .replaceChildren(make("div", facts, make("p", {}, OTHER, " ", go)));
    }
  }
}

customElements.define("signed-in-time", SignedInTime);
