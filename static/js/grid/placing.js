/** Where the cells of a pasted block go: from the active cell on, or to the cases whose PINs it names. */

import { plain } from "../lib/plain.js";

/** @typedef {import("./many.js").Wanted} Wanted */

/**
 * @typedef {{wanted: Wanted[], extra: Wanted[], hidden: number, refused: string}} Placed `extra` are cells of new
 *   cases, for rows past the last one; `hidden` is how many rows a filter hides between
 */

export class Placing {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {HTMLElement[][]} target the selected cells
   * @param {string[][]} rows what was copied
   */
  constructor(cells, target, rows) {
    this.cells = cells;
    this.target = target;
    this.headings = headingsOf(cells, rows[0]);
    this.rows = this.headings && rows.length > 1 ? rows.slice(1) : rows;
    this.width = Math.max(...this.rows.map(({ length }) => length));
  }

  /** @returns {boolean} whether the first column names cases of this tracker by their PINs */
  get namesCases() {
    const pins = new Set(this.#pins().map(short));
    return this.width > 1 && this.rows.some(([pin]) => short(pin) && pins.has(short(pin)));
  }

  /** @returns {Placed} from the first selected cell on; repeated where the selection is a multiple of the block */
  here() {
    const [first] = this.target[0];
    const fields = this.#fieldsFrom(first);
    if (this.width > fields.length) {
      const columns = fields.length === 1 ? "one column" : `${fields.length} columns`;
      const refused = `What you copied is ${this.width} columns wide, and from here only ${columns} are left. Nothing was pasted.`;
      return { wanted: [], extra: [], hidden: 0, refused };
    }
    const { rows } = this.cells;
    const top = rows.indexOf(first.parentElement);
    const [height, width] = this.#size();
    const wanted = [];
    const extra = [];
    for (let down = 0; down < height; down += 1) {
      const line = this.rows[down % this.rows.length];
      for (let right = 0; right < width; right += 1) {
        const value = line[right % this.width];
        const row = rows[top + down];
        if (value !== undefined && row) {
          wanted.push(this.#one(row, fields[right], value));
        } else if (value) {
          extra.push({ row: null, new: String(down), field: fields[right], value });
        }
      }
    }
    const last = rows[Math.min(top + height, rows.length) - 1];
    const hidden = this.cells.hiddenBetween(first.parentElement, last);
    return { wanted, extra, hidden, refused: "" };
  }

  /**
   * @param {string[]} fields for each column after the first the field it goes to; empty leaves it out
   * @returns {Placed}
   */
  byPin(fields) {
    const wanted = this.rows.flatMap(([pin, ...values]) =>
      values.flatMap((value, at) => (fields[at] ? [{ pin, field: fields[at], value }] : [])),
    );
    return { wanted, extra: [], hidden: 0, refused: "" };
  }

  /** @returns {string[]} which field each column after the first seems to be for; empty where nobody knows */
  get guesses() {
    const from = this.#fieldsFrom(this.target[0][0]).filter((field) => field !== "pin");
    const taken = new Set();
    return Array.from({ length: this.width - 1 }, (_, at) => {
      const values = this.rows.map((row) => row[at + 1]).filter(Boolean);
      const guess = this.headings?.[at + 1] || this.#looksLike(values, from) || (from[at] ?? "");
      const field = taken.has(guess) ? "" : guess;
      taken.add(field);
      return field;
    });
  }

  #looksLike(values, from) {
    const columns = [...this.cells.columns.values()];
    const chosen = columns.find(({ key }) => {
      const labels = this.cells
        .options({ dataset: { field: key } })
        ?.map(({ label }) => plain(label));
      return values.length && labels && values.every((value) => labels.includes(plain(value)));
    });
    if (chosen) {
      return chosen.key;
    }
    const dates = columns.filter(({ kind }) => kind === "date").map(({ key }) => key);
    if (values.length && values.every((value) => DATE.test(value))) {
      return dates.includes(from[0]) ? from[0] : "next_meeting";
    }
    const names = new Set(this.cells.rows.map(({ dataset }) => this.#text(dataset.row, "person")));
    return values.length && values.every((value) => names.has(value)) ? "person" : "";
  }

  #size() {
    const [height, width] = [this.rows.length, this.width];
    const [tall, wide] = [this.target.length, this.target[0].length];
    const repeats = tall % height === 0 && wide % width === 0;
    return repeats ? [tall, wide] : [height, width];
  }

  #fieldsFrom(cell) {
    const cells = [...cell.parentElement.cells].slice(cell.cellIndex);
    return cells
      .filter((one) => one.dataset.field && one.checkVisibility())
      .map(({ dataset }) => dataset.field);
  }

  #one(row, field, value) {
    return { row: Number(row.dataset.row), field, value };
  }

  #pins() {
    return [...this.cells.body.rows].map(({ dataset }) => this.#text(dataset.row, "pin"));
  }

  #text(row, field) {
    const cell = this.cells.find(row, field);
    return cell ? this.cells.text(cell) : "";
  }
}

const DATE = /^\s*(\d{1,2}[/. -]\d{1,2}([/. -]\d{2,4})?|\d{4}-\d{2}-\d{2})\s*$/;

// The headings by which a workbook's columns are known: two of them, or one over a single column, are no chance.
function headingsOf(cells, row) {
  const byLabel = new Map([...cells.columns.values()].map(({ key, label }) => [plain(label), key]));
  const found = row.map((text) => byLabel.get(plain(text.split("(")[0])) ?? "");
  const known = found.filter(Boolean).length;
  return known >= Math.min(2, row.length) ? found : null;
}

// Excel takes the zeros from a PIN that it thinks is a number.
function short(pin) {
  return pin.replace(/\s/g, "").replace(/^0+/, "");
}
