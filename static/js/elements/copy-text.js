/** <copy-text data-from="id" hidden><button>: puts the text of a box on the clipboard. */

const SAID = 3000;

class CopyText extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.button = this.querySelector("button");
    this.words = this.button.textContent;
    this.button.addEventListener("click", () => this.#copy());
  }

  async #copy() {
    const box = /** @type {HTMLTextAreaElement} */ (document.getElementById(this.dataset.from));
    await navigator.clipboard.writeText(box.value);
    this.button.textContent = "Copied";
    setTimeout(() => {
      this.button.textContent = this.words;
    }, SAID);
  }
}

customElements.define("copy-text", CopyText);
