/**
 * Which cells are selected: a rectangle that grows from the active cell to a corner (specs: grid 3.2).
 *
 * As in Excel the active cell stays where the range began: what is typed goes there. Only the corner moves.
 */

export class Range {
  /** @type {HTMLElement | null} the corner that stays: the active cell, or the first of a whole row or column */
  #from = null;
  /** @type {HTMLElement | null} the corner that moves; null while nothing but the active cell is selected */
  #to = null;
  /** @type {HTMLElement | null} the cell that was active when the range was drawn */
  #began = null;
  /** @type {Set<HTMLElement>} */
  #marked = new Set();

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./move.js").Move} move
   * @param {(text: string) => void} say
   */
  constructor(cells, move, say) {
    this.cells = cells;
    this.move = move;
    this.say = say;
    const { table } = cells;
    table.setAttribute("aria-multiselectable", "true");
    table.addEventListener("focusin", ({ target }) => this.#focused(target));
    table.addEventListener("pointerdown", (event) => this.#pressed(event));
  }

  /** @returns {HTMLElement | null} the active cell, where it is one that holds a value */
  get cell() {
    const cell = this.move.active?.closest("tbody [data-field]");
    return cell?.isConnected ? cell : null;
  }

  /** @returns {boolean} whether more than the active cell is selected */
  get wide() {
    return Boolean(this.#to);
  }

  /** @returns {HTMLElement[][]} the selected cells, row by row as they are shown; at least the active one */
  get block() {
    const { cell } = this;
    if (!cell || !this.#there) {
      return cell ? [[cell]] : [];
    }
    const rows = this.cells.rows;
    const [top, bottom] = ends(
      rows.indexOf(this.#from.parentElement),
      rows.indexOf(this.#to.parentElement),
    );
    const [left, right] = ends(this.#from.cellIndex, this.#to.cellIndex);
    const places = this.#fields(rows[top]).filter((at) => at >= left && at <= right);
    return rows.slice(top, bottom + 1).map((row) => places.map((at) => row.cells[at]));
  }

  /** @returns {HTMLElement[]} the selected cells in one line */
  get flat() {
    return this.block.flat();
  }

  /**
   * Selects the rectangle between two cells.
   * @param {HTMLElement} from
   * @param {HTMLElement} to
   */
  select(from, to) {
    this.#from = from;
    this.#to = to;
    this.#began = this.cell;
    this.#mark();
    const { block } = this;
    this.say(`Selected: ${count(block.length, "row")}, ${count(block[0].length, "column")}`);
  }

  /** Nothing but the active cell is selected any more. */
  drop() {
    this.#from = null;
    this.#to = null;
    this.#mark();
  }

  /**
   * @param {KeyboardEvent} event a key in a cell that is not being edited
   * @returns {boolean} whether it changed the range
   */
  key(event) {
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (!this.cell || altKey) {
      return false;
    }
    if (key === "Escape" && this.wide) {
      this.drop();
      return true;
    }
    const whole = this.#whole(key, ctrlKey || metaKey, shiftKey);
    if (whole) {
      this.select(...whole);
      return true;
    }
    return shiftKey && this.#extend(key, ctrlKey);
  }

  #extend(key, ctrl) {
    const corner = this.#there ? this.#to : this.cell;
    const target = this.move.target(key, ctrl, corner);
    if (!target) {
      return false;
    }
    // Upwards from the first row is the heading, and after the last column the row's menu: no values.
    const row = target.closest("tbody tr") ?? corner.parentElement;
    const fields = this.#fields(row);
    const at = target.matches("tbody *") ? target.cellIndex : corner.cellIndex;
    const cell = row.cells[fields.findLast((one) => one <= at) ?? fields[0]];
    this.select(this.#there ? this.#from : this.cell, cell);
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  /** Ctrl+A, Shift+Space and Ctrl+Space: the corners of all, of the rows, of the columns. */
  #whole(key, ctrl, shift) {
    const all = key.toLowerCase() === "a" && ctrl && !shift;
    const wanted = key === " " && (ctrl || shift);
    if (!all && !wanted) {
      return null;
    }
    const rows = this.cells.rows;
    const { block } = this;
    const fields = this.#fields(rows[0]);
    const [top, bottom] =
      all || ctrl ? [rows[0], rows.at(-1)] : [block[0][0], block.at(-1)[0]].map(rowOf);
    const [left, right] =
      all || shift
        ? [fields[0], fields.at(-1)]
        : [block[0][0].cellIndex, block[0].at(-1).cellIndex];
    return [top.cells[left], bottom.cells[right]];
  }

  /** @returns {number[]} the places of the columns that are shown and hold values */
  #fields(row) {
    return [...row.cells]
      .filter((cell) => cell.dataset.field && cell.checkVisibility())
      .map(({ cellIndex }) => cellIndex);
  }

  /** @returns {boolean} whether both corners are still on the page and shown */
  get #there() {
    return [this.#from, this.#to].every((cell) => cell?.isConnected && !rowOf(cell).hidden);
  }

  #mark() {
    const now = new Set(this.#to ? this.flat : []);
    for (const cell of this.#marked) {
      if (!now.has(cell)) {
        cell.removeAttribute("aria-selected");
      }
    }
    for (const cell of now) {
      if (!this.#marked.has(cell)) {
        cell.setAttribute("aria-selected", "true");
      }
    }
    this.#marked = now;
  }

  #focused(target) {
    if (this.wide && target.closest("tbody [data-field]") !== this.#began) {
      this.drop();
    }
  }

  /** Shift and a click, or the mouse drawn over cells. A finger scrolls. */
  #pressed(event) {
    const { target, button, shiftKey, pointerType } = event;
    const cell = target.closest("tbody [data-field]");
    if (!cell || button || pointerType === "touch" || target.closest(OPEN)) {
      return;
    }
    if (shiftKey && this.cell) {
      event.preventDefault();
      // A press on the mouse would move the focus, and with it the cell from which the range grows.
      this.cells.table.addEventListener("mousedown", (press) => press.preventDefault(), {
        once: true,
      });
      this.select(this.cell, cell);
      return;
    }
    this.drop();
    this.#draw(cell);
  }

  #draw(began) {
    const { table } = this.cells;
    const over = ({ target }) => {
      const cell = target.closest?.("tbody [data-field]");
      if (cell && (cell !== began || this.wide) && cell !== this.#to && this.cell === began) {
        table.dataset.drawing = "";
        getSelection().removeAllRanges();
        this.select(began, cell);
        cell.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    };
    const done = new AbortController();
    const { signal } = done;
    const end = () => {
      done.abort();
      delete table.dataset.drawing;
    };
    table.addEventListener("pointerover", over, { signal });
    window.addEventListener("pointerup", end, { signal });
    window.addEventListener("pointercancel", end, { signal });
  }
}

// What lies open in a cell has a mouse of its own.
const OPEN = ".cell-editor, .conflict-panel, a, button";

function ends(one, other) {
  return one < other ? [one, other] : [other, one];
}

function rowOf(cell) {
  return cell.parentElement;
}

/**
 * @param {number} number
 * @param {string} what
 * @returns {string} "1 row", "2 rows"
 */
export function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
