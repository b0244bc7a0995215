/**
 * <step-by-step>: work that the server does one step a request. Without script each step is a press of the form's
 * button; here the form is sent again and again until the server's answer has none.
 */

import { backoff } from "../lib/backoff.js";
import { element } from "../lib/fragment.js";
import { reached, send } from "../lib/http.js";

/** Times a step is tried again when no answer comes: the server may have been busy with a large file. */
const TRIES = 3;
const SPEAK_EVERY = 10;

class StepByStep extends HTMLElement {
  connectedCallback() {
    this.said = this.querySelector("[data-said]");
    this.lost = this.querySelector("[data-lost]");
    this.take();
  }

  get form() {
    return this.querySelector("form[data-next]");
  }

  async take() {
    let failed = 0;
    for (let taken = 1; this.form && this.isConnected && failed < TRIES; taken += 1) {
      const answer = await this.step();
      if (answer) {
        failed = 0;
        this.show(answer, taken);
      } else {
        failed += 1;
        await new Promise((resolve) => setTimeout(resolve, backoff(failed)));
      }
    }
    this.lost.hidden = !this.form;
    if (!this.form) {
      this.said.textContent = "Done.";
    }
  }

  /** @returns {Promise<string|null>} what to show, or null where the step has to be tried again */
  async step() {
    const answer = await reached(send(this.form.action, {}));
    return answer?.status === 200 ? answer.text : null;
  }

  show(html, taken) {
    const within = this.contains(document.activeElement);
    this.querySelector("[data-steps]").replaceWith(element(html));
    if (within) {
      this.querySelector("button, a")?.focus();
    }
    if (this.form && taken % SPEAK_EVERY === 0) {
      this.said.textContent = `${this.form.dataset.told} files`;
    }
  }
}

customElements.define("step-by-step", StepByStep);
