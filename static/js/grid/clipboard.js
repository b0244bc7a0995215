/** Copy, cut and paste between this table, Excel and whatever else holds a table (specs: grid 3.5). */

import { Unreachable } from "../lib/http.js";
import { plain } from "../lib/plain.js";
import { fromClipboard, toClipboard } from "./copied.js";
import { notice } from "./notices.js";
import { count } from "./range.js";

export class Clipboard {
  /** @type {{id: string, cells: HTMLElement[]}} what was cut; it stays until it is pasted */
  #cut = { id: "", cells: [] };
  /** @type {{headings?: boolean, words?: string}} what the next copy is to be, where a menu asks for it */
  #wish = {};

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./range.js").Range} range
   * @param {import("./edits.js").Edits} edits
   * @param {import("./many.js").Many} many
   * @param {{
   *   say: (text: string) => void, tray: HTMLElement, mayAdd: boolean,
   *   preview: (start: object) => Promise<boolean>,
   *   placing: (target: HTMLElement[][], rows: string[][]) => Promise<import("./placing.js").Placing>,
   * }} page `preview` shows what would happen and does it; false where it was not done. Both may be out of reach
   */
  constructor(cells, range, edits, many, page) {
    this.cells = cells;
    this.range = range;
    this.edits = edits;
    this.many = many;
    this.page = page;
    for (const kind of ["copy", "cut", "paste"]) {
      document.addEventListener(kind, (event) => this.#heard(kind, event));
      // Some browsers offer these only where they see something to copy.
      document.addEventListener(`before${kind}`, (event) => this.#here && event.preventDefault());
    }
  }

  /**
   * Copies for a menu: the browser's own way, as if Ctrl+C had been pressed.
   * @param {{headings?: boolean, words?: string}} [wish] `words` go to the clipboard instead of the cells
   */
  copy(wish = {}) {
    this.#wish = wish;
    document.execCommand("copy");
    this.#wish = {};
  }

  /** @returns {boolean} whether something that was cut has been let go */
  letGo() {
    const { length } = this.#cut.cells;
    for (const cell of this.#cut.cells) {
      cell.removeAttribute("data-cut");
    }
    this.#cut = { id: "", cells: [] };
    return length > 0;
  }

  get #here() {
    return this.range.cell && document.activeElement === this.range.cell;
  }

  #heard(kind, event) {
    if (this.#here) {
      event.preventDefault();
      if (kind === "paste") {
        this.#paste(event.clipboardData);
      } else {
        this.#take(event.clipboardData, kind === "cut");
      }
    }
  }

  #take(data, cuts) {
    const { headings, words } = this.#wish;
    if (words) {
      data.setData("text/plain", words);
      this.page.say("Copied the link");
      return;
    }
    const { block } = this.range;
    const id = cuts ? crypto.randomUUID() : "";
    const { text, html } = toClipboard(this.cells, block, { headings, cut: id });
    data.setData("text/plain", text);
    data.setData("text/html", html);
    this.letGo();
    if (cuts) {
      this.#cut = { id, cells: block.flat() };
      for (const cell of this.#cut.cells) {
        cell.dataset.cut = "";
      }
    }
    const size = `${count(block.length, "row")}, ${count(block[0].length, "column")}`;
    this.page.say(`${cuts ? "Cut" : "Copied"}: ${size}`);
  }

  #paste(data) {
    const copied = fromClipboard(data);
    if (copied) {
      this.#put(copied.rows, copied.cut, this.range.block);
    } else {
      this.#tell("There is no text and no table to paste.");
    }
  }

  async #put(rows, cut, target) {
    const source = cut && cut === this.#cut.id ? this.#cut.cells : [];
    const single = rows.flat().length === 1 && target.flat().length === 1 && !source.length;
    if (single && rows[0][0] && this.#single(target[0][0], rows[0][0])) {
      return;
    }
    try {
      const placing = await this.page.placing(target, rows);
      const { refused, wanted } = placing.here();
      if (refused && !placing.namesCases) {
        this.#tell(refused);
        return;
      }
      const done = await this.page.preview({
        kind: "paste",
        placing,
        source: this.#emptied(source, wanted),
        mayAdd: this.page.mayAdd,
      });
      if (done && source.length) {
        this.letGo();
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        throw error;
      }
      const words = `What you pasted (${count(rows.length, "row")}) is kept here and not in the table yet: the server cannot be reached.`;
      this.many.keep(words, () => this.#put(rows, cut, target));
    }
  }

  // A cell that is cut and pasted onto itself stays.
  #emptied(source, wanted) {
    const onto = new Set(wanted.map(({ row, field }) => `${row} ${field}`));
    return source
      .filter((cell) => cell.isConnected && this.cells.text(cell))
      .map((cell) => ({
        row: Number(cell.parentElement.dataset.row),
        field: cell.dataset.field,
        value: "",
        source: true,
      }))
      .filter(({ row, field }) => !onto.has(`${row} ${field}`));
  }

  /**
   * One value into one cell is an edit like any other, except that a word has to be in the list.
   * @returns {boolean} false where it has to be asked about
   */
  #single(cell, text) {
    const options = this.cells.options(cell);
    const option = options?.find(({ label }) => plain(label) === plain(text));
    if (this.cells.readonly(cell)) {
      this.#tell("You cannot change this here.");
    } else if (this.edits.busy(cell)) {
      this.#tell("This cell waits for you: finish it first, then paste.");
    } else if (options && !option) {
      return false;
    } else {
      const [value, shown] = option ? [option.value, option.label] : [text.trim(), text.trim()];
      this.edits.commit(cell, value, shown, Number(cell.dataset.rev));
    }
    return true;
  }

  #tell(words) {
    notice(this.page.tray, "paste", words, { Close: () => {} });
  }
}
