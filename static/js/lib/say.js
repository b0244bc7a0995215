/** Speaks through one polite live region, and not more often than a person can listen. */

const QUIET = 5000;
/** Under this name a person's wish to hear nothing of what others do is kept in this browser. */
export const MUTED = "icm-others-muted";

export class Say {
  #region;
  #waiting = [];
  #timer = 0;

  /** @param {HTMLElement} region an element with role=status */
  constructor(region) {
    this.#region = region;
  }

  /**
   * Answers something that the person just did, at once.
   * @param {string} text
   */
  now(text) {
    // The same words twice are not spoken twice unless the text has changed in between.
    this.#region.textContent = text === this.#region.textContent ? `${text} ` : text;
  }

  /**
   * Tells what others did: at most one message in five seconds, what comes meanwhile is summed up. Nothing to
   * who wishes to hear nothing of it: the marks on the cells stay.
   * @param {string[]} texts one for each change
   */
  news(texts) {
    if (localStorage.getItem(MUTED) !== null) {
      return;
    }
    this.#waiting.push(...texts);
    if (!this.#timer) {
      this.#tell();
    }
  }

  #tell() {
    this.#timer = 0;
    const texts = this.#waiting.splice(0);
    if (texts.length) {
      this.now(texts.length === 1 ? texts[0] : `${texts.length} changes by others`);
      this.#timer = setTimeout(() => this.#tell(), QUIET);
    }
  }
}
