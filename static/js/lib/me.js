/** Whether the person who is signed in is still the one whose page this is. */

import { token } from "./http.js";

export class Me {
  #token = token();

  /** @returns {boolean} false when somebody has signed in since the server last said so: that changes the token */
  get sure() {
    return token() === this.#token;
  }

  /** The server has just answered this page's person. */
  confirmed() {
    this.#token = token();
  }
}
