/**
 * <needs-server>: while the page is offline, links marked `data-needs-server` lead nowhere and say why.
 *
 * Import, export, who may do what and starting a meeting are nothing without the server (specs: concurrency 4.8).
 * Typing goes on, so nothing else is marked.
 */

class NeedsServer extends HTMLElement {
  connectedCallback() {
    this.words = this.querySelector("p");
    document.addEventListener("icm:edits", ({ detail }) => this.#turn(detail.offline));
    for (const kind of ["click", "auxclick"]) {
      document.addEventListener(kind, (event) => this.#chosen(event), { capture: true });
    }
  }

  #turn(offline) {
    this.words.hidden = !offline || !document.querySelector("[data-needs-server]");
    for (const link of document.querySelectorAll("[data-needs-server]")) {
      if (offline) {
        link.setAttribute("aria-disabled", "true");
        link.setAttribute("aria-describedby", this.words.id);
      } else {
        for (const name of ["aria-disabled", "aria-describedby"]) {
          link.removeAttribute(name);
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
