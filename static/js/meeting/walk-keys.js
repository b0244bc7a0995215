/** Which act a key of the meeting means. Pure. They count while no box is open for typing (specs: grid 3.3). */

const LETTERS = {
  d: "discussed",
  s: "skipped",
  p: "parked",
  y: "done",
  e: "extended",
  x: "dropped",
  a: "action",
  o: "owner",
  t: "dates",
  w: "needed",
  u: "update",
  v: "difficulty",
  c: "next_meeting",
  i: "ideas",
  b: "blank",
};

/**
 * @param {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} event
 * @param {boolean} letters whether keys of one sign work
 * @returns {string} the act, "stage 3" for a stage; empty where the key means nothing here
 */
export function actOf({ key, ctrlKey, altKey, metaKey }, letters) {
  if (ctrlKey || altKey || metaKey) {
    return "";
  }
  if (key === "ArrowRight" || key === "ArrowLeft") {
    return key === "ArrowRight" ? "next" : "previous";
  }
  if (!letters) {
    return "";
  }
  return /^[1-5]$/.test(key) ? `stage ${key}` : (LETTERS[key.toLowerCase()] ?? "");
}
