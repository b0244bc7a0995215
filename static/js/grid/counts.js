/** The "14 of 23 shown, 9 hidden by Stage" line and the row numbers, after rows came or went. */

/** @param {import("./cells.js").Cells} cells */
export function countRows(cells) {
  const all = [...cells.body.rows].filter(
    ({ dataset }) => dataset.row && dataset.gone === undefined,
  );
  const shown = all.filter(({ hidden }) => !hidden).length;
  const line = cells.root.querySelector("[data-shown]");
  if (!line) {
    return;
  }
  const words = line.querySelector("[data-shown-words]");
  const text = words.textContent
    .replace(/^\d+ of \d+/, `${shown} of ${all.length}`)
    .replace(/\d+ hidden/, `${all.length - shown} hidden`);
  // The line is a live region: the same words are not set anew.
  if (text !== words.textContent) {
    words.textContent = text;
  }
  line.dataset.shown = String(shown);
  line.dataset.total = String(all.length);
  line.dataset.hidden = String(all.length - shown);
  cells.root.querySelector("[data-empty]")?.toggleAttribute("hidden", all.length > 0);
  number(cells.table, all, shown < all.length);
}

// Only while rows are hidden, and then on every row: a missing number is worse than none (specs: grid 3.1).
function number(table, rows, counted) {
  set(table, "aria-rowcount", counted && rows.length + 1);
  set(table.tHead.rows[0], "aria-rowindex", counted && 1);
  rows.forEach((row, index) => {
    set(row, "aria-rowindex", counted && index + 2);
  });
}

function set(thing, name, value) {
  if (value === false) {
    thing.removeAttribute(name);
  } else {
    thing.setAttribute(name, String(value));
  }
}
