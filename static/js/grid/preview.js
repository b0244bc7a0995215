/**
 * What a paste would do, cell by cell, before it does it: old, new, and what is in the way (specs: grid 3.5).
 * Loaded when it is first needed.
 */

import { make } from "../lib/fragment.js";
import { Unreachable } from "../lib/http.js";
import { opened } from "./ask.js";
import { button } from "./notices.js";
import { count } from "./range.js";

const TITLES = { paste: "Paste", fill: "Fill", clear: "Empty" };

/** @typedef {import("./many.js").Wanted} Wanted */

/**
 * @typedef {{
 *   kind: string, placing?: import("./placing.js").Placing, source?: Wanted[], mayAdd?: boolean,
 *   wanted?: Wanted[], told?: Record<string, any>, clear?: boolean,
 * }} Start a paste comes with its `placing`, and with the `source` that a cut empties; a fill or a clearing
 *   that was refused with its cells and the answer
 */

export class Preview {
  /** @type {Set<Wanted>} left out by the person */
  #out = new Set();
  /** @type {Map<Wanted, Record<string, any>>} what the server said of each cell */
  #told = new Map();
  #op = crypto.randomUUID();
  #asked = 0;

  /**
   * @param {import("./cells.js").Cells} cells
   * @param {import("./many.js").Many} many
   * @param {Start} start
   */
  constructor(cells, many, start) {
    this.cells = cells;
    this.many = many;
    this.start = start;
    this.byPin = Boolean(start.placing?.namesCases);
    this.fields = this.byPin ? start.placing.guesses : [];
    this.adds = false;
    this.clear = Boolean(start.clear);
    this.reason = "";
  }

  /** @returns {Promise<boolean>} whether it was done; throws Unreachable before anything is shown */
  async open() {
    this.#arrange();
    if (this.start.told) {
      this.#heard(this.start.told, this.wanted);
    } else {
      await this.#look();
    }
    if (!this.#told.size) {
      return false;
    }
    this.#build();
    this.#draw();
    (this.leave.hidden ? this.go : this.leave).focus();
    await this.closed;
    return this.done;
  }

