// A point, a list entry or a card opens its story in the reader. Nothing here asks the network for anything.
(function () {
  "use strict";
  const stories = JSON.parse(document.getElementById("verhalen").textContent);
  const byId = new Map(stories.map((story, index) => [story.id, index]));
  const map = document.getElementById("kaart");
  const reader = document.getElementById("lezer");
  const part = (name) => reader.querySelector("[data-part=" + name + "]");
  document.querySelector("[data-zonder-scripts]").remove();
  let current = -1;
  let cameFrom = null;

  function show(id, moveFocus) {
    if (!byId.has(id)) return;
    current = byId.get(id);
    const story = stories[current];
    part("title").textContent = story.title;
    part("about").textContent = [story.attribute, story.theme, "nummer " + story.id].filter(Boolean).join(" · ");
    const same = stories.filter((other) => other.theme === story.theme);
    part("place").textContent = (same.indexOf(story) + 1) + " van " + same.length;
    part("text").textContent = story.text;
    part("reason").textContent = story.reason;
    reader.querySelectorAll("[data-stap]").forEach((button) => { button.disabled = false; });
    reader.querySelector("[data-terug]").hidden = !cameFrom;
    reader.scrollTop = 0;
    markPoint(story);
    if (moveFocus) part("title").focus({ preventScroll: false });
  }

  function markPoint(story) {
    if (!window.Plotly || !map.data) return;
    const ring = map.data.length - 1;
    window.Plotly.restyle(map, { x: [[story.x]], y: [[story.y]] }, [ring]);
  }

  function step(by) {
    const theme = stories[current].theme;
    for (let i = current + by; i >= 0 && i < stories.length; i += by) {
      if (stories[i].theme === theme) { show(stories[i].id, false); return; }
    }
  }

  document.addEventListener("click", function (event) {
    const opener = event.target.closest("[data-verhaal]");
    if (opener) { cameFrom = opener; show(opener.dataset.verhaal, true); return; }
    if (event.target.closest("[data-terug]") && cameFrom) { cameFrom.focus(); return; }
    const stepper = event.target.closest("[data-stap]");
    if (stepper && current >= 0) step(Number(stepper.dataset.stap));
  });
  if (map && map.on) {
    map.setAttribute("role", "group");
    map.setAttribute("aria-label", "Themakaart: elk punt is een verhaal. De verhalen staan ook in lijsten onder de kaart.");
    map.on("plotly_click", function (event) {
      // On a map of many stories a point stands for some of one theme; the buttons lead on from the first.
      const first = stories.find((story) => story.mark === event.points[0].customdata);
      if (first) { cameFrom = null; show(first.id, false); }
    });
  }
})();
