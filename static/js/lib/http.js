/**
 * The one place that speaks to the server. Nothing here knows of cells.
 *
 * Every request carries `X-ICM: script`, so that the server answers 401 where a page would be sent to sign in,
 * and the number of the person whose page this is.
 */

const WRITE_SECONDS = 15;
const READ_SECONDS = 5;

/** The request did not reach the server, or its answer did not come back. */
export class Unreachable extends Error {}

/**
 * What the server said.
 * @typedef {{status: number, text: string, told: Record<string, any>, after: number}} Answer `told` is {} unless it
 *   is JSON; `after` says in how many milliseconds a busy server wants to be asked again, else 0
 */

// Said for a page whose person is not the one who is signed in: told on the document too, whoever asked.
export const OTHER_PERSON = "other-person";
// For whom this page was drawn: the server takes nothing from it for anybody else.
const ME = document.querySelector("[data-me]")?.dataset.me ?? "";

/** @returns {string} the token of the cookie; it changes when somebody signs in. */
export function token() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/)?.[1] ?? "";
}

/**
 * @param {string} address
 * @param {number} [seconds] how long the answer may take
 * @returns {Promise<Answer>} throws Unreachable
 */
export function ask(address, seconds = READ_SECONDS) {
  return request(address, {}, seconds);
}

/**
 * @param {string} address
 * @param {Record<string, string> | string} fields sent as a form
 * @returns {Promise<Answer>} throws Unreachable
 */
export function send(address, fields) {
  const headers = { "X-CSRFToken": token() };
  return request(
    address,
    { method: "POST", body: new URLSearchParams(fields), headers },
    WRITE_SECONDS,
  );
}

/**
 * @template T
 * @param {Promise<T>} answer
 * @returns {Promise<T | null>} null where the server is out of reach
 */
export async function reached(answer) {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Unreachable)) {
      throw error;
    }
    return null;
  }
}

/**
 * Says something while the page goes: nobody is there to hear the answer.
 * @param {string} address
 * @param {Record<string, string>} fields sent as a form
 */
export function sendLast(address, fields) {
  const form = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token() });
  navigator.sendBeacon(address, form);
}

async function request(address, options, seconds) {
  try {
    const response = await fetch(address, {
      ...options,
      headers: { ...options.headers, "X-ICM": "script", "X-ICM-Person": ME },
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const after = Number(response.headers.get("Retry-After")) * 1000;
    const told = isJson ? JSON.parse(text) : {};
    if (told.outcome === OTHER_PERSON) {
      document.dispatchEvent(new CustomEvent(`icm:${OTHER_PERSON}`));
    }
    return { status: response.status, text, told, after };
  } catch (error) {
    throw new Unreachable(address, { cause: error });
  }
}
