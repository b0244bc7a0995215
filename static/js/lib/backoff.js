/** How long to wait before asking again. Pure. */

const SECONDS = [0.5, 1, 2, 4, 8, 15];

/**
 * @param {number} failures how many attempts have failed, at least 1
 * @param {() => number} random gives 0 to 1: forty pages that lost one server must not return as one
 * @returns {number} milliseconds, between three quarters and five quarters of the step
 */
export function backoff(failures, random = Math.random) {
  const step = SECONDS[Math.min(Math.max(failures, 1), SECONDS.length) - 1];
  return step * 1000 * (0.75 + random() / 2);
}
