/** A question in a dialog that holds the focus: yes, or Esc and nothing happens. */

import { make } from "../lib/fragment.js";

/**
 * @param {string} title
 * @param {HTMLElement[]} content
 * @param {string} yes the words of the button that agrees
 * @returns {Promise<boolean>} the focus is back where it was when it answers
 */
export function confirmed(title, content, yes) {
  const { dialog, closed } = opened(title, content, [
    make("button", { class: "button", value: "yes" }, yes),
    make("button", { class: "button button--quiet", value: "", formnovalidate: "" }, "Cancel"),
  ]);
  dialog.querySelector("select, input, .button")?.focus();
  return closed.then((answer) => answer === "yes");
}

/**
 * Opens a dialog of its own; it leaves the page when it is closed.
 * @param {string} title
 * @param {(Node | string)[]} content
 * @param {HTMLElement[]} buttons each closes it with its value
 * @returns {{dialog: HTMLDialogElement, closed: Promise<string>}} the value of the button, empty after Esc
 */
export function opened(title, content, buttons) {
  const id = `dialog-${crypto.randomUUID()}`;
  const form = make(
    "form",
    { method: "dialog" },
    make("h2", { id }, title),
    ...content,
    make("div", { class: "buttons" }, ...buttons),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    make("dialog", { class: "dialog", "aria-labelledby": id }, form)
  );
  document.body.append(dialog);
  dialog.showModal();
  const closed = new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue);
    });
  });
  return { dialog, closed };
}
