/** The list of keys, as the help page has it, in a dialog. Loaded when it is first asked for. */

import { make, page } from "../lib/fragment.js";
import { ask, Unreachable } from "../lib/http.js";
import { MUTED } from "../lib/say.js";
import { opened } from "./ask.js";
import { TAB_LEAVES } from "./move.js";

// Each is kept in this browser, under a name.
const WISHES = [
  { name: TAB_LEAVES, words: " Tab leaves the table at once, in this browser" },
  { name: MUTED, words: " Changes by others are not read out, in this browser" },
];

/** @param {string} address of the help page */
export async function showKeys(address) {
  const list =
    (await keys(address)) ??
    make("p", {}, "The list cannot be reached now. Try again when you are online.");
  const close = make("button", { class: "button", value: "" }, "Close");
  const { dialog } = opened("Keys of the table", [list, ...WISHES.map(wish)], [close]);
  dialog.classList.add("dialog--wide");
  // The list begins at its top; the close button is far below.
  (list.tabIndex < 0 ? close : list).focus({ preventScroll: true });
  dialog.scrollTop = 0;
}

async function keys(address) {
  try {
    const { text } = await ask(address);
    const table = page(text).querySelector('[aria-labelledby="keys"] .table-box');
    return table && document.adoptNode(table);
  } catch (error) {
    if (!(error instanceof Unreachable)) {
      throw error;
    }
    return null;
  }
}

function wish({ name, words }) {
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox" }));
  input.checked = localStorage.getItem(name) !== null;
  input.addEventListener("change", () => {
    if (input.checked) {
      localStorage.setItem(name, "");
    } else {
      localStorage.removeItem(name);
    }
  });
  return make("label", { class: "choice" }, input, words);
}
