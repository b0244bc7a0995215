/** The case in hand, or siblings: shows their rows and writes into them, through the grid as everywhere. */

// What is typed once for siblings (tracker/changes/meetings.py says the same).
const SHARED = new Set(["action", "owner", "by_when"]);

export class Hand {
  /** @param {HTMLElement & Record<string, any>} grid the <tracker-grid> around their rows */
  constructor(grid) {
    this.grid = grid;
    /** @type {string[]} */
    this.ids = [];
    grid.also = (cell) => this.#also(cell);
  }

  /** @param {string[]} ids of the rows that are shown; all others are hidden */
  show(ids) {
    this.ids = ids;
    const { cells, move } = this.grid;
    for (const row of cells.body.rows) {
      row.hidden = !ids.includes(row.dataset.row);
    }
    if (!this.rows.some((row) => row.contains(move.active))) {
      move.active?.removeAttribute("data-active");
      move.active = null;
      move.start();
    }
    cells.table.toggleAttribute("data-siblings", ids.length > 1);
  }

  /** @returns {HTMLTableRowElement[]} the rows that are on the tracker */
  get rows() {
    const { rows } = this.grid.cells;
    return rows.filter(({ dataset }) => this.ids.includes(dataset.row));
  }

  /** @returns {HTMLTableRowElement | undefined} the one that keys are about: where the person is, or the first */
  get row() {
    const { rows } = this;
    return rows.find((row) => row.contains(this.grid.move.active)) ?? rows[0];
  }

  /** @returns {string} the raw value of a field of the case that keys are about */
  raw(field) {
    const cell = this.#cell(field);
    return cell ? this.grid.cells.raw(cell) : "";
  }

  /** @returns {string} what the case is called */
  get name() {
    return this.rows.map(({ dataset }) => this.#text(dataset.row, "person")).join(" and ");
  }

  #text(row, field) {
    return this.grid.cells.text(this.grid.cells.find(row, field));
  }

  /**
   * Opens the editor of a field.
   * @param {string} field
   * @param {string} [text] what stands in it; without it, what the cell holds
   * @returns {boolean} whether it could be opened
   */
  edit(field, text) {
    const cell = this.#cell(field);
    if (!cell || this.grid.cells.readonly(cell)) {
      return false;
    }
    const panel = cell.querySelector(":scope > .conflict-panel");
    if (panel) {
      panel.focus();
      return false;
    }
    this.grid.edits.editors.start(cell, { mode: "edit", text });
    cell.scrollIntoView({ block: "nearest" });
    return true;
  }

  /**
   * Writes a field of the case.
   * @param {string} field
   * @param {string} value
   * @param {string} shown as people read it
   */
  write(field, value, shown = value) {
    const cell = this.#cell(field);
    if (cell) {
      this.#commit(cell, value, shown);
    }
  }

  /** Writes a field of every case of the step: what is said of an action that they share. */
  writeAll(field, value) {
    for (const { dataset } of this.rows) {
      this.#commit(this.grid.cells.find(dataset.row, field), value, value);
    }
  }

  #commit(cell, value, shown) {
    const { cells, edits } = this.grid;
    if (!cells.readonly(cell) && cells.raw(cell) !== value) {
      edits.commit(cell, value, shown, Number(cell.dataset.rev));
    }
  }

  #cell(field) {
    const { row } = this;
    return row && this.grid.cells.find(row.dataset.row, field);
  }

  /** "12:3,13:0": the siblings that a cell is written to as well, with the versions that are on the page. */
  #also(cell) {
    const { field } = cell.dataset;
    if (!SHARED.has(field) || !this.ids.includes(cell.parentElement.dataset.row)) {
      return "";
    }
    const others = this.rows.filter((row) => row !== cell.parentElement);
    const pairs = others.map(({ dataset }) => [
      dataset.row,
      this.grid.cells.find(dataset.row, field),
    ]);
    return pairs.map(([row, one]) => `${row}:${one.dataset.rev}`).join(",");
  }
}
