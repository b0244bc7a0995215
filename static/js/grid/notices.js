/** Sentences above the table that stay until they are read: what was refused, what is kept and not done. */

import { make } from "../lib/fragment.js";

/**
 * A small quiet button.
 * @param {string} words
 * @param {() => void} act
 * @returns {HTMLElement}
 */
export function button(words, act) {
  const made = make(
    "button",
    { type: "button", class: "button button--quiet button--small" },
    words,
  );
  made.addEventListener("click", act);
  return made;
}

/**
 * @param {HTMLElement} tray
 * @param {string} name one of a name is there at a time
 * @param {string} words
 * @param {Record<string, () => void>} acts words of a button → what it does; each also takes the notice away
 * @returns {HTMLElement} the notice
 */
export function notice(tray, name, words, acts) {
  tray.querySelector(`[data-notice="${name}"]`)?.remove();
  const buttons = Object.entries(acts).map(([text, act]) =>
    button(text, () => {
      made.remove();
      act();
    }),
  );
  const made = warning(name, make("p", {}, words), make("div", { class: "buttons" }, ...buttons));
  tray.prepend(made);
  return made;
}

/**
 * @param {string} name
 * @param {...HTMLElement} content
 * @returns {HTMLElement} a notice that is nowhere yet
 */
export function warning(name, ...content) {
  const facts = { class: "notice", "data-kind": "warning", "data-notice": name, role: "alert" };
  return make("div", facts, ...content);
}
