/** What every page loads: elements that start by themselves where their markup is. */

import "./elements/connection-badge.js";
import "./elements/copy-text.js";
import "./elements/meeting-walk.js";
import "./elements/needs-server.js";
import "./elements/print-page.js";
import "./elements/step-by-step.js";
import "./elements/toolkit-here.js";
import "./elements/toolkit-ideas.js";
import "./elements/tracker-grid.js";
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
