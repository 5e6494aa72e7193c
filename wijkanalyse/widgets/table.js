// A table to read and to choose from; see table.py. Everything is set as text: nothing that comes from a file is ever read as HTML.
const make = (tag, properties = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

export default {
  render({ model, el }) {
    const box = make("div", { class: "wpt", role: "region", tabindex: "0" });
    el.append(box);
    const drawn = (cell) => {
      if (typeof cell === "string" || !cell.text || cell.more === cell.text) return cell.text ?? cell;
      if (cell.more) return make("details", {}, make("summary", {}, cell.text), make("p", {}, cell.more));
      const button = make("button", { type: "button", "data-key": cell.key, title: cell.key.replace("\t", " × ") }, cell.text);
      button.addEventListener("click", () => model.send({ type: "choose", key: cell.key }));
      return button;
    };
    const mark = () => {
      for (const button of box.querySelectorAll("button")) button.setAttribute("aria-pressed", button.dataset.key === model.get("chosen"));
    };
    const paint = ({ caption, header, rows }) => {
      if (!header) return;
      const held = document.activeElement?.dataset.key; // a table that is drawn again keeps the place of who is in it
      const row = ([head, ...cells]) => make("tr", {}, make("th", { scope: "row" }, drawn(head)), ...cells.map((cell) => make("td", {}, drawn(cell))));
      box.setAttribute("aria-label", caption);
      box.replaceChildren(
        make("table", {}, make("thead", {}, make("tr", {}, ...header.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, ...rows.map(row))),
      );
      box.scrollTop = 0;
      mark();
      if (held) [...box.querySelectorAll("button")].find((button) => button.dataset.key === held)?.focus();
    };
    model.on("msg:custom", paint);
    model.on("change:chosen", mark);
    model.send({ type: "ready" });
    return () => { model.off("msg:custom", paint); model.off("change:chosen", mark); };
  },
};
