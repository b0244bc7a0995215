/** Which options of a list fit what was typed. Pure. */

/**
 * @typedef {{value: string, label: string, hint?: string}} Option
 * @param {Option[]} options
 * @param {string} typed
 * @returns {Option[]} those that begin with it, then those with a word that does, then those that hold it
 */
export function fitting(options, typed) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) {
    return options;
  }
  const rank = ({ label }) => {
    const text = label.toLowerCase();
    if (text.startsWith(wanted)) {
      return 0;
    }
    if (text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) {
      return 1;
    }
    return text.includes(wanted) ? 2 : 3;
  };
  return options.filter((option) => rank(option) < 3).sort((one, other) => rank(one) - rank(other));
}
