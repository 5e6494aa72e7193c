// A figure whose marks can be clicked; see figure.py. A page gets plotly once, and keeps it here.
const PLOTLY = Symbol.for("wijkanalyse.plotly");
const started = (source) => {
  const module = { exports: {} };
  new Function("module", "exports", "define", new TextDecoder().decode(source))(module, module.exports, undefined);
  return module.exports;
};

export default {
  render({ model, el }) {
    const box = document.createElement("div");
    el.append(box);
    let wanted;
    const choose = (event) => {
      const keys = (event?.points ?? []).map((point) => point.customdata).filter((key) => key !== undefined && key !== null);
      if (keys.length) model.send({ type: "marks", keys });
    };
    const draw = async () => {
      const plotly = globalThis[PLOTLY];
      if (!plotly || !wanted) return;
      const isFirst = !box.on, { data, layout } = JSON.parse(wanted.figure);
      await plotly.react(box, data, { uirevision: "held", ...layout }, wanted.config);
      if (isFirst) for (const event of ["plotly_click", "plotly_selected"]) box.on(event, choose);
    };
    const receive = (message, buffers) => {
      if (buffers?.length) globalThis[PLOTLY] ??= started(buffers[0]);
      if (message.figure) wanted = message;
      draw();
    };
    model.on("msg:custom", receive);
    model.send({ type: "ready", bare: !globalThis[PLOTLY] });
    return () => {
      model.off("msg:custom", receive);
      globalThis[PLOTLY]?.purge(box);
    };
  },
};
