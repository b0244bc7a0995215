/** <toolkit-ideas>: a button that shows, beside the table, the ideas for what the active row needs. */

import { element, make } from "../lib/fragment.js";
import { ask, reached } from "../lib/http.js";

const OPEN = "icm-ideas";

class ToolkitIdeas extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    // It comes with the page, hidden: put in beside the table, it would have every cell's style worked out anew.
    this.panel = document.getElementById("ideas");
    this.address = "";
    this.button.addEventListener("click", () => this.#open(this.panel.hidden));
    document.addEventListener("icm:row", ({ detail }) => this.#row(detail.address));
    this.#open(sessionStorage.getItem(OPEN) === "yes");
    this.hidden = false;
  }

  #open(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    sessionStorage.setItem(OPEN, open ? "yes" : "no");
    this.#show();
  }

  #row(address) {
    if (address !== this.address) {
      this.address = address;
      this.#show();
    }
  }

  async #show() {
    const { address } = this;
    if (this.panel.hidden) {
      return;
    }
    const shown = address
      ? await this.#ideas(address)
      : this.#words("Go to a row: its ideas stand here.");
    // Somebody may have gone on to another row while the answer was on its way.
    if (address === this.address) {
      this.panel.replaceChildren(shown);
    }
  }

  async #ideas(address) {
    const answer = await reached(ask(address));
    if (!answer) {
      return this.#words("The ideas cannot be reached now.");
    }
    return answer.status === 200
      ? element(answer.text)
      : this.#words("There are no ideas to show.");
  }

  #words(text) {
    return make("p", { class: "hint" }, text);
  }
}

customElements.define("toolkit-ideas", ToolkitIdeas);
