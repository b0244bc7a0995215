/** The history of one cell, in a dialog over the table. Loaded when it is first asked for. */

import { make, page } from "../lib/fragment.js";
import { ask, Unreachable } from "../lib/http.js";
import { opened } from "./ask.js";

/** @param {string} address of the history's page */
export async function showHistory(address) {
  const { title, content } = await history(address);
  const close = make("button", { class: "button", value: "" }, "Close");
  const all = make("a", { href: address }, "Open as a page");
  const { dialog } = opened(title, [content, make("p", {}, all)], [close]);
  dialog.classList.add("dialog--wide");
  close.focus();
}

async function history(address) {
  try {
    const answer = page((await ask(address)).text);
    const title = answer.querySelector("main h2")?.textContent ?? "History";
    const table = answer.querySelector("table.history");
    const content = table
      ? document.adoptNode(table)
      : make("p", {}, "Nothing has happened here yet.");
    return { title, content };
  } catch (error) {
    if (!(error instanceof Unreachable)) {
      throw error;
    }
    return { title: "History", content: make("p", {}, "The server cannot be reached now.") };
  }
}
