/** Where two texts differ, by whole words. Pure. */

/**
 * @param {string} before
 * @param {string} after
 * @returns {[string, string, string]} `after` in three parts: as before, different, as before
 */
export function differing(before, after) {
  const old = words(before);
  const now = words(after);
  const most = Math.min(old.length, now.length);
  let start = 0;
  while (start < most && old[start] === now[start]) {
    start += 1;
  }
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === now[now.length - 1 - end]) {
    end += 1;
  }
  const cut = now.length - end;
  return [now.slice(0, start), now.slice(start, cut), now.slice(cut)].map((part) => part.join(""));
}

function words(text) {
  return text.match(/\s+|[^\s]+/g) ?? [];
}
