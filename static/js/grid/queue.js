/** The edits that are not saved yet, and which of them may be sent next. Pure: no page, no server. */

/**
 * One edit of one cell.
 *
 * `state`: queued (not sent), sending, waiting (sent, no answer came: may or may not be applied), asking (the
 * server wants a decision), refused (typed anew or given up by the person), parked (put aside by the person).
 * @typedef {{
 *   row: number, field: string, value: string, shown: string, base: number, op: string,
 *   after_op?: string, reason?: string, outcome?: string, asks?: string, name: string, acts: number,
 *   state: "queued"|"sending"|"waiting"|"asking"|"refused"|"parked", attempts: number, due: number,
 * }} Edit
 */

const UNDER_WAY = new Set(["queued", "sending", "waiting"]);
const SENT = new Set(["sending", "waiting"]);

export class Queue {
  /** @param {Edit[]} edits the oldest first */
  constructor(edits = []) {
    this.edits = edits;
  }

  /**
   * Takes in an edit. One that was never sent is overtaken by a newer one of the same cell, which keeps its
   * base; one that is under way stays, and the newer one names it as its own forerunner.
   * @param {Edit} edit
   */
  add(edit) {
    const earlier = this.of(edit.row, edit.field);
    const unsent = earlier.find(({ state }) => state === "queued");
    this.edits = this.edits.filter((one) => !(earlier.includes(one) && one.state === "refused"));
    if (unsent) {
      const { base, after_op } = unsent;
      Object.assign(unsent, edit, { base, after_op });
      return;
    }
    const forerunner = earlier.findLast(({ state }) => SENT.has(state));
    this.edits.push(
      forerunner ? { ...edit, base: forerunner.base, after_op: forerunner.op } : edit,
    );
  }

  /** @param {Edit} edit */
  remove(edit) {
    this.edits = this.edits.filter((one) => one !== edit);
  }

  /**
   * @param {number} row
   * @param {string} field
   * @returns {Edit[]} all of one cell, the oldest first
   */
  of(row, field) {
    return this.edits.filter((edit) => edit.row === row && edit.field === field);
  }

  /**
   * Which edits go now: one of a row at a time and in order, so many rows side by side.
   * @param {number} lanes with one lane all edits go in order
   * @param {number} now milliseconds
   * @returns {Edit[]}
   */
  next(lanes, now) {
    const busy = new Set();
    const chosen = [];
    let free = lanes - this.edits.filter(({ state }) => state === "sending").length;
    for (const edit of this.edits.filter(({ state }) => UNDER_WAY.has(state))) {
      const ready = edit.state !== "sending" && edit.due <= now;
      if (!busy.has(edit.row) && ready && free > 0) {
        chosen.push(edit);
        free -= 1;
      } else if (lanes === 1) {
        break;
      }
      busy.add(edit.row);
    }
    return chosen;
  }

  /** @returns {number} how many edits are not saved, for whatever reason */
  get unsent() {
    return this.edits.length;
  }

  /** @returns {number} how many need their author */
  get needing() {
    return this.edits.filter(({ state }) => !UNDER_WAY.has(state)).length;
  }

  /** @returns {Edit[]} those that go by themselves as soon as they can */
  get underWay() {
    return this.edits.filter(({ state }) => UNDER_WAY.has(state));
  }
}
