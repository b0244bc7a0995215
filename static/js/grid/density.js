/** How close the rows stand; kept in this browser, since it says nothing of anybody. */

const KEY = "icm-density";

/** @param {HTMLElement} table */
export function chooseDensity(table) {
  const select = document.querySelector("[data-density-choice]");
  const set = (density) => {
    localStorage.setItem(KEY, density);
    table.dataset.density = density;
  };
  select.value = localStorage.getItem(KEY) ?? "normal";
  set(select.value);
  select.addEventListener("change", () => set(select.value));
  select.closest("[hidden]").hidden = false;
}
