/** What every page loads: elements that start by themselves where their markup is. */

import "./elements/connection-badge.js";
import "./elements/toolkit-here.js";
import "./elements/toolkit-ideas.js";
import "./elements/tracker-grid.js";
import { Unsent } from "./grid/unsent.js";

// Signing out takes unsent edits with it: the next person at this computer finds nothing.
document.addEventListener("submit", ({ target }) => {
  if (target.hasAttribute("data-sign-out")) {
    Unsent.forget();
  }
});
