/** The find bar: Ctrl+F steps through the cells that hold a text; a second Ctrl+F is the browser's own. */

import { folded } from "../lib/folded.js";

const MARK = "found";

export class Find {
  /** @type {HTMLElement | null} the cell that is shown */
  #at = null;
  /** @type {HTMLElement | null} where the person came from */
  #from = null;

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {HTMLElement} bar
   * @param {(cell: HTMLElement) => void} go puts the focus on a cell
   */
  constructor(cells, bar, go) {
    this.cells = cells;
    this.bar = bar;
    this.go = go;
    this.input = bar.querySelector("input");
    this.words = bar.querySelector("[data-found]");
    // An open editor keeps its keys to itself: this one is caught on its way down.
    document.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
    this.input.addEventListener("input", () => this.#look());
    bar.addEventListener("keydown", (event) => this.#key(event));
    bar.addEventListener("click", ({ target }) => this.#click(target.closest("button")));
  }

  #pressed(event) {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    const finds = key.toLowerCase() === "f" && (ctrlKey || metaKey) && !altKey && !shiftKey;
    if (finds && document.activeElement !== this.input) {
      event.preventDefault();
      event.stopPropagation();
      this.#open();
    }
  }

  #open() {
    const from = document.activeElement.closest("tbody :is(th, td)");
    this.#from = /** @type {HTMLElement | null} */ (from ?? this.#from);
    this.bar.hidden = false;
    this.input.focus();
    this.input.select();
    this.#look();
  }

  #close() {
    this.#mark(null);
    this.bar.hidden = true;
    CSS.highlights?.delete(MARK);
  }

  #key(event) {
    if (event.key === "Enter" && event.target === this.input) {
      event.preventDefault();
      this.#step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      const cell = this.#at ?? this.#from ?? this.cells.rows[0]?.cells[0];
      event.preventDefault();
      this.#close();
      if (cell) {
        this.go(cell);
      }
    }
  }

  #click(button) {
    if (button?.dataset.step) {
      this.#step(Number(button.dataset.step));
    } else if (button) {
      const cell = this.#at ?? this.#from;
      this.#close();
      if (cell) {
        this.go(cell);
      }
    }
  }

  /** The cells with the text, those that are shown and those that are not. */
  #found() {
    const wanted = folded(this.input.value.trim());
    const found = { shown: [], inRows: 0, inColumns: 0 };
    if (!wanted) {
      return found;
    }
    for (const row of this.cells.body.rows) {
      for (const cell of row.dataset.gone === undefined
        ? row.querySelectorAll("[data-field]")
        : []) {
        if (!folded(this.cells.text(cell)).includes(wanted)) {
          continue;
        }
        if (row.hidden) {
          found.inRows += 1;
        } else if (this.cells.shows(cell)) {
          found.shown.push(cell);
        } else {
          found.inColumns += 1;
        }
      }
    }
    return found;
  }

  // The first one from where the person is: typing goes on must not run away from it.
  #look() {
    const found = this.#found();
    const from = this.#at ?? this.#from;
    const at = from ? found.shown.findIndex((cell) => cell === from || follows(from, cell)) : 0;
    this.#show(found, Math.max(at, 0));
    this.#highlight(found.shown);
  }

  #step(way) {
    const found = this.#found();
    const count = found.shown.length;
    const at = found.shown.indexOf(this.#at);
    const next = at < 0 && way < 0 ? count - 1 : at + way;
    this.#show(found, count ? (next + count) % count : 0);
  }

  #show({ shown, inRows, inColumns }, at) {
    this.#mark(shown[at] ?? null);
    const more = [
      inRows ? `${inRows} more in hidden rows` : "",
      inColumns ? `${inColumns} more in hidden columns` : "",
    ];
    const count = shown.length ? `${at + 1} of ${shown.length}` : "Not found";
    const words = [count, ...more].filter(Boolean).join(", ");
    this.words.textContent = this.input.value.trim() ? words : "";
  }

  #mark(cell) {
    this.#at?.removeAttribute("data-found");
    this.#at = cell;
    if (cell) {
      cell.dataset.found = "";
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  // Where the browser can, the words themselves are marked, without a change to the page.
  #highlight(cells) {
    const wanted = folded(this.input.value.trim());
    if (!CSS.highlights || !wanted) {
      CSS.highlights?.delete(MARK);
      return;
    }
    CSS.highlights.set(MARK, new Highlight(...cells.flatMap((cell) => ranges(cell, wanted))));
  }
}

function follows(from, cell) {
  return Boolean(from.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function ranges(cell, wanted) {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = folded(node.textContent).indexOf(wanted);
    if (at >= 0) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      found.push(range);
    }
  }
  return found;
}
