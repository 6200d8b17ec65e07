// Replaces the still pictures by live charts, in the colours of the screen, when they come near the window.
(function () {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const NARROW = 700; // px: below it, fewer panels stand side by side

  function look(legendColumns) {
    const ink = dark.matches ? "#e6edf3" : "#1f2328";
    const line = dark.matches ? "#3d444d" : "#d8dee4";
    const font = '"Fira Sans", sans-serif';
    const words = { labelFont: font, titleFont: font, labelColor: ink, titleColor: ink };
    return {
      font: font,
      background: "transparent",
      view: { stroke: null },
      axis: Object.assign({
        labelFontSize: 11, titleFontSize: 11.5, titleFontWeight: "normal", titlePadding: 7,
        gridColor: line, gridWidth: 0.7, domainColor: "#8b949e", tickColor: "#8b949e", labelOverlap: "greedy",
      }, words),
      legend: Object.assign({
        orient: "top", labelFontSize: 12, titleFontSize: 12, titleFontWeight: "bold", symbolSize: 80,
        columnPadding: 18, labelLimit: 250, titleOrient: "left", titlePadding: 14, columns: window.innerWidth < NARROW ? 2 : legendColumns,
      }, words),
      header: Object.assign({ labelFontSize: 12, labelFontWeight: "bold", labelAnchor: "start", labelPadding: 5 }, words),
    };
  }

  // The classical predictor's black marks must stay visible on a dark screen.
  function recolour(spec) {
    return dark.matches ? JSON.parse(JSON.stringify(spec).replaceAll('"#1f2328"', '"#e6edf3"')) : spec;
  }

  async function mount(element) {
    // The specification lies inside the element and goes with the still picture.
    element.text = element.text || document.getElementById(element.dataset.spec).textContent;
    const spec = JSON.parse(element.text);
    if (window.innerWidth < NARROW) {
      spec.columns = spec.usermeta.narrow.columns;
      spec.spec.width = spec.usermeta.narrow.width;
    }
    const host = document.createElement("div");
    try {
      const made = await window.vegaEmbed(host, recolour(spec), {
        mode: "vega-lite", renderer: "svg", ast: true, config: look(spec.usermeta.legend_columns),
        actions: { export: true, source: false, compiled: false, editor: false },
      });
      if (element.made) element.made.finalize();
      element.made = made;
      element.replaceChildren(host);
      element.dataset.live = "";
    } catch (error) {
      console.error("chart", element.dataset.spec, error); // the still picture stays
    }
  }

  const charts = Array.from(document.querySelectorAll(".chart"));
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        near.unobserve(entry.target);
        mount(entry.target);
      }
    }
  }, { rootMargin: "600px" });
  charts.forEach((element) => near.observe(element));

  const again = () => charts.filter((element) => "live" in element.dataset).forEach(mount);
  dark.addEventListener("change", again);
  window.matchMedia(`(max-width: ${NARROW - 1}px)`).addEventListener("change", again);
})();
