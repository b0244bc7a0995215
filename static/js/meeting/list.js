/** The meeting's list: its steps, which is in hand, and what became of each as far as this page knows. */

const WORDS = { discussed: "Discussed", skipped: "Skipped", parked: "Parked" };

export class List {
  /** @param {HTMLElement} root holds the list as the server draws it */
  constructor(root) {
    this.root = root;
    this.row = root.querySelector("[data-part=head]")?.dataset.rows.split(",")[0] ?? "";
  }

  get steps() {
    return /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll(".agenda > [data-step]")]);
  }

  /** @returns {HTMLElement | undefined} the step in hand */
  get current() {
    return this.with(this.row);
  }

  /**
   * @param {string} row
   * @returns {HTMLElement | undefined} the step that the row is in
   */
  with(row) {
    return this.steps.find((step) => rowsOf(step).includes(row));
  }

  /**
   * @param {HTMLElement} step
   * @returns {void} it is in hand from now on
   */
  take(step) {
    [this.row] = rowsOf(step);
    this.show();
  }

  /** Says on the list which step is in hand, and brings it into view. */
  show() {
    const { current } = this;
    for (const step of this.steps) {
      const link = step.querySelector("a");
      if (step === current) {
        link.setAttribute("aria-current", "step");
        const box = step.closest("nav");
        const { offsetTop, offsetHeight } = step;
        if (
          offsetTop < box.scrollTop + offsetHeight ||
          offsetTop + 2 * offsetHeight > box.scrollTop + box.clientHeight
        ) {
          box.scrollTop = offsetTop - box.clientHeight / 3;
        }
      } else {
        link.removeAttribute("aria-current");
      }
    }
  }

  /** @returns {HTMLElement | undefined} the neighbour of the step in hand */
  beside(by) {
    const { steps, current } = this;
    return steps[steps.indexOf(current) + by];
  }

  /** @returns {HTMLElement | undefined} the next that has no result, those after the one in hand first */
  next() {
    const { steps, current } = this;
    const at = steps.indexOf(current);
    const others = [...steps.slice(at + 1), ...steps.slice(0, Math.max(at, 0))];
    return others.find(({ dataset }) => !dataset.result && dataset.gone === undefined);
  }

  /** Shows the result of a row's step before the server has confirmed it. */
  mark(row, result) {
    const step = this.with(row);
    if (step) {
      step.dataset.result = result;
      step.querySelector(".agenda__result").textContent = WORDS[result] ?? "";
    }
  }
}

/** @returns {string[]} */
export function rowsOf(step) {
  return step.dataset.step.split(",");
}
