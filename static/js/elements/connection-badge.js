/** <connection-badge>: says whether everything is saved, and whether the server is there. */

import { words } from "../lib/saved.js";

class ConnectionBadge extends HTMLElement {
  connectedCallback() {
    document.addEventListener("icm:edits", ({ detail }) => this.#show(detail));
  }

  #show({ offline, live, unsent, needing, signedOut }) {
    const badge = this.querySelector("[data-connection]");
    const reached = live ? "live" : "polling";
    badge.dataset.connection = offline || signedOut ? "offline" : reached;
    badge.dataset.unsent = String(unsent);
    const text = words({ offline, waiting: unsent - needing, needing, signedOut });
    if (badge.textContent !== text) {
      badge.textContent = text;
    }
  }
}

customElements.define("connection-badge", ConnectionBadge);
