/** What the keys and the mouse begin in a cell that is not being edited (specs: grid 3.3). */

const READONLY = "You cannot change this here";

export class Keys {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./move.js").Move} move
   * @param {import("./edits.js").Edits} edits
   * @param {import("./hands.js").Hands} hands what keys do beyond one cell
   * @param {(text: string) => void} say
   */
  constructor(cells, move, edits, hands, say) {
    this.cells = cells;
    this.move = move;
    this.edits = edits;
    this.hands = hands;
    this.say = say;
    cells.table.addEventListener("keydown", (event) => this.#key(event));
    cells.table.addEventListener("dblclick", ({ target }) => this.#twice(target));
  }

  #key(event) {
    const cell = event.target.closest("tbody th, tbody td");
    const used = this.hands.key(event, cell) || this.move.key(event);
    const act = used ? () => {} : cell && this.#act(cell, event);
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #act(cell, event) {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (!cell.dataset.field) {
      return key === "Enter" && event.target === cell
        ? () => cell.querySelector("a")?.click()
        : null;
    }
    if (["Enter", "F2", "F4"].includes(key) || (key === "ArrowDown" && altKey)) {
      return () => this.#begin(cell, { mode: "edit" });
    }
    if (key === "Delete" || key === "Backspace") {
      return () => this.#clear(cell);
    }
    // AltGr types signs on many keyboards; the browser reports it as Ctrl and Alt together.
    const types = key.length === 1 && !metaKey && ctrlKey === altKey;
    return types ? () => this.#begin(cell, { mode: "overtype", text: key.trim() }) : null;
  }

  #twice(target) {
    const cell = target.closest("tbody [data-field]");
    if (cell && !target.closest(".cell-editor, .conflict-panel")) {
      this.#begin(cell, { mode: "edit" });
    }
  }

  #begin(cell, start) {
    const panel = cell.querySelector(":scope > .conflict-panel");
    if (this.cells.readonly(cell)) {
      this.say(READONLY);
    } else if (panel) {
      panel.focus();
    } else if (this.cells.column(cell).kind === "tick") {
      const value = this.cells.raw(cell) ? "" : "yes";
      this.edits.commit(cell, value, value, Number(cell.dataset.rev));
    } else {
      this.edits.editors.start(cell, start);
    }
  }

  #clear(cell) {
    if (this.cells.readonly(cell)) {
      this.say(READONLY);
    } else if (this.cells.text(cell) && !this.edits.busy(cell)) {
      this.edits.commit(cell, "", "", Number(cell.dataset.rev));
    }
  }
}
