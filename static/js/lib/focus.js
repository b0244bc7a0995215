/**
 * Keeps the reader's place: what is in view stays where it was while the page around it changes. Some browsers
 * do so by themselves (scroll anchoring), others do not.
 */

/**
 * @param {HTMLElement} box what scrolls, or the page where it does not
 * @param {HTMLElement | null | undefined} anchor its top edge is to stay
 * @param {() => void} act changes the page
 */
export function keepingPlace(box, anchor, act) {
  const before = anchor?.getBoundingClientRect().top;
  act();
  if (before === undefined || !anchor.isConnected) {
    return;
  }
  const moved = anchor.getBoundingClientRect().top - before;
  if (moved) {
    const scroller = box.scrollHeight > box.clientHeight ? box : document.scrollingElement;
    scroller.scrollTop += moved;
  }
}

/**
 * @param {Element} thing
 * @returns {boolean} whether any of it is on the screen
 */
export function inView(thing) {
  const { top, bottom, height } = thing.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < window.innerHeight;
}
