/** Who is signed in: the person whose page this is, or somebody else by now. */

import { page } from "./fragment.js";
import { ask, token } from "./http.js";

export class Me {
  #token = token();

  /** @param {string} id the person for whom the page was drawn */
  constructor(id) {
    this.id = id;
  }

  /** @returns {boolean} false when somebody has signed in since this was last asked: signing in changes the token */
  get sure() {
    return token() === this.#token;
  }

  /** @returns {Promise<boolean>} whether it is still the same person; throws Unreachable */
  async same() {
    if (this.sure) {
      return true;
    }
    const now = token();
    const { text } = await ask(location.href);
    const same = page(text).querySelector("[data-me]")?.dataset.me === this.id;
    if (same) {
      this.#token = now;
    }
    return same;
  }
}
