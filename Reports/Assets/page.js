// Draws every chart of the page in the colours of its style sheet, and again when the reader's colour scheme
// changes or the page goes to paper, which is light.
(() => {
  "use strict";
  const theme = JSON.parse(document.getElementById("chart-theme").textContent);
  const variable = /^var\((--[a-z0-9-]+)\)$/;

  // Data and texts come from the user's files and are never looked into.
  const untouched = new Set(["values", "domain", "title", "description"]);

  // The style sheet's first rule is the light palette; the rule for dark screens replaces some of it.
  const rules = document.querySelector("style").sheet.cssRules;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const palettes = {
    light: rules[0].style,
    dark: Array.from(rules).find((rule) => rule.media?.mediaText.includes("dark")).cssRules[0].style,
  };

  function color(name, scheme) {
    return (scheme === "dark" && palettes.dark.getPropertyValue(name) || palettes.light.getPropertyValue(name)).trim();
  }

  function resolve(node, scheme) {
    if (typeof node === "string") {
      const name = variable.exec(node);
      return name ? color(name[1], scheme) : node;
    }
    if (Array.isArray(node)) {
      return node.map((child) => resolve(child, scheme));
    }
    if (node && typeof node === "object") {
      return Object.fromEntries(Object.entries(node).map(
        ([key, child]) => [key, untouched.has(key) ? child : resolve(child, scheme)]));
    }
    return node;
  }

  async function draw(chart, scheme) {
    const specification = JSON.parse(chart.parentElement.querySelector(".specification").textContent);
    try {
      const result = await vegaEmbed(chart, resolve(specification, scheme), {
        mode: "vega-lite",
        renderer: chart.dataset.renderer,
        config: resolve(theme, scheme),
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
  function drawAll(scheme) {
    last = last.then(() => Promise.all(Array.from(document.querySelectorAll(".chart"), (chart) => {
      chart.view?.finalize();
      return draw(chart, scheme);
    })));
    return last;
  }

  const drawForScreen = () => drawAll(dark.matches ? "dark" : "light");

  // Labels are measured when they are drawn, so the letters must be there first.
  const fonts = ["400 12px 'Source Sans 3'", "600 12px 'Source Sans 3'"].map((font) => document.fonts.load(font));
  Promise.all(fonts).then(drawForScreen).then(() => { document.documentElement.dataset.charts = "drawn"; });
  dark.addEventListener("change", drawForScreen);
  addEventListener("beforeprint", () => { if (dark.matches) drawAll("light"); });
  addEventListener("afterprint", () => { if (dark.matches) drawForScreen(); });
})();
