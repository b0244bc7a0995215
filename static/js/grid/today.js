/** The day it is here, as people write it. */

/** @returns {string} dd/mm/yyyy */
export function today() {
  return new Date().toLocaleDateString("en-GB", {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
  });
}
