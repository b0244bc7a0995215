/** Puts a newer part of the page in the place of an older one; who is on something in it stays on it. */

// What stands in a <noscript> is text in the page as it was loaded, but elements in a part that came later.
const CAN_HOLD_FOCUS = ":is(a, button, summary):not(noscript *)";

/**
 * @param {Element} old
 * @param {Element} part as the server renders it now
 */
export function swap(old, part) {
  const at = [...old.querySelectorAll(CAN_HOLD_FOCUS)].indexOf(document.activeElement);
  const opened = [...old.querySelectorAll("details")].map(({ open }) => open);
  old.replaceWith(part);
  part.querySelectorAll("details").forEach((one, index) => {
    one.open = opened[index] ?? one.open;
  });
  if (at >= 0) {
    part.querySelectorAll(CAN_HOLD_FOCUS)[at]?.focus({ preventScroll: true });
  }
}
