// Draws every chart of the page in the colours of its style sheet, and again when the reader's colour scheme
// changes (printing changes it to light).
(() => {
  "use strict";
  const theme = JSON.parse(document.getElementById("chart-theme").textContent);
  const variable = /^var\((--[a-z0-9-]+)\)$/;

  // Data and texts come from the user's files and are never looked into.
  const untouched = new Set(["values", "domain", "title", "description"]);

  function resolve(node, styles) {
    if (typeof node === "string") {
      const name = variable.exec(node);
      return name ? styles.getPropertyValue(name[1]).trim() : node;
    }
    if (Array.isArray(node)) {
      return node.map((child) => resolve(child, styles));
    }
    if (node && typeof node === "object") {
      return Object.fromEntries(Object.entries(node).map(
        ([key, child]) => [key, untouched.has(key) ? child : resolve(child, styles)]));
    }
    return node;
  }

  async function draw(chart, styles) {
    const specification = JSON.parse(chart.parentElement.querySelector(".specification").textContent);
    try {
      const result = await vegaEmbed(chart, resolve(specification, styles), {
        mode: "vega-lite",
        renderer: chart.dataset.renderer,
        config: resolve(theme, styles),
        actions: { export: true, source: false, compiled: false, editor: false },
        defaultStyle: false,
        forceActionsMenu: true,
        tooltip: { disableDefaultStyle: true },
        downloadFileName: chart.closest("figure").id,
      });
      chart.view = result.view;
      chart.dataset.state = "drawn";
    } catch (error) {
      chart.dataset.state = "failed";
      chart.textContent = "This chart could not be drawn; its numbers are in the table below.";
      console.error(error);
    }
  }

  let last = Promise.resolve();

  // One drawing after the other: two at a time would mix their elements.
  function drawAll() {
    last = last.then(() => {
      const styles = getComputedStyle(document.documentElement);
      return Promise.all(Array.from(document.querySelectorAll(".chart"), (chart) => {
        chart.view?.finalize();
        return draw(chart, styles);
      }));
    });
    return last;
  }

  // Labels are measured when they are drawn, so the letters must be there first.
  const fonts = ["400 12px 'Source Sans 3'", "600 12px 'Source Sans 3'"].map((font) => document.fonts.load(font));
  Promise.all(fonts).then(drawAll).then(() => { document.documentElement.dataset.charts = "drawn"; });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
