/** How soon a page that looks asks again: who saves goes before who looks (ADR 0052). */

// So many times as long as a server needed it is left to the others.
const TIMES = 4;

export class Pace {
  /** @type {number} the moment from which it may ask */
  #free = 0;

  /**
   * @param {number} least milliseconds
   * @returns {number} those to wait until the next question
   */
  wait(least) {
    return Math.max(least, this.#free - performance.now());
  }

  /**
   * @param {number} began the moment at which the question was sent that has just been answered
   * @param {number} [least] milliseconds that are left to the others in any case
   */
  asked(began, least = 0) {
    const now = performance.now();
    this.#free = now + Math.max(least, TIMES * (now - began));
  }
}
