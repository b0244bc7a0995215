/** The "14 of 23 shown" line and the row numbers, after rows came or went. */

/** @param {import("./cells.js").Cells} cells */
export function countRows(cells) {
  const all = [...cells.body.rows].filter(({ dataset }) => dataset.gone === undefined);
  const shown = all.filter(({ hidden }) => !hidden).length;
  const line = cells.root.querySelector("[data-shown]");
  if (!line) {
    return;
  }
  const words = line.querySelector("[data-shown-words]");
  const text = words.textContent.replace(/^\d+ of \d+/, `${shown} of ${all.length}`);
  // The line is a live region: the same words are not set anew.
  if (text !== words.textContent) {
    words.textContent = text;
    line.dataset.shown = String(shown);
    line.dataset.total = String(all.length);
    line.dataset.hidden = String(all.length - shown);
  }
  cells.root.querySelector("[data-empty]")?.toggleAttribute("hidden", all.length > 0);
  if (cells.table.hasAttribute("aria-rowcount")) {
    number(cells.table, all);
  }
}

function number(table, rows) {
  table.setAttribute("aria-rowcount", String(rows.length + 1));
  rows.forEach((row, index) => {
    row.setAttribute("aria-rowindex", String(index + 2));
  });
}
