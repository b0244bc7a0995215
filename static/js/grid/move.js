/** Which cell is active, and how the keys go from one to another (specs: grid 3.3). Nothing is edited here. */

const STEPS = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** Where this browser keeps the wish that Tab leaves the table at once. It says nothing of anybody. */
export const TAB_LEAVES = "icm-tab-leaves";

export class Move {
  #leaving = false;
  #runStart = -1;

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {(cell: HTMLElement) => void} arrived told of every cell that becomes active
   */
  constructor(cells, arrived) {
    this.cells = cells;
    this.arrived = arrived;
    /** @type {HTMLElement | null} the cell, or the button of a heading */
    this.active = null;
    cells.table.addEventListener("focusin", ({ target }) => this.#focused(target));
    // What becomes active is not to lie under the heading, however high that is.
    const head = cells.table.tHead;
    new ResizeObserver(() => {
      cells.box.style.scrollPaddingBlockStart = `${head.offsetHeight}px`;
    }).observe(head);
    this.start();
  }

  /** Gives the table its one place for Tab to arrive at. */
  start() {
    if (!this.active?.isConnected || this.active.closest("tr").hidden) {
      this.#activate(this.cells.rows[0]?.cells[0] ?? null, true);
    }
  }

  /** @param {HTMLElement} [cell] */
  to(cell) {
    if (cell) {
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  /**
   * Goes on from a cell that has been edited. After a run of Tabs, Enter goes below where the run began.
   * @param {HTMLElement} cell
   * @param {"up"|"down"|"left"|"right"|"next"|"previous"|"stay"} way
   */
  from(cell, way) {
    if (way === "next" && this.#runStart < 0) {
      this.#runStart = cell.cellIndex;
    }
    const start = this.#runStart;
    const beside = way === "stay" ? cell : this.#beside(cell, way);
    const next = beside?.matches("tbody *") ? beside : cell;
    this.to(way === "down" && start >= 0 ? next.parentElement.cells[start] : next);
    this.#runStart = way === "next" ? start : -1;
  }

  /**
   * @param {KeyboardEvent} event a key in a cell that is not being edited
   * @returns {boolean} whether it moved something
   */
  key(event) {
    const { key, ctrlKey, shiftKey, altKey, metaKey } = event;
    if (altKey || metaKey) {
      return false;
    }
    if (key === "Escape") {
      this.#leaving = true;
      return false;
    }
    if (key === "Tab") {
      return this.#tab(shiftKey ? "previous" : "next");
    }
    if (!["Shift", "Control"].includes(key)) {
      this.#leaving = false;
    }
    const next = shiftKey ? undefined : this.target(key, ctrlKey);
    if (next) {
      this.#runStart = -1;
      this.to(next);
    }
    return Boolean(next);
  }

  /** After Esc, and from the last or first cell, Tab is the browser's: it leaves the table. */
  #tab(way) {
    const inHead = this.active?.matches("thead *");
    const leaves = this.#leaving || inHead || localStorage.getItem(TAB_LEAVES) !== null;
    const next = leaves ? null : this.#beside(this.active, way);
    this.#leaving = false;
    this.to(next);
    return Boolean(next);
  }

  /**
   * @param {string} key
   * @param {boolean} ctrl
   * @param {HTMLElement} cell from which one goes
   * @returns {HTMLElement | undefined} where the key leads; nothing where it leads nowhere
   */
  target(key, ctrl, cell = this.active) {
    if (cell?.matches("thead *")) {
      return this.#inHead(key);
    }
    const row = cell.parentElement;
    if (ctrl) {
      return this.#far(key, cell.cellIndex);
    }
    if (key === "PageUp" || key === "PageDown") {
      return this.#screenFrom(row, key === "PageUp" ? -1 : 1)?.cells[cell.cellIndex];
    }
    const ends = { Home: row.cells[0], End: row.cells[row.cells.length - 1] };
    return ends[key] ?? (STEPS[key] && this.#beside(cell, STEPS[key]));
  }

  /** The corners of the table, and the ends of a column. */
  #far(key, index) {
    const { rows } = this.cells;
    const [first, last] = [rows[0]?.cells, rows.at(-1)?.cells];
    const places = {
      Home: first?.[0],
      End: last?.[last.length - 1],
      ArrowUp: first?.[index],
      ArrowDown: last?.[index],
    };
    return places[key];
  }

  #beside(cell, way) {
    let next = this.#step(cell, way);
    while (next?.matches("tbody *") && !this.cells.shows(next)) {
      next = this.#step(next, way);
    }
    return next;
  }

  #step(cell, way) {
    const row = cell.parentElement;
    const index = cell.cellIndex;
    const above = () => this.cells.beside(row, "previousElementSibling");
    const below = () => this.cells.beside(row, "nextElementSibling");
    switch (way) {
      case "up":
        return above()?.cells[index] ?? this.#heading(index);
      case "down":
        return below()?.cells[index];
      case "left":
      case "previous":
        return row.cells[index - 1] ?? (way === "left" ? undefined : above()?.lastElementChild);
      default:
        return row.cells[index + 1] ?? (way === "right" ? undefined : below()?.cells[0]);
    }
  }

  #heading(index) {
    return this.cells.table.tHead.rows[0].cells[index]?.querySelector("button");
  }

  #inHead(key) {
    const heading = this.active.closest("th");
    const buttons = [...this.cells.table.tHead.querySelectorAll("button")];
    const at = buttons.indexOf(this.active);
    const below = this.cells.rows[0]?.cells[heading.cellIndex];
    const targets = { ArrowDown: below, ArrowLeft: buttons[at - 1], ArrowRight: buttons[at + 1] };
    return targets[key] ?? { Home: buttons[0], End: buttons.at(-1) }[key];
  }

  #screenFrom(row, way) {
    const { rows, box } = this.cells;
    const height = Math.min(box.clientHeight, window.innerHeight) - row.offsetHeight;
    const aim = row.offsetTop + way * height;
    const beyond = (one) => (way > 0 ? one.offsetTop >= aim : one.offsetTop <= aim);
    return way > 0 ? (rows.find(beyond) ?? rows.at(-1)) : (rows.findLast(beyond) ?? rows[0]);
  }

  #focused(target) {
    const cell = target.closest("tbody th, tbody td");
    const place = cell ?? target.closest("thead button");
    if (place && place !== this.active) {
      this.#activate(place, false);
    }
    if (cell) {
      this.arrived(cell);
    }
  }

  #activate(place, quietly) {
    if (this.active) {
      this.active.tabIndex = -1;
      this.active.removeAttribute("data-active");
    }
    this.active = place;
    if (place) {
      place.tabIndex = 0;
      if (!quietly) {
        place.dataset.active = "";
      }
    }
  }
}