  #arrange() {
    const { placing, source = [], wanted = [] } = this.start;
    if (placing) {
      this.placed = this.byPin ? placing.byPin(this.fields) : placing.here();
      const extra = this.adds ? this.placed.extra : [];
      this.wanted = [...this.placed.wanted, ...extra, ...source];
    } else {
      this.placed = { wanted, extra: [], hidden: 0, refused: "" };
      this.wanted = wanted;
    }
    this.#told.clear();
    this.#out.clear();
  }

  async #look() {
    const asked = ++this.#asked;
    const { wanted } = this;
    if (!wanted.length) {
      return;
    }
    const { told } = await this.many.look(this.start.kind, wanted, { reason: this.reason });
    // A slower answer about an earlier choice says nothing about this one.
    if (asked === this.#asked && told.cells) {
      this.#heard(told, wanted);
    }
  }

  #heard(told, sent) {
    told.cells.forEach((one, at) => {
      this.#told.set(sent[at], one);
    });
  }

  #build() {
    this.status = make("p", { role: "status" });
    this.choices = make("div", { class: "stack" });
    this.lines = make("tbody");
    const heads = ["Case", "Column", "Now", "After"].map((text) =>
      make("th", { scope: "col" }, text),
    );
    const table = make(
      "table",
      { class: "table" },
      make("thead", {}, make("tr", {}, ...heads, make("th", { scope: "col" }, "Take it"))),
      this.lines,
    );
    const box = make(
      "div",
      { class: "paste-preview", tabindex: "0", role: "region", "aria-label": "Cells" },
      table,
    );
    this.go = make("button", { type: "button", class: "button" });
    this.leave = make("button", { type: "button", class: "button" });
    const cancel = make("button", { class: "button button--quiet", value: "" }, "Cancel");
    const { dialog, closed } = opened(
      `${TITLES[this.start.kind]} these cells?`,
      [this.status, this.choices, box],
      [this.leave, this.go, cancel],
    );
    dialog.classList.add("dialog--wide");
    this.dialog = dialog;
    this.closed = closed;
    this.go.addEventListener("click", () => this.#go());
    this.leave.addEventListener("click", () => this.#leaveOut());
    this.#choose();
  }

  /** What the paste can be told: by PIN or in place, new cases, what becomes empty, a reason. */
  #choose() {
    const { placing, mayAdd } = this.start;
    const choices = [];
    if (placing?.namesCases) {
      choices.push(this.#ways());
    }
    if (this.byPin) {
      choices.push(...this.fields.map((field, at) => this.#column(field, at)));
    }
    const more = new Set(this.placed.extra.map((one) => one.new)).size;
    if (more && mayAdd) {
      choices.push(
        this.#tick(
          `Add ${count(more, "new case")} for what is past the last row`,
          this.adds,
          (on) => {
            this.adds = on;
            this.#again();
          },
        ),
      );
    } else if (more) {
      choices.push(
        make(
          "p",
          {},
          `${count(more, "row")} past the last case are left out: you cannot add cases here.`,
        ),
      );
    }
    if (this.placed.hidden) {
      const words = `Your filter hides ${count(this.placed.hidden, "case")} between these. Hidden cases are passed over, and nothing is written to them.`;
      choices.push(make("p", { class: "notice", "data-kind": "info" }, words));
    }
    if (this.#with("clears").length || this.clear) {
      this.clears = this.#tick("", this.clear, (on) => {
        this.clear = on;
        this.#draw();
      });
      choices.push(this.clears);
    }
    if (this.#with("needs-reason").length || this.reason) {
      choices.push(this.#because());
    }
    this.choices.replaceChildren(...choices);
  }

  #ways() {
    const way = (words, byPin) => {
      const input = make("input", { type: "radio", name: "way" });
      input.checked = byPin === this.byPin;
      input.addEventListener("change", () => {
        this.byPin = byPin;
        this.fields = byPin ? this.start.placing.guesses : [];
        this.#again();
      });
      return make("label", { class: "choice" }, input, ` ${words}`);
    };
    return make(
      "fieldset",
      {},
      make("legend", {}, "The first column looks like PINs."),
      way("Find each case by its PIN", true),
      way("Paste from the active cell on", false),
    );
  }

  #column(field, at) {
    const select = /** @type {HTMLSelectElement} */ (
      make("select", {}, make("option", { value: "" }, "left out"))
    );
    for (const { key, label } of this.cells.columns.values()) {
      select.append(make("option", { value: key }, label));
    }
    select.value = field;
    select.addEventListener("change", () => {
      this.fields[at] = select.value;
      this.#again();
    });
    const example = this.start.placing.rows.map((row) => row[at + 1]).find(Boolean) ?? "";
    return make(
      "label",
      { class: "choice" },
      `Column ${at + 2} (“${example.slice(0, 20)}”) goes to `,
      select,
    );
  }

  #because() {
    const input = /** @type {HTMLInputElement} */ (make("input", { maxlength: "500" }));
    input.value = this.reason;
    input.addEventListener("change", () => {
      this.reason = input.value.trim();
      this.#again();
    });
    return make("label", { class: "field" }, make("span", {}, "Reason for changing a PIN"), input);
  }

  #tick(words, on, act) {
    const input = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox" }));
    input.checked = on;
    input.addEventListener("change", () => act(input.checked));
    return make("label", { class: "choice" }, input, " ", make("span", {}, words));
  }

  /** Asks anew after a choice; what cannot be reached says so and leaves the dialog as it is. */
  async #again() {
    this.#arrange();
    try {
      await this.#look();
      this.#choose();
      this.#draw();
    } catch (error) {
      this.#unreachable(error);
    }
  }

  #draw() {
    const changing = this.wanted.filter((one) => this.#changes(one));
    const taken = changing.filter((one) => !this.#out.has(one));
    const bad = taken.filter((one) => this.#problem(one));
    const same = this.wanted.length - changing.length;
    const emptied = this.#with("clears").filter((one) => !one.source);
    if (this.clears && emptied.length) {
      this.clears.querySelector("span").textContent =
        `Also empty ${count(emptied.length, "filled cell")}`;
    }
    this.lines.replaceChildren(...changing.map((one) => this.#line(one)));
    const parts = [`${count(taken.length, "cell")} to change`];
    parts.push(...(same ? [`${same} the same already`] : []));
    parts.push(...(bad.length ? [`${bad.length} cannot be taken so`] : []));
    this.status.textContent = `${parts.join(", ")}. All of it is one step of undo.`;
    this.leave.hidden = !bad.length;
    this.leave.textContent = `Leave out ${count(bad.length, "cell")}`;
    this.go.hidden = Boolean(bad.length) || !taken.length;
    this.go.textContent = `${TITLES[this.start.kind]} ${count(taken.length, "cell")}`;
  }

  #line(one) {
    const told = this.#told.get(one);
    const problem = this.#problem(one);
    const out = this.#out.has(one);
    const take = /** @type {HTMLInputElement} */ (
      make("input", {
        type: "checkbox",
        "aria-label": `Take ${told.label}, ${this.#case(one, told)}`,
      })
    );
    take.checked = !out;
    take.addEventListener("change", () => {
      this.#out[take.checked ? "delete" : "add"](one);
      this.#draw();
      this.lines.querySelector(`[data-place="${this.wanted.indexOf(one)}"] input`)?.focus();
    });
    const after = make("td", {}, make("span", { class: "cell-text" }, told.new || "blank"));
    if (problem && !out) {
      after.append(make("p", { class: "error" }, ...this.#words(one, problem)));
    }
    const facts = { "data-place": String(this.wanted.indexOf(one)) };
    return make(
      "tr",
      problem && !out ? { ...facts, "data-problem": problem.code } : facts,
      make("th", { scope: "row" }, this.#case(one, told)),
      make("td", {}, told.label || told.field),
      make("td", {}, make("span", { class: "cell-text" }, told.old || "blank")),
      after,
      make("td", {}, take),
    );
  }

  #words(one, { code, message, nearest, history, theirs }) {
    const words = [theirs === undefined ? message : `${message} Now: “${theirs || "blank"}”.`];
    if (nearest) {
      words.push(
        " ",
        button(`Use “${nearest}”`, () => {
          one.value = nearest;
          this.#mend(one);
        }),
      );
    }
    if (code === "stale") {
      words.push(
        " ",
        button("Use mine all the same", () => this.#mend(one)),
      );
    }
    if (history) {
      words.push(
        " ",
        make("a", { href: history, target: "_blank", rel: "noopener" }, "Show history"),
      );
    }
    return words;
  }

  /** Looks at one cell anew: its value was changed, or its newer version was seen. */
  async #mend(one) {
    try {
      const { told } = await this.many.look(this.start.kind, [one], { reason: this.reason });
      if (told.cells) {
        this.#heard(told, [one]);
        this.#draw();
        (this.leave.hidden ? this.go : this.leave).focus();
      }
    } catch (error) {
      this.#unreachable(error);
    }
  }

  #case(one, { row, pin, person }) {
    return row ? [pin, person].filter(Boolean).join(" ") : one.pin || "New case";
  }

  #changes(one) {
    const told = this.#told.get(one);
    return told && (told.problem || !told.same);
  }

  #problem(one) {
    const { problem } = this.#told.get(one);
    const agreed = problem?.code === "clears" && (one.source || this.clear);
    return agreed ? undefined : problem;
  }

  #with(code) {
    return this.wanted.filter((one) => this.#told.get(one)?.problem?.code === code);
  }

  #leaveOut() {
    for (const one of this.wanted) {
      if (this.#changes(one) && this.#problem(one)) {
        this.#out.add(one);
      }
    }
    this.#draw();
    (this.go.hidden ? this.dialog.querySelector('[value=""]') : this.go).focus();
  }

  async #go() {
    const sent = this.wanted.filter((one) => this.#changes(one) && !this.#out.has(one));
    const seen = sent.map((one) => {
      const { row, rev } = this.#told.get(one);
      return {
        ...one,
        row: row ?? one.row,
        base: row ? rev : undefined,
        pin: row ? undefined : one.pin,
      };
    });
    const empties = this.clear || sent.some(({ source }) => source);
    const more = { reason: this.reason, ...(empties ? { clear: "1" } : {}) };
    this.go.disabled = true;
    try {
      const { status, told } = await this.many.write(this.start.kind, seen, this.#op, more);
      if (status === 200) {
        this.done = true;
        this.dialog.close();
      } else if (told.cells) {
        this.#op = crypto.randomUUID();
        this.#heard(told, sent);
        this.#choose();
        this.#draw();
        this.status.textContent = told.message;
        this.leave.focus();
      } else {
        this.dialog.close();
      }
    } catch (error) {
      this.#unreachable(error);
    } finally {
      this.go.disabled = false;
    }
  }

  #unreachable(error) {
    if (!(error instanceof Unreachable)) {
      throw error;
    }
    this.status.textContent =
      "The server cannot be reached. Nothing was changed yet: what you see stays here, try again in a moment.";
  }
}
