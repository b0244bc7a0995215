/** What goes to the clipboard and what comes from it: a table as HTML and as text (specs: grid 3.5). */

import { page } from "../lib/fragment.js";
import { read, write } from "../lib/tsv.js";

const ISO = /^\d{4}-\d{2}-\d{2}$/;
// Elements that stand on a line of their own within a cell.
const LINES = new Set(["P", "DIV", "LI", "TR", "H1", "H2", "H3"]);
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @typedef {{rows: string[][], cut: string}} Copied `cut` is the number of a cut of this page, if it is one */

/**
 * @param {import("./cells.js").Cells} cells
 * @param {HTMLElement[][]} block
 * @param {{headings?: boolean, cut?: string}} wanted
 * @returns {{text: string, html: string}}
 */
export function toClipboard(cells, block, { headings = false, cut = "" }) {
  const heads = headings ? [block[0].map((cell) => cells.column(cell).label)] : [];
  const values = block.map((row) => row.map((cell) => value(cells, cell)));
  const table = [
    ...heads.map((row) => line(row.map((text) => `<th>${escaped(text)}</th>`))),
    ...values.map((row) => line(row.map(htmlCell))),
  ];
  return {
    text: write([...heads, ...values.map((row) => row.map(({ text }) => text))]),
    html: `<table data-icm-cut="${cut}">${table.join("")}</table>`,
  };
}

/**
 * @param {DataTransfer} data
 * @returns {Copied | null} null where there is neither a table nor text
 */
export function fromClipboard(data) {
  const html = data.getData("text/html");
  const table = html ? page(unstyled(html)).querySelector("table") : null;
  if (table) {
    return { rows: rowsOf(table), cut: table.dataset.icmCut ?? "" };
  }
  const text = data.getData("text/plain");
  return text ? { rows: read(text), cut: "" } : null;
}

// What stands in a cell counts, not how: the policy of this site lets no style of another page in.
function unstyled(html) {
  const bare = (tag) => tag.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/gi, "");
  return html.replace(/<style[\s>][\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, bare);
}

// A day goes out with its four figures of the year, and as ISO beside it, so that it is never read month first.
function value(cells, cell) {
  const raw = cells.raw(cell);
  const dated = cells.column(cell).kind === "date" && ISO.test(raw);
  return dated
    ? { text: raw.split("-").reverse().join("/"), iso: raw }
    : { text: cells.text(cell), iso: "" };
}

// Excel takes what is marked as text for text: a PIN keeps its zeros, and nothing becomes a formula.
function htmlCell({ text, iso }) {
  if (iso) {
    return `<td><time datetime="${iso}">${text}</time></td>`;
  }
  const words = escaped(text).replaceAll("\n", '<br style="mso-data-placement:same-cell">');
  return `<td style="mso-number-format:'\\@'">${words}</td>`;
}

function line(cells) {
  return `<tr>${cells.join("")}</tr>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => SIGNS[sign]);
}

// A cell that is merged over others counts once, and the places under it are empty, as they are in Excel.
function rowsOf(table) {
  const rows = [...table.rows].map(() => []);
  [...table.rows].forEach((row, top) => {
    let at = 0;
    for (const cell of row.cells) {
      while (rows[top][at] !== undefined) {
        at += 1;
      }
      for (let down = 0; down < cell.rowSpan && rows[top + down]; down += 1) {
        for (let right = 0; right < cell.colSpan; right += 1) {
          rows[top + down][at + right] = down || right ? "" : textOf(cell);
        }
      }
    }
  });
  return rows.filter((row) => row.length);
}

function textOf(cell) {
  const iso = cell.querySelector("time")?.dateTime ?? "";
  if (ISO.test(iso)) {
    return iso;
  }
  const parts = [];
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        parts.push(child.data.replace(/\s+/g, " "));
      } else if (child.nodeName === "BR") {
        parts.push("\n");
      } else if (child.nodeType === Node.ELEMENT_NODE) {
        const apart = LINES.has(child.nodeName) && parts.length;
        parts.push(apart ? "\n" : "");
        walk(child);
      }
    }
  };
  walk(cell);
  return parts
    .join("")
    .replace(/ *\n */g, "\n")
    .trim();
}
