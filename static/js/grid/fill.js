/** Values into many cells without the clipboard: fill down, the same everywhere, today, and emptying cells. */

import { count } from "./range.js";

export class Fill {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./range.js").Range} range
   * @param {import("./edits.js").Edits} edits
   * @param {import("./many.js").Many} many
   * @param {{say: (text: string) => void, ask: (words: string, button: string) => Promise<boolean>}} page
   */
  constructor(cells, range, edits, many, page) {
    this.cells = cells;
    this.range = range;
    this.edits = edits;
    this.many = many;
    this.page = page;
  }

  /** Ctrl+D: the values of the top row into the rows below; of the row above into a single one. */
  async down() {
    const { block } = this.range;
    const single = block.length === 1;
    const sources = single ? block[0].map((cell) => this.#above(cell)) : block[0];
    const targets = single ? block : block.slice(1);
    const pairs = targets.flatMap((row) => row.map((cell, at) => [cell, sources[at]]));
    const filled = pairs.filter(([, source]) => source);
    await this.#put(
      filled.map(([cell, source]) => [cell, this.cells.raw(source), this.#shown(source)]),
    );
  }

  /**
   * Ctrl+Enter: one value into all selected cells.
   * @param {string} value
   * @param {string} shown
   * @param {boolean} raw whether it was chosen from a list, not typed
   */
  async everywhere(value, shown, raw) {
    await this.#put(
      this.range.flat.map((cell) => [cell, value, shown]),
      raw,
    );
  }

  /** Empties the selected cells; asks once where they are of more than one case. */
  async clear() {
    const cells = this.#writable(this.range.flat).filter((cell) => this.cells.text(cell));
    const rows = new Set(cells.map(({ parentElement }) => parentElement));
    if (!cells.length) {
      return;
    }
    const words = `Empty ${count(cells.length, "cell")} of ${count(rows.size, "case")}?`;
    if (rows.size > 1 && !(await this.page.ask(`${words} ${this.hiddenBetween()}`, "Empty them"))) {
      return;
    }
    await this.#send(
      "clear",
      cells.map((cell) => [cell, "", ""]),
      { clear: "1" },
    );
  }

  /** @returns {string} that a filter hides rows between the selected ones: they are left alone; or nothing */
  hiddenBetween() {
    const { block } = this.range;
    const [top, bottom] = [block[0], block.at(-1)].map(([cell]) => cell.parentElement);
    const hidden = this.cells.hiddenBetween(top, bottom);
    return hidden
      ? `Your filter hides ${count(hidden, "case")} between them: left as ${hidden === 1 ? "it is" : "they are"}.`
      : "";
  }

  async #put(triples, raw = true) {
    const hidden = this.range.wide ? this.hiddenBetween() : "";
    const differing = triples.filter(([cell, value]) => this.cells.raw(cell) !== value);
    if (differing.length && (!hidden || (await this.page.ask(hidden, "Fill the others")))) {
      await this.#send("fill", differing, { clear: "1" }, raw);
    }
  }

  async #send(kind, triples, more, raw = true) {
    const writable = new Set(this.#writable(triples.map(([cell]) => cell)));
    const left = triples.filter(([cell]) => writable.has(cell));
    if (left.length === 1) {
      const [[cell, value, shown]] = left;
      this.edits.commit(cell, value, shown, Number(cell.dataset.rev));
      return;
    }
    const wanted = left.map(([cell, value, shown]) => ({
      row: Number(cell.parentElement.dataset.row),
      field: cell.dataset.field,
      value,
      shown,
      raw,
      cell,
    }));
    if (wanted.length) {
      await this.many.act(kind, wanted, more);
    }
  }

  /** Without those that may not be written or are being edited; says so where none is left. */
  #writable(cells) {
    const left = cells.filter((cell) => !this.cells.readonly(cell) && !this.edits.busy(cell));
    if (cells.length && !left.length) {
      this.page.say("You cannot change this here");
    }
    return left;
  }

  #above(cell) {
    const { rows } = this.cells;
    return rows[rows.indexOf(cell.parentElement) - 1]?.cells[cell.cellIndex];
  }

  #shown(cell) {
    return this.cells.text(cell);
  }
}
