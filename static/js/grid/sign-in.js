/**
 * The sign-in box over a page whose session has ended: what was typed stays under it, in its editors and in the
 * outbox (specs: concurrency 4.8). Loaded when it is needed.
 */

import { element, make } from "../lib/fragment.js";
import { ask, send, Unreachable } from "../lib/http.js";

// The box takes the keys, so it waits until the hands rest: nobody types half a sentence into it.
const RESTED = 1500;
const AWAY = "The server cannot be reached now. What you typed is kept; try again.";
const TOO_MANY = "Too many tries from this network. Wait a minute, then try again.";

export class SignIn {
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  #timer = 0;

  /**
   * @param {{signInUrl: string, signInAs: string}} facts the address, and the e-mail address of the page's person
   * @param {() => void} signedIn told that somebody has signed in: who, the server says
   */
  constructor({ signInUrl, signInAs }, signedIn) {
    this.address = signInUrl;
    this.person = signInAs;
    this.signedIn = signedIn;
  }

  /** Opens the box as soon as nobody types. */
  offer() {
    this.waiting = new AbortController();
    const rest = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.open(), RESTED);
    };
    document.addEventListener("keydown", rest, { capture: true, signal: this.waiting.signal });
    rest();
  }

  /** Opens the box now. */
  async open() {
    this.#rest();
    if (this.#dialog) {
      return;
    }
    const words = "What you typed is kept on this page. Sign in, and it is saved.";
    this.body = make("div", {}, make("p", { role: "status" }, "…"));
    const later = make("button", { type: "button", class: "button button--quiet" }, "Not now");
    this.#dialog = /** @type {HTMLDialogElement} */ (
      make(
        "dialog",
        { class: "dialog dialog--over", "aria-labelledby": "signed-out", "data-sign-in": "" },
        make("h2", { id: "signed-out" }, "You are signed out"),
        make("p", {}, words),
        this.body,
        later,
      )
    );
    later.addEventListener("click", () => this.done());
    this.#dialog.addEventListener("close", () => this.done());
    this.#dialog.addEventListener("keydown", (event) => event.stopPropagation());
    this.#dialog.addEventListener("submit", (event) => this.#submitted(event));
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    await this.#asked(() => ask(this.address));
  }

  /** Takes the box away; the focus is back where it was. */
  done() {
    this.#rest();
    const dialog = this.#dialog;
    this.#dialog = null;
    dialog?.close();
    dialog?.remove();
  }

  #rest() {
    clearTimeout(this.#timer);
    this.waiting?.abort();
  }

  #submitted(event) {
    event.preventDefault();
    const form = event.target;
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    // Somebody who signed in since in another tab has changed it; the cookie is always the one of now.
    delete fields.csrfmiddlewaretoken;
    this.#asked(() => send(form.getAttribute("action"), fields));
  }

  async #asked(act) {
    try {
      this.#told(await act());
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      this.#say(AWAY);
    }
  }

  // Somebody else who has signed in is told of by the page itself, which closes.
  #told({ status, text, told }) {
    const part = status === 200 || status === 422 ? element(text) : null;
    if (told.outcome === "signed-in") {
      this.done();
      this.signedIn();
    } else if (part?.matches("form")) {
      this.#form(part);
    } else if (status === 200) {
      this.#goOn();
    } else {
      this.#say(status === 429 ? TOO_MANY : (told.message ?? AWAY));
    }
  }

  #form(form) {
    for (const link of form.querySelectorAll("a")) {
      link.target = "_blank";
    }
    const login = form.querySelector("[name=login]");
    if (login) {
      login.value ||= this.person;
    }
    this.body.replaceChildren(form);
    const inputs = [...form.querySelectorAll("input:not([type=hidden])")];
    (inputs.find(({ value }) => !value) ?? inputs[0])?.focus();
  }

  /** A step without a form of its own is done on its page; this one notices by itself when it is. */
  #goOn() {
    const facts = { href: this.address, target: "_blank", rel: "noopener", class: "button" };
    const link = make("a", facts, "Go on in a new tab");
    const words =
      "One more step is needed. Do it there and come back: this page goes on by itself.";
    this.body.replaceChildren(make("p", { role: "status" }, words), make("p", {}, link));
    link.focus();
  }

  #say(words) {
    this.body.querySelector(".notice")?.remove();
    const facts = { class: "notice", "data-kind": "warning", role: "alert" };
    const said = make("div", facts, make("p", {}, words));
    if (this.body.querySelector("form")) {
      this.body.prepend(said);
    } else {
      const again = make("button", { type: "button", class: "button button--small" }, "Try again");
      again.addEventListener("click", () => this.#asked(() => ask(this.address)));
      this.body.replaceChildren(said, again);
    }
  }
}
