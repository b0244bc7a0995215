/** Opens an editor in a cell, and closes it with what was typed or without (specs: grid 3.2 to 3.4). */

import { make } from "../lib/fragment.js";
import { DateEditor } from "./date-editor.js";
import { ListEditor } from "./list-editor.js";
import { button } from "./notices.js";
import { TextEditor } from "./text-editor.js";
import { today } from "./today.js";

const WAYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

/**
 * An open editor. `mode` is "overtype" (arrows keep the value and go on) or "edit" (arrows move in the text);
 * `refused` is the edit that the server did not take, whose text stands here again.
 * @typedef {{
 *   cell: HTMLElement, box: HTMLElement, part: ListEditor | TextEditor, mode: string, base: number,
 *   began: string, left?: (event: FocusEvent) => void, refused?: import("./queue.js").Edit,
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
   *   everywhere: (cell: HTMLElement, chosen: {value: string, shown: string}, picked: boolean) => boolean,
   *   dates: string,
   * }} page `dates` is the address that says how a date is read; `everywhere` puts a value into all selected
   *   cells, where more than this one is selected
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
    editor.left = (event) => this.#left(editor, event);
    cell.addEventListener("focusout", editor.left);
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
   * Tells somebody who is typing that another has saved this cell, in the middle of what is read out; the
   * typing goes on.
   * @param {HTMLElement} cell
   * @param {string} text who, what and when
   */
  strip(cell, text) {
    const { box, part } = this.open.get(cell);
    box.querySelector("[data-strip]")?.remove();
    const strip = make(
      "div",
      { class: "cell-note", "data-strip": "" },
      make("span", { role: "alert" }, text),
      " ",
      button("Use theirs", () => {
        this.cancel(cell);
        this.page.moved(cell, "stay");
      }),
      " ",
      button("Keep typing", () => {
        strip.remove();
        part.input.focus();
      }),
    );
    box.append(strip);
  }

  /** Keeps what stands in every open editor, as a click elsewhere does. */
  keepAll() {
    for (const editor of [...this.open.values()]) {
      if (!editor.part.picks) {
        this.#take(editor);
      }
    }
  }

  /** @returns {boolean} whether something was typed that is not kept yet */
  get unfinished() {
    return [...this.open.values()].some(
      ({ cell, part }) => !part.picks && part.input.value.trim() !== this.cells.text(cell).trim(),
    );
  }

  /** @param {HTMLElement} cell */
  close(cell) {
    const editor = this.open.get(cell);
    this.open.delete(cell);
    if (editor) {
      cell.removeEventListener("focusout", editor.left);
      editor.box.remove();
    }
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

  /** The team's people by name and initials, and whoever owns an action here; filtered rows count too. */
  #owners(cell) {
    if (cell.dataset.field !== "owner") {
      return [];
    }
    const people = [...this.cells.root.querySelectorAll("[data-people] > li")];
    const owners = [...this.cells.body.querySelectorAll('[data-field="owner"]')];
    const names = [
      ...people.map(({ textContent }) => textContent),
      ...owners.map((one) => this.cells.text(one)),
    ];
    return new Set(names.filter(Boolean).sort());
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

  /**
   * A key on a cell whose text was put to rest with F2: the arrows go on and keep it, Esc gives it up.
   * @param {HTMLElement} cell
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was used
   */
  drafted(cell, { key, ctrlKey, altKey, metaKey, shiftKey }) {
    const editor = this.open.get(cell);
    const ways = { ...WAYS, Tab: shiftKey ? "previous" : "next" };
    if (altKey || metaKey || ctrlKey) {
      return false;
    }
    if (key === "Escape") {
      this.cancel(cell);
    } else if (ways[key]) {
      this.#commit(editor, ways[key]);
    } else if (key.length === 1 || ["Enter", "F2", "Backspace"].includes(key)) {
      editor.part.input.focus();
      if (key.length === 1) {
        editor.part.type(editor.part.input.value + key);
      }
    }
    return key !== "Shift";
  }

  #act(editor, { key, shiftKey, ctrlKey, altKey }) {
    const commit = (way) => () => this.#commit(editor, way);
    const goesOn = editor.mode === "overtype" && !editor.part.picks;
    if (key === "Escape") {
      return () => {
        this.cancel(editor.cell);
        this.page.moved(editor.cell, "stay");
      };
    }
    if (key === "Enter" && ctrlKey && !altKey) {
      return () => this.#everywhere(editor);
    }
    if (key === ";" && ctrlKey && !editor.part.picks) {
      return () => this.#insert(editor.part.input, today());
    }
    if (key === "Enter") {
      return commit(shiftKey ? "up" : "down");
    }
    if (key === "Tab") {
      return commit(shiftKey ? "previous" : "next");
    }
    if (key === "F2" && editor.part.picks) {
      return commit("stay");
    }
    if (key === "F2") {
      // The text is no edit yet: it stands here until one goes on, or gives it up.
      return () => editor.cell.focus({ preventScroll: true });
    }
    return goesOn && WAYS[key] ? commit(WAYS[key]) : null;
  }

  #everywhere(editor) {
    const { cell, part } = editor;
    const { chosen, picks } = part;
    if (this.page.everywhere(cell, chosen, picks)) {
      this.page.moved(cell, "stay");
    } else {
      this.#commit(editor, "stay");
    }
  }

  #insert(input, text) {
    input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input"));
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
    const { cell, part, began, refused } = editor;
    // A dialog over the page gives the focus back.
    const back = cell.contains(relatedTarget) || relatedTarget?.closest("dialog");
    const stays = back || document.activeElement === part.input;
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
