/** <toolkit-here>: a link to the ideas for one need, which with script are shown in its place. */

import { element } from "../lib/fragment.js";
import { ask, reached } from "../lib/http.js";

class ToolkitHere extends HTMLElement {
  async connectedCallback() {
    const answer = await reached(ask(this.querySelector("a").href));
    // Without an answer the link stays, and leads there.
    if (answer?.status === 200) {
      this.replaceChildren(element(answer.text));
    }
  }
}

customElements.define("toolkit-here", ToolkitHere);
