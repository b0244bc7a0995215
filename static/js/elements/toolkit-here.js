/** <toolkit-here>: a link to the ideas for one need, which with script are shown in its place. */

import { element } from "../lib/fragment.js";
import { ask, Unreachable } from "../lib/http.js";

class ToolkitHere extends HTMLElement {
  async connectedCallback() {
    try {
      const { status, text } = await ask(this.querySelector("a").href);
      if (status === 200) {
        this.replaceChildren(element(text));
      }
    } catch (error) {
      // Without an answer the link stays, and leads there.
      if (!(error instanceof Unreachable)) {
        throw error;
      }
    }
  }
}

customElements.define("toolkit-here", ToolkitHere);
