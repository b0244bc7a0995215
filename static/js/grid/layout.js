/** The table laid out for this person alone: columns hidden and widened, rows closer. The server keeps it. */

import { make } from "../lib/fragment.js";
import { reached, send } from "../lib/http.js";

const NARROWEST = 4;
const WIDEST = 40;
const STEP = 2;

export class Layout {
  /**
   * @param {import("./cells.js").Cells} cells
   * @param {(text: string) => void} say
   */
  constructor(cells, say) {
    this.cells = cells;
    this.say = say;
    this.form = /** @type {HTMLFormElement} */ (document.querySelector("form#layout"));
    this.form.addEventListener("submit", (event) => this.#submitted(event));
    for (const head of this.#heads.slice(1, -1)) {
      head.append(this.#grip(head));
    }
  }

  get #heads() {
    return [...this.cells.table.tHead.rows[0].cells];
  }

  #submitted(event) {
    const { name, value, dataset } = event.submitter;
    // Leads to the page of the saved views.
    if (name === "filter") {
      return;
    }
    event.preventDefault();
    const acts = {
      density: () => this.#density(event.submitter),
      hide: () => this.#hide([...this.#hidden, value]),
      show: () => this.#hide([]),
    };
    if (name === "width") {
      const [key] = value.split(" ");
      const head = this.#heads.find((one) => one.dataset.column === key);
      this.#keepWidth(head, ems(head) + (dataset.wider === undefined ? -STEP : STEP));
    } else {
      acts[name]();
      this.#keep({ [name]: value });
    }
  }

  #density(button) {
    this.cells.table.dataset.density = button.value;
    for (const one of button.parentElement.children) {
      one.setAttribute("aria-pressed", String(one === button));
    }
  }

  get #hidden() {
    const places = (this.cells.table.dataset.hides ?? "").split(" ").filter(Boolean);
    return places.map((place) => this.#heads[Number(place) - 1].dataset.column);
  }

  #hide(keys) {
    document.querySelector("[popover]:popover-open")?.hidePopover();
    const heads = this.#heads;
    const places = heads.flatMap(({ dataset }, at) =>
      keys.includes(dataset.column) ? [at + 1] : [],
    );
    this.cells.table.dataset.hides = places.join(" ");
    const note = this.cells.root.querySelector("[data-hidden-columns]");
    note.hidden = !places.length;
    note.firstElementChild.textContent = `${places.length} column${places.length === 1 ? "" : "s"} hidden.`;
    const next = heads.slice(Math.max(...places, 0)).find((head) => this.cells.shows(head));
    next?.querySelector("button").focus();
  }

  #width(head, wanted) {
    head.dataset.width = String(Math.round(Math.max(NARROWEST, Math.min(wanted, WIDEST))));
  }

  #keepWidth(head, wanted) {
    this.#width(head, wanted);
    this.#keep({ width: `${head.dataset.column} ${head.dataset.width}` });
  }

  /** The edge of a heading, to draw with the mouse or a finger; the menu does the same for keys. */
  #grip(head) {
    const grip = make("span", { class: "column-grip", "aria-hidden": "true" });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      const from = { ems: ems(head), x: event.clientX, em: em(head) };
      grip.onpointermove = ({ clientX }) =>
        this.#width(head, from.ems + (clientX - from.x) / from.em);
      grip.onpointerup = () => {
        grip.onpointermove = null;
        grip.onpointerup = null;
        this.#keepWidth(head, Number(head.dataset.width ?? from.ems));
      };
    });
    grip.addEventListener("dblclick", () => {
      head.removeAttribute("data-width");
      this.#keep({ width: `${head.dataset.column} 0` });
    });
    return grip;
  }

  async #keep(told) {
    const answer = await reached(send(this.form.action, told));
    if (!answer) {
      this.say("Not connected: this is not kept for next time.");
    } else if (answer.status >= 400) {
      this.say(answer.status === 422 ? answer.text : "This is not kept for next time.");
    }
  }
}

function em(head) {
  return Number.parseFloat(getComputedStyle(head).fontSize);
}

function ems(head) {
  return head.offsetWidth / em(head);
}
