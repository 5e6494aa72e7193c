// On zooming in, names appear where they find room; on zooming out they go again. plotly fills in {plot_id}.
(function (map) {
  const SIZE = 12, LINE = 1.3;
  const isName = (note) => note.name === "naam";
  function boxOf(note, layout) {
    const lines = note.text.replace(/<\/?b>/g, "").split("<br>");
    const width = Math.max(...lines.map((line) => line.length)) * SIZE * 0.62 + 6, height = lines.length * SIZE * LINE + 6;
    const x = layout.xaxis.l2p(note.x), y = layout.yaxis.l2p(note.y);
    const inside = x > 0 && x < layout.xaxis._length && y > 0 && y < layout.yaxis._length;
    return { x, y, width, height, inside };
  }
  map.on("plotly_relayout", function (event) {
    if (!Object.keys(event).some((key) => /^[xy]axis\.(range|autorange)/.test(key))) return;
    const taken = [], change = {};
    map.layout.annotations.forEach(function (note, index) {
      if (!isName(note)) return;
      const box = boxOf(note, map._fullLayout);
      const visible = box.inside && taken.every((other) =>
        Math.abs(box.x - other.x) >= (box.width + other.width) / 2 || Math.abs(box.y - other.y) >= (box.height + other.height) / 2);
      if (visible) taken.push(box);
      if (visible !== (note.visible !== false)) change["annotations[" + index + "].visible"] = visible;
    });
    if (Object.keys(change).length) window.Plotly.relayout(map, change);
  });
})(document.getElementById("{plot_id}"));
