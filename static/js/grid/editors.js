/** Opens an editor in a cell, and closes it with what was typed or without (specs: grid 3.2 to 3.4). */

import { make } from "../lib/fragment.js";
import { DateEditor } from "./date-editor.js";
import { ListEditor } from "./list-editor.js";
import { TextEditor } from "./text-editor.js";

/**
 * An open editor. `mode` is "overtype" (arrows keep the value and go on) or "edit" (arrows move in the text);
 * `refused` is the edit that the server did not take, whose text stands here again.
 * @typedef {{
 *   cell: HTMLElement, box: HTMLElement, part: ListEditor | TextEditor, mode: string, base: number,
 *   began: string, refused?: import("./queue.js").Edit,
 * }} Editor
 */

let opened = 0;

export class Editors {
  /** @type {Map<HTMLElement, Editor>} */
  open = new Map();

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {{
   *   commit: (cell: HTMLElement, value: string, shown: string, base: number) => void,
   *   gaveUp: (cell: HTMLElement, refused?: import("./queue.js").Edit) => void,
   *   moved: (cell: HTMLElement, way: string) => void,
   *   dates: string,
   * }} page `dates` is the address that says how a date is read
   */
  constructor(cells, page) {
    this.cells = cells;
    this.page = page;
  }

  /** @returns {Editor | undefined} the one that has the focus */
  get current() {
    return [...this.open.values()].find(({ box }) => box.contains(document.activeElement));
  }

  /**
   * @param {HTMLElement} cell
   * @param {{mode: string, text?: string, base?: number, note?: string, refused?: object, focus?: boolean}} start
   *   without `text` the box holds what the cell holds
   */
  start(cell, { mode, text, base = Number(cell.dataset.rev), note = "", refused, focus = true }) {
    const there = this.open.get(cell);
    if (there) {
      there.part.input.focus();
      return;
    }
    const part = this.#part(cell);
    const box = make("div", { class: "cell-editor" }, ...part.parts);
    part.type(text ?? (part.picks ? "" : this.cells.text(cell)));
    const editor = { cell, box, part, mode, base, began: part.input.value, refused };
    this.open.set(cell, editor);
    cell.append(box);
    box.addEventListener("keydown", (event) => this.#key(editor, event));
    box.addEventListener("focusout", (event) => this.#left(editor, event));
    box.addEventListener("click", ({ target }) => {
      if (part.mark(target)) {
        this.#commit(editor, "stay");
      }
    });
    if (note) {
      this.note(cell, note);
    }
    if (focus) {
      part.input.focus();
      part.input.setSelectionRange(part.input.value.length, part.input.value.length);
    }
  }

  /**
   * Says under the editor why the server did not take the text.
   * @param {HTMLElement} cell
   * @param {string} text
   */
  note(cell, text) {
    const { part } = this.open.get(cell);
    const id = `refused-${cell.parentElement.dataset.row}-${cell.dataset.field}`;
    part.input.setAttribute("aria-invalid", "true");
    part.input.setAttribute("aria-describedby", id);
    part.input.after(make("p", { class: "cell-note", id, role: "alert" }, text));
  }

  /**
   * Tells somebody who is typing that another has saved this cell; the typing goes on.
   * @param {HTMLElement} cell
   * @param {string} text who, what and when
   */
  strip(cell, text) {
    const { box, part } = this.open.get(cell);
    box.querySelector("[data-strip]")?.remove();
    const button = (words) =>
      make("button", { type: "button", class: "button button--quiet button--small" }, words);
    const theirs = button("Use theirs");
    const keep = button("Keep typing");
    const strip = make(
      "div",
      { class: "cell-note", "data-strip": "" },
      `${text} `,
      theirs,
      " ",
      keep,
    );
    theirs.addEventListener("click", () => {
      this.cancel(cell);
      this.page.moved(cell, "stay");
    });
    keep.addEventListener("click", () => {
      strip.remove();
      part.input.focus();
    });
    box.append(strip);
  }

  /** @param {HTMLElement} cell */
  close(cell) {
    const editor = this.open.get(cell);
    this.open.delete(cell);
    editor?.box.remove();
  }

  /**
   * Gives up what was typed; the cell shows what the server last said.
   * @param {HTMLElement} cell
   */
  cancel(cell) {
    const { refused } = this.open.get(cell);
    this.close(cell);
    this.page.gaveUp(cell, refused);
  }

  #part(cell) {
    const id = `editor-${++opened}`;
    const name = this.cells.name(cell);
    const options = this.cells.options(cell);
    if (options) {
      return new ListEditor(id, name, options, this.cells.raw(cell));
    }
    const column = this.cells.column(cell);
    if (column.kind === "date") {
      return new DateEditor(id, name, column, this.cells.raw(cell), this.page.dates);
    }
    return new TextEditor(id, name, column, this.#owners(cell));
  }

  #owners(cell) {
    const owners = cell.dataset.field === "owner" ? this.cells.rows : [];
    const named = owners.map(({ dataset }) =>
      this.cells.text(this.cells.find(dataset.row, "owner")),
    );
    return new Set(named.filter(Boolean).sort());
  }

  #key(editor, event) {
    event.stopPropagation();
    const inButton = event.target instanceof HTMLButtonElement;
    if (event.isComposing || (inButton && event.key !== "Escape")) {
      return;
    }
    const act = editor.part.key(event) ? () => {} : this.#act(editor, event);
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #act(editor, { key, shiftKey, ctrlKey }) {
    const commit = (way) => () => this.#commit(editor, way);
    const goesOn = editor.mode === "overtype" && !editor.part.picks;
    const ways = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
    if (key === "Escape") {
      return () => {
        this.cancel(editor.cell);
        this.page.moved(editor.cell, "stay");
      };
    }
    if (key === "Enter") {
      return commit(ctrlKey ? "stay" : shiftKey ? "up" : "down");
    }
    if (key === "Tab") {
      return commit(shiftKey ? "previous" : "next");
    }
    if (key === "F2") {
      return commit("stay");
    }
    return goesOn && ways[key] ? commit(ways[key]) : null;
  }

  #commit(editor, way) {
    this.#take(editor);
    this.page.moved(editor.cell, way);
  }

  #take({ cell, part, base, refused }) {
    const { value, shown } = part.chosen;
    const before = part.picks ? this.cells.raw(cell) : this.cells.text(cell).trim();
    this.close(cell);
    if (refused || value !== before) {
      this.page.commit(cell, value, shown, base);
    } else {
      this.page.gaveUp(cell);
    }
  }

  // A click elsewhere keeps what was typed. A list is left as it was: looking for an option is no choice.
  #left(editor, { relatedTarget }) {
    const { cell, box, part, began, refused } = editor;
    const stays = box.contains(relatedTarget) || document.activeElement === part.input;
    const untouched = refused && (part.picks || part.input.value === began);
    if (stays || untouched || this.open.get(cell) !== editor) {
      return;
    }
    if (part.picks) {
      this.cancel(cell);
    } else {
      this.#take(editor);
    }
  }
}
