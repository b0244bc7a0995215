/** What every page loads. A page that holds elements names their modules itself, in its block `scripts`. */

import { Unsent } from "./grid/unsent.js";

// Signing out takes unsent edits with it: the next person at this computer finds nothing. An edit that fails
// on the way out is kept once more, so they go again with the page. Who answers "Stay" goes on working.
document.addEventListener("submit", ({ target }) => {
  if (target.hasAttribute("data-sign-out")) {
    const stayed = new AbortController();
    Unsent.forget();
    window.addEventListener("pagehide", () => Unsent.forget(), { signal: stayed.signal });
    for (const act of ["keydown", "pointerdown"]) {
      window.addEventListener(act, () => stayed.abort(), { once: true });
    }
  }
});

// A form that came back begins at what says why, or at the first field with a mistake and its words.
document
  .querySelector(
    "main :is([role='alert'][tabindex], :is(input, select, textarea)[aria-invalid='true'])",
  )
  ?.focus();
