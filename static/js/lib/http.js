/**
 * The one place that speaks to the server. Nothing here knows of cells.
 *
 * Every request carries `X-ICM: script`, so that the server answers 401 where a page would be sent to sign in.
 */

const WRITE_SECONDS = 15;
const READ_SECONDS = 5;

/** The request did not reach the server, or its answer did not come back. */
export class Unreachable extends Error {}

/**
 * What the server said.
 * @typedef {{status: number, text: string, told: Record<string, any>}} Answer `told` is {} unless it is JSON
 */

/** @returns {string} the token of the cookie; it changes when somebody signs in. */
export function token() {
  return document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/)?.[1] ?? "";
}

/**
 * @param {string} address
 * @returns {Promise<Answer>} throws Unreachable
 */
export function ask(address) {
  return request(address, {}, READ_SECONDS);
}

/**
 * @param {string} address
 * @param {Record<string, string>} fields sent as a form
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
      headers: { ...options.headers, "X-ICM": "script" },
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const text = await response.text();
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: response.status, text, told: isJson ? JSON.parse(text) : {} };
  } catch (error) {
    throw new Unreachable(address, { cause: error });
  }
}
