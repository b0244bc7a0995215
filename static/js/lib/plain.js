/** Words as they are compared. Pure. */

/**
 * @param {string} text
 * @returns {string} in small letters, with single spaces
 */
export function plain(text) {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}
