/** How soon a page that looks asks again: who saves goes before who looks (ADR 0052). */

// So many times as long as a server needed it is left to the others.
export const TIMES = 4;

export class Pace {
  /** @type {number} the moment from which it may ask */
  #free = 0;

  /** @param {number} least milliseconds in which what comes is asked for together */
  constructor(least) {
    this.least = least;
  }

  /** @returns {number} milliseconds to wait until the next question */
  get wait() {
    return Math.max(this.least, this.#free - performance.now());
  }

  /** @param {number} began the moment at which the question was sent that has just been answered */
  asked(began) {
    const now = performance.now();
    this.#free = now + TIMES * (now - began);
  }
}
