/**
 * <summary-chart data-figure="id" data-plotly="address">: draws the figure of a JSON script element over the page's tables.
 *
 * The page is complete without it: Plotly is fetched when the first picture is nearly in view, and where it
 * does not come the picture is left out.
 * The figure names tokens ("--stage-decided"); the reader's own colours are put in their place.
 */

const NEARLY = "300px";
const DISPLAY = { displayModeBar: false, responsive: true, doubleClick: false };

/** @type {Promise<void> | undefined} Plotly on its way, once for all pictures of the page */
let coming;

/**
 * @param {string} address
 * @returns {Promise<void>} when Plotly is there, or will not come
 */
function fetched(address) {
  coming ??= new Promise((done) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => done());
    script.addEventListener("error", () => done());
    script.src = address;
    document.head.append(script);
  });
  return coming;
}

/**
 * The figure with each name of a token replaced.
 * @param {unknown} part a figure or a part of one
 * @param {(token: string) => string} colour gives the colour of a token
 * @returns {unknown}
 */
export function coloured(part, colour) {
  if (typeof part === "string") {
    return part.startsWith("--") ? colour(part) : part;
  }
  if (Array.isArray(part)) {
    return part.map((entry) => coloured(entry, colour));
  }
  if (part && typeof part === "object") {
    const entries = Object.entries(part);
    return Object.fromEntries(entries.map(([key, value]) => [key, coloured(value, colour)]));
  }
  return part;
}

class SummaryChart extends HTMLElement {
  connectedCallback() {
    this.ended = new AbortController();
    const { signal } = this.ended;
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.draw(), { signal });
    }
    this.sight = new IntersectionObserver(([seen]) => seen.isIntersecting && this.begin(), {
      rootMargin: NEARLY,
    });
    this.sight.observe(this);
  }

  disconnectedCallback() {
    this.ended.abort();
    this.sight.disconnect();
    window.Plotly?.purge(this);
  }

  async begin() {
    this.sight.disconnect();
    await fetched(this.dataset.plotly);
    this.hidden = !window.Plotly;
    this.draw();
  }

  async draw() {
    if (!window.Plotly || !this.isConnected) {
      return;
    }
    const source = document.getElementById(this.dataset.figure);
    const { data, layout } = coloured(JSON.parse(source.textContent), (token) =>
      this.colour(token),
    );
    layout.font.family = getComputedStyle(this).fontFamily;
    await window.Plotly.react(this, data, layout, DISPLAY);
    this.dataset.drawn = "";
  }

  /** The colour of a token as the reader sees it now: light, dark or forced. */
  colour(token) {
    this.style.color = `var(${token})`;
    const { color } = getComputedStyle(this);
    this.style.color = "";
    return color;
  }
}

customElements.define("summary-chart", SummaryChart);
