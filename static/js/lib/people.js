/**
 * Who the numbers in the stream are: asked once of the server, which says only whom this page may know.
 * With the first of them come all who may edit here.
 */

import { ask, Unreachable } from "./http.js";

const NOBODY = { initials: "", name: "Somebody" };

export class People {
  /** @type {Map<number, {initials: string, name: string}>} */
  #known = new Map();

  /** @param {string} address */
  constructor(address) {
    this.address = address;
  }

  /**
   * Learns the names of those that are not known yet; throws Unreachable.
   * @param {(number | null)[]} numbers null is no person
   */
  async know(numbers) {
    const unknown = [...new Set(numbers)].filter((one) => one && !this.#known.has(one));
    if (unknown.length) {
      const all = this.#known.size ? "" : "&colleagues=1";
      const { status, told } = await ask(`${this.address}?ids=${unknown.join(",")}${all}`);
      // Who is not told would be nobody for good.
      if (status !== 200) {
        throw new Unreachable(this.address);
      }
      for (const one of unknown) {
        this.#known.set(one, NOBODY);
      }
      for (const [number, person] of Object.entries(told)) {
        this.#known.set(Number(number), person);
      }
    }
  }

  /** @returns {{initials: string, name: string}} */
  of(number) {
    return this.#known.get(number) ?? NOBODY;
  }
}
