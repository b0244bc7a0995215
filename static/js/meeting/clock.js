/** What the meeting's clock says. Pure. It only tells: nothing stops when the time is over. */

const FEW_SECONDS = 300;

/**
 * @param {number} left seconds; below zero once it runs over
 * @param {number} toCome steps that have no result yet
 * @returns {{time: string, each: string, low: boolean}}
 */
export function said(left, toCome) {
  const minutes = Math.floor(Math.abs(left) / 60);
  const time = left >= 0 ? `${minutes} min left` : `${minutes} min over`;
  const seconds = Math.floor(left / toCome);
  const pace = left > 0 && toCome ? `, ${length(seconds)} each` : "";
  return { time, each: `${toCome} to go${pace}`, low: left < FEW_SECONDS };
}

function length(seconds) {
  if (seconds < 120) {
    return `${Math.max(5, Math.floor(seconds / 5) * 5)} s`;
  }
  return `${Math.floor(seconds / 60)} min`;
}
