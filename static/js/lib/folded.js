/** A text as one looks for it: without capitals and accents, each sign in its place. Pure. */

const ACCENTS = /\p{M}/gu;

/**
 * @param {string} text
 * @returns {string} as long as the text, so that a place in one is the same place in the other
 */
export function folded(text) {
  return [...text].map(fold).join("");
}

function fold(sign) {
  const plain = sign.normalize("NFD").replace(ACCENTS, "").toLowerCase();
  return plain.length === sign.length ? plain : sign;
}
