/** <connection-badge>: says whether everything is saved, and whether the server is there. */

class ConnectionBadge extends HTMLElement {
  connectedCallback() {
    document.addEventListener("icm:edits", ({ detail }) => this.#show(detail));
  }

  #show({ offline, unsent, needing, signedOut }) {
    const badge = this.querySelector("[data-connection]");
    badge.dataset.connection = offline || signedOut ? "offline" : "polling";
    badge.dataset.unsent = String(unsent);
    const text = words({ offline, waiting: unsent - needing, needing, signedOut });
    if (badge.textContent !== text) {
      badge.textContent = text;
    }
  }
}

/**
 * @param {{offline: boolean, waiting: number, needing: number, signedOut: boolean}} facts
 * @returns {string}
 */
export function words({ offline, waiting, needing, signedOut }) {
  const wait = waiting === 1 ? "1 change waits" : `${waiting} changes wait`;
  const need = needing ? ` ${needing} ${needing === 1 ? "needs" : "need"} you.` : "";
  if (signedOut) {
    return `Signed out${waiting ? `: ${wait}` : ""}.${need}`;
  }
  if (offline) {
    return `${waiting ? `Offline: ${wait}. Keep typing.` : "Offline. Keep typing."}${need}`;
  }
  return waiting ? `Saving ${waiting}…${need}` : need.trim() || "Saved";
}

customElements.define("connection-badge", ConnectionBadge);
