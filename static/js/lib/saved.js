/** How the badge says whether everything is saved. Pure. */

/**
 * @param {{offline: boolean, waiting: number, needing: number, signedOut: boolean}} facts how many edits go by
 *   themselves, and how many need their author
 * @returns {string}
 */
export function words({ offline, waiting, needing, signedOut }) {
  const wait = waiting === 1 ? "1 change waits" : `${waiting} changes wait`;
  const need = needing ? ` ${needing} ${needing === 1 ? "needs" : "need"} you.` : "";
  if (signedOut) {
    return `Signed out${waiting ? `: ${wait}` : ""}.${need}`;
  }
  if (offline) {
    return `${waiting ? `Offline: ${wait}. Keep typing.` : "Offline. Keep typing."}${need}`;
  }
  return waiting ? `Saving ${waiting}…${need}` : need.trim() || "Saved";
}
