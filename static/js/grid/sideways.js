/** Whether the table scrolls sideways: only then have its first columns anything to stay behind of. */

/** @param {import("./cells.js").Cells} cells */
export function watchSideways({ box, table }) {
  const watcher = new ResizeObserver(() => {
    box.toggleAttribute("data-sideways", box.scrollWidth > box.clientWidth);
  });
  watcher.observe(box);
  watcher.observe(table);
}
