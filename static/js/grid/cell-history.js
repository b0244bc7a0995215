/** The history of one cell, in a dialog over the table. Loaded when it is first asked for. */

import { make, page } from "../lib/fragment.js";
import { ask, reached } from "../lib/http.js";
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
  const answer = await reached(ask(address));
  if (answer?.status !== 200) {
    return { title: "History", content: make("p", {}, "The server cannot be reached now.") };
  }
  const told = page(answer.text);
  const title = told.querySelector("main h2")?.textContent ?? "History";
  const table = told.querySelector("table.history");
  const content = table
    ? document.adoptNode(table)
    : make("p", {}, "Nothing has happened here yet.");
  return { title, content };
}
