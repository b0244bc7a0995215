/** Tables as text, the way Excel puts them on the clipboard: tabs between cells, a line a row. Pure. */

// A cell in quotes ends at a quote that a tab, a line break or the end follows; quotes in it are doubled.
const QUOTED = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)/y;
const PLAIN = /[^\t\r\n]*/y;
const BREAK = /\r\n|\r|\n/y;

/**
 * @param {string} text
 * @returns {string[][]} a line break at the very end ends the last row, and is no row of its own
 */
export function read(text) {
  const rows = [[]];
  let at = 0;
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at = found ? pattern.lastIndex : at;
    return found;
  };
  while (at < text.length || !rows.at(-1).length) {
    const quoted = take(QUOTED);
    rows.at(-1).push(quoted ? quoted[1].replaceAll('""', '"') : take(PLAIN)[0]);
    if (text[at] === "\t") {
      at += 1;
      if (at === text.length) {
        rows.at(-1).push("");
      }
    } else if (take(BREAK) && at < text.length) {
      rows.push([]);
    }
  }
  return rows;
}

/**
 * @param {string[][]} rows
 * @returns {string}
 */
export function write(rows) {
  const cell = (text) => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\r\n");
}
