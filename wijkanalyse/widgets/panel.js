// What a panel says; see panel.py. Everything is set as text: nothing that comes from a file is ever read as HTML.
const make = (tag, properties = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const PARTS = [["Waar", "where"], ["Verwacht", "expected"], ["Wat nu", "now"]];
const drawn = (problem) => [
  make("p", { class: "wp-what" }, problem.what),
  make("dl", {}, ...PARTS.flatMap(([name, key]) => [make("dt", {}, name), make("dd", {}, problem[key])])),
];

/** JupyterLab takes keys that are pressed in a panel for its own: "dd" on a list would delete the cell. Saving stays. */
function guard(panel) {
  // Its shortcuts listen on the way up or, in some versions, on the way down; then only the attribute is in time.
  panel.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  panel.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.target.closest(".wt")) return;
    event.preventDefault();
    panel.parentElement.dispatchEvent(new KeyboardEvent("keydown", event));
  });
}

export default {
  render({ model, el }) {
    const line = make("div", { role: "status" }), bar = make("progress", { "aria-label": "voortgang" }), box = make("div", { role: "alert" });
    el.classList.add("wp-status");
    el.append(line, bar, box);
    const paint = () => {
      const problems = model.get("problems"), share = model.get("share");
      line.textContent = problems.length ? "" : model.get("text");
      bar.hidden = !model.get("is_busy");
      share ? bar.setAttribute("value", share) : bar.removeAttribute("value");
      box.replaceChildren(...problems.flatMap(drawn));
    };
    model.on("change", paint);
    paint();
    let isGone = false; // the panel around it gets its place, and its class, after this
    const attach = () => (el.closest(".wp") ? guard(el.closest(".wp")) : isGone || requestAnimationFrame(attach));
    attach();
    return () => { isGone = true; };
  },
};
