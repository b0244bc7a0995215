/**
 * <needs-server>: while the page is offline, links and buttons marked `data-needs-server` do nothing and say why.
 *
 * Import, export, who may do what and starting a meeting are nothing without the server (specs: concurrency 4.8),
 * and so is a form that is sent as a page: the browser would put its own page in the place of what was typed.
 * Typing goes on, so nothing else is marked. A page without a live table knows what its browser knows.
 */

class NeedsServer extends HTMLElement {
  connectedCallback() {
    this.words = this.querySelector("p");
    if (document.querySelector("tracker-grid")) {
      document.addEventListener("icm:edits", ({ detail }) => this.#turn(detail.offline));
    } else {
      window.addEventListener("offline", () => this.#turn(true));
      window.addEventListener("online", () => this.#turn(false));
    }
    for (const kind of ["click", "auxclick"]) {
      document.addEventListener(kind, (event) => this.#chosen(event), { capture: true });
    }
  }

  #turn(offline) {
    this.words.hidden = !offline || !document.querySelector("[data-needs-server]");
    for (const one of document.querySelectorAll("[data-needs-server]")) {
      if (offline) {
        one.setAttribute("aria-disabled", "true");
        one.setAttribute("aria-describedby", this.words.id);
      } else {
        for (const name of ["aria-disabled", "aria-describedby"]) {
          one.removeAttribute(name);
        }
      }
    }
  }

  // It stays where the keyboard finds it, and only leads nowhere.
  #chosen(event) {
    if (event.target.closest?.('[data-needs-server][aria-disabled="true"]')) {
      event.preventDefault();
    }
  }
}

customElements.define("needs-server", NeedsServer);
