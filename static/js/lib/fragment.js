/** Markup that the server rendered, turned into elements: the one place that sets inner HTML. */

/**
 * @param {string} html one element, such as a cell or a panel
 * @returns {HTMLElement}
 */
export function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return /** @type {HTMLElement} */ (holder.content.firstElementChild);
}

/**
 * @param {string} html a whole page
 * @returns {Document} inert: nothing of it is loaded or run
 */
export function page(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/**
 * A new element with its facts and what stands in it.
 * @param {string} tag
 * @param {Record<string, string>} [facts] attributes
 * @param {...(Node|string)} content
 * @returns {HTMLElement}
 */
export function make(tag, facts = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    made.setAttribute(name, value);
  }
  made.append(...content);
  return made;
}
