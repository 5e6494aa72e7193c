// One story to read, with marks in it and keys to act on them. What a mark or an action means is Python's business.
// Stories, labels and notes enter the page as textContent only: they hold whatever a person typed.
// Python counts code points, the browser UTF-16 units; everything here is in code points unless a name says unit.

const STATES = {
  open: { sign: "○", name: "nog open" }, accepted: { sign: "✓", name: "akkoord" }, rejected: { sign: "×", name: "afgewezen" },
  other: { sign: "", name: "van een ander" },
};
const KEY_NAMES = { ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Space: "spatie" };
const BUILT_IN_HELP = [
  ["← → k j", "vorige en volgende markering"],
  ["p n", "vorig en volgend verhaal"],
  ["s", "kies zelf woorden, vanaf de plaats waar je bent"],
  ["Shift+← Shift+→", "een woord minder of meer kiezen"],
  ["← → ↑ ↓", "tijdens het kiezen: naar een ander woord of een andere zin"],
  ["Esc", "stop met kiezen, of sluit dit venster"],
  ["g", "alle verhalen als tabel, en terug"],
  ["?", "deze hulp"],
];

/** Where each code point of `text` begins, in units; the last entry is the end. */
export function unitsOf(text) {
  const units = [0];
  for (const point of text) units.push(units[units.length - 1] + point.length);
  return units;
}

/** Marks in reading order: those of the whole story (no place) first; where two begin together, the longer one. */
export const inOrder = (marks) => [...marks].sort((a, b) => (a.start ?? -1) - (b.start ?? -1) || b.end - a.end);
const isWhole = (mark) => mark.start === null;

/** A lane for each mark id: the lowest that is free where the mark begins, so that no two lines meet. */
export function lanesOf(marks) {
  const ends = [];
  const lanes = new Map();
  for (const mark of inOrder(marks).filter((mark) => !isWhole(mark))) {
    const free = ends.findIndex((end) => end <= mark.start);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = mark.end;
    lanes.set(mark.id, lane);
  }
  return lanes;
}

/** The text cut wherever a mark begins or ends; each piece knows the marks that cover it. */
export function segments(text, marks) {
  const units = unitsOf(text);
  const length = units.length - 1;
  const inside = inOrder(marks).filter((mark) => 0 <= mark.start && mark.start < mark.end && mark.end <= length);
  const cuts = [...new Set([0, length, ...inside.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => ({
    start: cuts[index], end, text: text.slice(units[cuts[index]], units[end]),
    marks: inside.filter((mark) => mark.start <= cuts[index] && end <= mark.end),
  }));
}

/** First and last place of each word. */
export function wordsOf(text) {
  const words = [];
  let [unit, point] = [0, 0];
  for (const match of text.matchAll(/\[[^\][\n]{1,60}\]|[\p{L}\p{M}\p{N}]+(?:['’.@_-]+[\p{L}\p{M}\p{N}]+)*/gu)) {
    const start = point + countPoints(text.slice(unit, match.index));
    [unit, point] = [match.index + match[0].length, start + countPoints(match[0])];
    words.push({ start, end: point });
  }
  return words;
}

const countPoints = (text) => [...text].length;

/** The name of a key as actions write it: a, Shift+A, Enter; "" when it is not for us. */
export function keyName(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return "";
  if (/^\p{L}$/u.test(event.key)) return event.shiftKey ? "Shift+" + event.key.toUpperCase() : event.key.toLowerCase();
  const key = event.key === " " ? "Space" : event.key;
  return event.shiftKey && key.length > 1 ? "Shift+" + key : key;
}

const showKey = (key) => key.replace(/\w+$/, (name) => KEY_NAMES[name] ?? name);
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const matches = (query, ...texts) => plain(query).split(/\s+/).every((word) => plain(texts.join(" ")).includes(word));
const inLine = (text) => text.replace(/\s+/g, " ").trim();
const shorten = (text) => (countPoints(inLine(text)) > 60 ? [...inLine(text)].slice(0, 57).join("") + " …" : inLine(text));
const aboutOf = (item) => item.about ?? item.cells?.filter(Boolean).join(" · ") ?? "";
const leftOf = (item) => (item.done ? "✓ klaar" : item.left ? item.left + " open" : "");
const stateOf = (item) => (item.done ? "klaar" : "open");
const dataOf = (mark) => ({ "data-mark": mark.id, "data-tone": mark.tone, "data-state": mark.state });

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children); // append makes text nodes of strings, never elements
  return node;
}

// What is painted, in this order, and which traits ask for it.
const PARTS = ["Head", "Buttons", "Text", "Now", "Queue", "Message", "Legend"];
const PAINTED_BY = {
  heading: ["Head"], progress: ["Head"], progress_share: ["Head"], actions: ["Buttons", "Now"], cursor: ["Now"], message: ["Message"],
  columns: ["Queue"], legend: ["Legend"],
};
const PAGE_PARTS = { story: ["Text", "Now", "Queue"], marks: ["Text", "Now"], queue: ["Queue"], choices: ["Buttons", "Now"] };

class View {
  static count = 0;

  constructor(model, el) {
    Object.assign(this, { model, el, uid: "wt" + ++View.count, caret: null, chosen: null, asking: null, due: new Set() });
    // The story comes as a message, not as state of the model: state may be saved along with a notebook.
    this.given = { story: {}, marks: [], queue: [], choices: [] };
    this.build();
    this.listeners = Object.entries(PAINTED_BY).map(([name, parts]) => ["change:" + name, () => this.later(parts)]);
    this.listeners.push(["msg:custom", (message) => this.receive(message)]);
    for (const [name, listener] of this.listeners) model.on(name, listener);
    for (const part of PARTS) this["paint" + part]();
    model.send({ type: "ready" });
  }

  destroy() {
    for (const [name, listener] of this.listeners) this.model.off(name, listener);
    this.root.remove();
  }

  receive(message) {
    if (message.type !== "page") return;
    // Another story comes with its own cursor; that of the model may arrive later, and would scroll to the wrong place.
    if (message.story && (this.waiting || message.story.id !== this.given.story.id)) this.model.set("cursor", message.cursor);
    this.waiting = false;
    Object.assign(this.given, message);
    this.later(Object.keys(PAGE_PARTS).filter((name) => name in message).flatMap((name) => PAGE_PARTS[name]));
  }

  get story() { return { id: "", title: "", text: "", about: "", ...this.given.story }; }
  get marks() { return inOrder(this.given.marks); }
  get current() { return this.marks.find((mark) => mark.id === this.model.get("cursor")); }
  /** Where the person last was, else the current mark. */
  get here() { return this.caret ?? this.current?.start ?? 0; }
  quote(place) { return isWhole(place) ? "" : this.story.text.slice(this.units[place.start], this.units[place.end]); }

  /** Paint once after a batch of changes: the story never stands on screen with another story's marks. */
  later(parts) {
    if (!this.due.size) queueMicrotask(() => {
      const due = PARTS.filter((part) => this.due.has(part));
      this.due.clear();
      this.keepFocus(() => due.forEach((part) => this["paint" + part]()));
    });
    parts.forEach((part) => this.due.add(part));
  }

  /** Painting may take away what has the focus; the next key would then go to JupyterLab, where d d deletes a cell. */
  keepFocus(paint) {
    const ours = this.root.contains(document.activeElement);
    paint();
    const now = document.activeElement;
    if (ours && (!this.root.contains(now) || now.disabled)) this.toText();
  }

  toText() { this.page.focus({ preventScroll: true }); }

  build() {
    const id = (name) => this.uid + name;
    this.heading = make("div", { class: "wt-heading", role: "heading", "aria-level": 2 });
    this.progress = make("progress", { max: 1, "aria-labelledby": id("p") });
    this.progressText = make("span", { id: id("p") });
    this.filter = make("input", {
      type: "search", placeholder: this.model.get("search") || "Zoek verhaal", "aria-label": this.model.get("search") || "Zoek in de lijst met verhalen",
      title: this.model.get("search") ? "" : "Op titel, op wat erbij staat, of op ‘klaar’ en ‘open’", input: () => this.typed(), keydown: (event) => this.filterKey(event),
    });
    this.list = make("ul", { keydown: (event) => this.listKey(event) });
    this.columns = make("div", { class: "wt-columns", "aria-hidden": "true" });
    this.gridButton = make("button", { type: "button", class: "wt-grid-button", click: () => this.toggleGrid() });
    this.quick = make("div", { class: "wt-quick", role: "group", "aria-label": "Meteen kiezen met een cijfer" });
    this.nav = make("nav", { class: "wt-queue", "aria-label": "Verhalen" }, this.filter, this.gridButton, this.columns, this.list, this.quick);
    this.title = make("div", { class: "wt-title", role: "heading", "aria-level": 3 });
    this.about = make("div", { class: "wt-about" });
    this.whole = make("div", { class: "wt-whole", role: "group", "aria-label": "Bij het hele verhaal" });
    this.text = make("div", { class: "wt-text", lang: "nl", role: "document", "aria-label": "Tekst van het verhaal" });
    this.page = make("div", {
      class: "wt-page", role: "application", tabindex: 0, "aria-describedby": id("k"), mousedown: (event) => this.startMouse(event),
    }, this.title, this.about, this.whole, this.text);
    this.now = make("p", { class: "wt-now", "aria-live": "polite" });
    this.buttons = make("div", { class: "wt-actions", role: "toolbar", "aria-label": "Wat je kunt doen" });
    this.message = make("p", { class: "wt-message", role: "status" });
    this.box = make("div", { class: "wt-box", role: "dialog", hidden: true, focusout: (event) => this.leaveBox(event) });
    this.help = make("div", { class: "wt-help", role: "dialog", "aria-label": "Hulp", hidden: true });
    const hint = make("span", { id: id("k"), class: "wt-hidden" },
      "Met de pijltjes ga je langs de markeringen. Het vraagteken toont alle toetsen.");
    const helpButton = make("button", { type: "button", class: "wt-help-button", click: () => this.toggleHelp() },
      make("kbd", {}, "?"), " alle toetsen");
    this.legend = make("ul", { class: "wt-legend", "aria-label": "Legenda" });
    const desk = make("div", { class: "wt-desk" }, this.box, this.legend, this.now, make("div", { class: "wt-row" }, this.buttons, this.message));
    const progress = make("div", { class: "wt-progress" }, this.progressText, this.progress);
    const head = make("div", { class: "wt-head" }, this.heading, progress, helpButton);
    const main = make("div", { class: "wt-main" }, this.page, desk);
    // JupyterLab's shortcuts listen on the way up or, in some versions, on the way down. Then stopPropagation comes too
    // late, but this attribute is honoured.
    this.root = make("div", {
      class: "wt", "data-lm-suppress-shortcuts": "true", keydown: (event) => this.key(event), keyup: (event) => event.stopPropagation(),
    }, this.sheet = make("div", { class: "wt-sheet" }, head, this.nav, main, this.help, hint));
    this.el.append(this.root);
  }

  // ---- painting ----

  paintHead() {
    this.heading.textContent = this.model.get("heading");
    this.progressText.textContent = this.model.get("progress");
    this.progress.value = this.model.get("progress_share");
    this.progress.hidden = !this.progressText.textContent || Boolean(this.model.get("search"));
  }

  paintButtons() {
    const groups = Map.groupBy(this.model.get("actions"), (action) => action.group ?? "");
    const drawGroup = (group) => make("div", { class: "wt-group" }, ...group.map((action) => this.drawButton(action)));
    this.buttons.replaceChildren(...[...groups.values()].map(drawGroup));
    const quick = this.given.choices.filter((choice) => choice.key);
    const head = quick[0]?.group ? [make("p", {}, quick[0].group)] : [];
    this.quick.replaceChildren(...head, ...quick.map((choice) => this.drawQuick(choice)));
  }

  /** What the marks without a label of their own mean. */
  paintLegend() {
    const draw = ({ tone, label }) => make("li", {}, make("span", { class: "wt-line", "data-tone": tone, style: "--lane:0" }, make("span", {}, "woord")), " " + label);
    this.legend.replaceChildren(...this.model.get("legend").map(draw));
  }

  /** A choice with a key of its own: one press answers the action that is `quick`. */
  drawQuick(choice) {
    const click = (event) => { this.runQuick(choice); if (event.detail) this.toText(); };
    return make("button", { type: "button", tabindex: -1, "data-choice": choice.id, title: choice.label + ": " + (choice.hint ?? ""), "aria-keyshortcuts": choice.key, click },
      make("kbd", {}, showKey(choice.key)), make("span", {}, choice.label, ...(choice.why ? [make("small", {}, choice.why)] : [])));
  }

  quickAction() { return this.waiting ? undefined : this.model.get("actions").find((action) => action.quick && this.target(action)); }

  runQuick(choice) {
    const action = this.quickAction();
    if (action) this.send({ type: "action", action: action.id, story: this.story.id, ...this.target(action), choice: choice.id });
  }

  drawButton(action) {
    const click = (event) => {
      this.run(action);
      if (event.detail && !this.asking) this.toText(); // a mouse goes on with keys in the text
    };
    return make("button", { type: "button", "data-action": action.id, title: action.help, "aria-keyshortcuts": action.key, click },
      ...(action.key ? [make("kbd", {}, showKey(action.key)), " "] : []), action.label);
  }

  paintText() {
    const { id, title, text, about } = this.story;
    if (this.shown !== id + "\n" + text) { // another story: forget the place in the old one
      Object.assign(this, { shown: id + "\n" + text, caret: null, chosen: null, words: wordsOf(text), units: unitsOf(text) });
      this.closeBox(false);
      this.page.scrollTop = 0;
    }
    this.title.textContent = title;
    this.about.textContent = about;
    this.page.setAttribute("aria-label", "Verhaal: " + (title || id));
    this.whole.replaceChildren(...this.marks.filter(isWhole).map((mark) => this.drawLabel(mark)));
    const lanes = lanesOf(this.marks);
    this.text.style.setProperty("--extra", Math.max(0, ...lanes.values()));
    this.pieces = segments(text, this.chosen ? [...this.marks, this.chosen] : this.marks);
    this.text.replaceChildren(...this.pieces.flatMap((piece, index) => this.drawPiece(piece, index, lanes)));
  }

  /** One span with a line for each mark around the words, and behind it the labels of the marks that end here. */
  drawPiece(piece, index, lanes) {
    const marks = piece.marks.filter((mark) => mark !== this.chosen);
    const words = make("span", { class: piece.marks.length > marks.length ? "wt-chosen" : false }, piece.text);
    const underline = (inner, mark) => make("span", { class: "wt-line", ...dataOf(mark), style: "--lane:" + lanes.get(mark.id) }, inner);
    const lined = marks.reduceRight(underline, words);
    lined.dataset.piece = index;
    return [lined, ...marks.filter((mark) => mark.end === piece.end && mark.label).reverse().map((mark) => this.drawLabel(mark))];
  }

  drawLabel(mark) {
    const id = this.uid + "m" + this.marks.indexOf(mark);
    return make("span", { class: "wt-label", role: "button", id, ...dataOf(mark), "aria-label": this.describe(mark).join(", ") },
      [STATES[mark.state]?.sign, mark.label].filter(Boolean).join(" "));
  }

  describe(mark) {
    const becomes = mark.replacement && "wordt " + mark.replacement;
    return [isWhole(mark) ? "heel verhaal" : "‘" + shorten(this.quote(mark)) + "’", mark.label, STATES[mark.state]?.name, mark.note, becomes].filter(Boolean);
  }

  /** Show where the person is: the current mark or the words chosen, and which actions apply. */
  paintNow() {
    const { current, chosen } = this;
    this.page.removeAttribute("aria-activedescendant");
    const here = [...this.page.querySelectorAll("[data-mark]")].filter((node) => {
      return node.classList.toggle("wt-current", !chosen && current?.id === node.dataset.mark);
    });
    const label = here.find((node) => node.id);
    if (label) this.page.setAttribute("aria-activedescendant", label.id);
    if (here.length) this.reveal(label ?? here[0]);
    const isLines = (part) => part.startsWith("\n"); // a note of several lines stands below
    const parts = this.whereNow().flatMap((part, index) => {
      const shown = make("span", { class: isLines(part) && "wt-lines" }, part.trim());
      return index && !isLines(part) ? [" · ", shown] : [shown];
    });
    this.now.replaceChildren(...parts);
    const actions = new Map(this.model.get("actions").map((action) => [action.id, action]));
    for (const button of this.buttons.querySelectorAll("[data-action]")) {
      const action = actions.get(button.dataset.action);
      button.disabled = !this.target(action);
      // Either the current mark or the chosen words: what is for the other takes no room, nor what a mark or story does not allow.
      const isUseless = button.disabled && (action.on === "story" ? this.story.id : action.on === "mark" && current && !chosen);
      button.hidden = isUseless || action.on === (chosen ? "mark" : "selection");
    }
    const isQuick = Boolean(this.quickAction());
    for (const button of this.quick.querySelectorAll("button")) button.disabled = !isQuick;
  }

  whereNow() {
    const { current, chosen, marks } = this;
    if (chosen) return ["Gekozen", "‘" + shorten(this.quote(chosen)) + "’", "Shift+← → korter of langer", "Esc stopt"];
    if (current) return [marks.indexOf(current) + 1 + " van " + marks.length, ...this.describe(current)];
    if (!marks.length) return ["Geen markeringen"];
    const open = marks.filter((mark) => mark.state === "open").length;
    return [marks.length === 1 ? "1 markering" : marks.length + " markeringen", ...(open ? [open + " nog open"] : [])];
  }

  reveal(node) {
    if (this.root.contains(document.activeElement)) return node.scrollIntoView({ block: "nearest" });
    // Not at work here: move our own page only, never the notebook under the reader's eyes.
    const { scrollTop, clientHeight } = this.page;
    const isSeen = scrollTop <= node.offsetTop && node.offsetTop + node.offsetHeight <= scrollTop + clientHeight;
    if (!isSeen) this.page.scrollTop = Math.max(0, node.offsetTop - clientHeight / 2);
  }

  paintQueue() {
    const { queue } = this.given;
    const columns = this.model.get("columns") ?? [], search = this.model.get("search");
    const found = queue.filter((item) => search || matches(this.filter.value, item.title, item.id, aboutOf(item), stateOf(item)));
    this.nav.hidden = !queue.length && !search;
    this.gridButton.hidden = !columns.length;
    this.gridButton.replaceChildren(make("kbd", {}, this.isGrid ? "Esc" : "g"), this.isGrid ? ` terug · ${found.length} van de ${queue.length} verhalen` : " als tabel");
    this.nav.style.setProperty("--columns", columns.length);
    this.columns.replaceChildren(...["Verhaal", "", ...columns].map((name) => make("span", {}, name)));
    this.list.replaceChildren(...found.map((item) => make("li", {}, this.drawQueued(item))));
    if (!found.length) this.list.append(make("li", { class: "wt-none" }, "Geen verhaal gevonden."));
    const stop = this.list.querySelector("[aria-current]") ?? this.list.querySelector("button");
    if (!stop) return;
    stop.tabIndex = 0; // Tab passes the list in one step; arrows go through it
    this.list.scrollTop = stop.offsetTop - this.list.clientHeight / 2;
  }

  drawQueued(item) {
    const here = item.id === this.story.id && "true";
    const cells = this.isGrid && item.cells ? item.cells : [aboutOf(item)].filter(Boolean);
    return make("button", { type: "button", tabindex: -1, "data-id": item.id, "aria-current": here, click: () => this.open(item.id) },
      make("span", { class: "wt-name", title: item.title }, item.title || item.id), make("span", { class: "wt-left" }, leftOf(item)),
      ...cells.map((cell) => make("span", { class: "wt-item-about", title: cell }, cell)));
  }

  /** All stories in the whole width, with a column for each attribute, or the list beside one story. */
  toggleGrid(on = !this.isGrid) {
    if (!this.model.get("columns")?.length) return;
    this.isGrid = on;
    this.sheet.classList.toggle("wt-grid", on);
    this.paintQueue();
    if (on) this.filter.focus();
    else this.toText();
  }

  paintMessage() {
    const { kind = "", text = "" } = this.model.get("message");
    if (kind === "error") this.waiting = false;
    this.message.dataset.kind = kind;
    this.message.setAttribute("aria-live", kind === "error" ? "assertive" : "polite");
    this.message.textContent = ({ error: "Let op: ", busy: "Bezig: " }[kind] ?? "") + text;
    this.root.setAttribute("aria-busy", kind === "busy");
  }

  paintHelp() {
    const own = this.model.get("actions").filter((action) => action.key).map((action) => [showKey(action.key), action.help || action.label]);
    own.push(...this.given.choices.filter((choice) => choice.key).map((choice) => [showKey(choice.key), "meteen: " + choice.label]));
    const drawRow = ([keys, meaning]) => [make("dt", {}, ...keys.split(" ").map((key) => make("kbd", {}, key))), make("dd", {}, meaning)];
    this.help.replaceChildren(
      make("button", { type: "button", click: () => this.toggleHelp() }, make("kbd", {}, "Esc"), " Sluiten"),
      make("div", { class: "wt-title", role: "heading", "aria-level": 3 }, "Toetsen"),
      make("p", {}, this.model.get("help_text")),
      make("dl", {}, ...[...own, ...BUILT_IN_HELP].flatMap(drawRow)));
  }

  toggleHelp() {
    this.help.hidden = !this.help.hidden;
    if (this.help.hidden) return this.toText();
    this.paintHelp();
    this.help.firstChild.focus();
  }

  // ---- keys ----

  key(event) {
    event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && event.key === "s") return this.passOn(event);
    const name = keyName(event);
    if (!name || event.defaultPrevented || event.target.matches("input, textarea")) return;
    if (!this.help.hidden) { if (name === "Escape" || name === "?") this.toggleHelp(); return; }
    if (event.target.matches("button") && (name === "Enter" || name === "Space")) return;
    const action = this.model.get("actions").filter((item) => item.key === name).find((item) => this.target(item));
    const choice = this.given.choices.find((item) => item.key === name);
    const own = action ? () => this.run(action) : choice ? () => this.runQuick(choice) : null;
    const act = this.builtIn(name) ?? (event.repeat ? null : own);
    if (act) { event.preventDefault(); act(); }
  }

  /** Saving the notebook is the one shortcut of JupyterLab that has to keep working from here. */
  passOn(event) {
    event.preventDefault();
    this.el.dispatchEvent(new KeyboardEvent("keydown", event));
  }

  builtIn(name) {
    const whileChoosing = this.chosen && {
      ArrowLeft: () => this.moveWord(-1), ArrowRight: () => this.moveWord(1), Escape: () => this.choose(null),
      ArrowUp: () => this.moveSentence(-1), ArrowDown: () => this.moveSentence(1),
    }[name];
    return whileChoosing || {
      ArrowLeft: () => this.step(-1), k: () => this.step(-1), ArrowRight: () => this.step(1), j: () => this.step(1),
      n: () => this.nextStory(1), p: () => this.nextStory(-1), "?": () => this.toggleHelp(), g: () => this.toggleGrid(),
      s: () => this.chooseWords(this.wordAt(this.here)), "Shift+ArrowLeft": () => this.extend(-1), "Shift+ArrowRight": () => this.extend(1),
    }[name];
  }

  step(by) {
    const marks = this.marks;
    const here = marks.findIndex((mark) => mark.id === this.model.get("cursor"));
    const next = here < 0 ? marks[by > 0 ? 0 : marks.length - 1] : marks[here + by];
    if (next) this.goTo(next.id);
  }

  goTo(mark) {
    if (this.chosen) this.choose(null);
    this.caret = this.marks.find((item) => item.id === mark)?.start ?? this.caret;
    this.model.set("cursor", mark);
    this.model.save_changes();
    this.model.send({ type: "cursor", mark });
  }

  open(story) {
    this.model.send({ type: "open", story });
    this.closeList();
  }

  nextStory(by) {
    const ids = [...this.list.querySelectorAll("button")].map((button) => button.dataset.id);
    const here = ids.indexOf(this.story.id);
    const next = here < 0 ? ids[0] : ids[here + by];
    if (next) this.open(next);
  }

  /** The next story that is not done, of those that the search leaves on the list. */
  nextOpen() {
    const shown = new Set([...this.list.querySelectorAll("button")].map((button) => button.dataset.id));
    const { queue } = this.given;
    const at = queue.findIndex((item) => item.id === this.story.id) + 1;
    return [...queue.slice(at), ...queue.slice(0, Math.max(0, at - 1))].find((item) => shown.has(item.id) && !item.done)?.id ?? "";
  }

  /** Who gives a `search` looks for stories itself; otherwise the list on screen is searched. */
  typed(wait = 400) {
    if (!this.model.get("search")) return this.paintQueue();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.model.send({ type: "search", query: this.filter.value }), wait);
  }

  filterKey(event) {
    const first = this.list.querySelector("button");
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter" && this.model.get("search")) this.typed(0);
    else if (event.key === "Enter" && first) this.open(first.dataset.id);
    else if (event.key === "Escape") { this.filter.value = ""; this.typed(0); this.closeList(); }
  }

  closeList() { if (this.isGrid) this.toggleGrid(false); else this.toText(); }

  listKey(event) {
    if (event.key === "Escape") this.closeList();
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const buttons = [...this.list.querySelectorAll("button")];
    (buttons[buttons.indexOf(event.target) + by] ?? (by < 0 ? this.filter : event.target)).focus();
  }

  // ---- choosing words ----

  choose(place) {
    if (!place && this.chosen) this.caret = this.chosen.start;
    this.chosen = place;
    this.keepFocus(() => { this.paintText(); this.paintNow(); });
    const here = this.text.querySelector(".wt-chosen");
    if (here) this.reveal(here);
  }

  wordAt(point) {
    const index = this.words.findIndex((word) => word.end > point);
    return index < 0 ? this.words.length - 1 : index;
  }

  /** Choose from one word to another; `held` is the word that stays when the choice grows or shrinks. */
  chooseWords(held, moving = held) {
    const [from, to] = [this.words[Math.min(held, moving)], this.words[Math.max(held, moving)]];
    if (from && to) this.choose({ id: null, start: from.start, end: to.end, held, moving });
  }

  moveWord(by) { const next = this.chosen.moving + by; if (this.words[next]) this.chooseWords(next); }

  extend(by) {
    if (!this.chosen) this.chooseWords(this.wordAt(this.here));
    else this.chooseWords(this.chosen.held, this.chosen.moving + by);
  }

  moveSentence(by) {
    const points = [...this.story.text];
    const begins = (index) => !index || /[.!?…\n]/.test(points.slice(this.words[index - 1].end, this.words[index].start).join(""));
    for (let index = this.chosen.moving + by; this.words[index]; index += by) if (begins(index)) return this.chooseWords(index);
  }

  startMouse(event) {
    if (event.button !== 0) return;
    document.addEventListener("mouseup", (up) => this.endMouse(up), { once: true });
  }

  endMouse(event) {
    if (this.whole.contains(event.target)) return this.click(event.target, this.caret); // no words to choose there
    const selection = document.getSelection();
    if (!selection.rangeCount || !this.page.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0);
    const from = this.placeOf(range.startContainer, range.startOffset);
    const to = this.placeOf(range.endContainer, range.endOffset);
    const quote = this.quote({ start: from, end: to });
    if (!quote.trim()) return this.click(event.target, from);
    const start = to - countPoints(quote.trimStart());
    const end = from + countPoints(quote.trimEnd());
    selection.removeAllRanges(); // our own drawing stays when the focus moves to the search box
    this.choose({ id: null, start, end, held: this.wordAt(start), moving: this.wordAt(end - 1) });
  }

  /** A click takes the innermost mark; a second click on the same words takes the one around it. */
  click(node, point) {
    this.caret = point;
    const label = node.closest?.(".wt-label");
    const piece = this.pieces[node.closest?.("[data-piece]")?.dataset.piece];
    const around = piece?.marks.filter((mark) => mark !== this.chosen).map((mark) => mark.id).reverse() ?? [];
    const ids = label ? [label.dataset.mark] : around;
    if (ids.length) this.goTo(ids[(ids.indexOf(this.model.get("cursor")) + 1) % ids.length]);
    else if (this.chosen) this.choose(null);
  }

  /** The code point at a place in the page; labels between the words do not count. */
  placeOf(node, offset) {
    const place = document.createRange();
    place.setStart(node, offset);
    const isStory = (text) => (text.parentNode.closest(".wt-label") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const walker = document.createTreeWalker(this.text, NodeFilter.SHOW_TEXT, isStory);
    let units = 0;
    for (let text = walker.nextNode(); text && place.comparePoint(text, 0) <= 0; text = walker.nextNode()) {
      units += text === node ? offset : text.length;
    }
    return countPoints(this.story.text.slice(0, units));
  }

  // ---- acting ----

  /** What an action would be about now: the chosen words, else the current mark, or the story; null where it does not apply. */
  target(action) {
    const { story, chosen, current } = this;
    if (!story.id) return null;
    if (action.on === "story") return story.can && !story.can.includes(action.id) ? null : { mark: "", start: null, end: null, quote: "" };
    const place = action.on === "selection" ? chosen : !chosen && !this.waiting && current;
    if (place?.can && !place.can.includes(action.id)) return null;
    return place ? { mark: place.id ?? "", start: place.start, end: place.end, quote: this.quote(place) } : null;
  }

  run(action) {
    const target = this.target(action);
    if (!target) return;
    const message = { type: "action", action: action.id, story: this.story.id, ...target, choice: null };
    if (action.on === "story") message.next = this.nextOpen();
    if (action.asks || action.text) this.ask(action, message);
    else this.send(message);
  }

  send(message) {
    // Until the answer about chosen words is there, the current mark is still an older one: no key may reach that.
    this.waiting = Boolean(this.chosen);
    if (this.chosen) this.choose(null);
    this.model.send(message);
    const { advance } = this.model.get("actions").find((action) => action.id === message.action) ?? {};
    if (advance && message.mark) this.toNextOpen(message.mark);
  }

  /** Go on without waiting for the answer, so that keys in quick succession each reach the next mark. */
  toNextOpen(from) {
    const marks = this.marks;
    const at = marks.findIndex((mark) => mark.id === from);
    const next = [...marks.slice(at + 1), ...marks.slice(0, at)].find((mark) => mark.state === "open");
    if (next) this.goTo(next.id);
  }

  /** Take one of the choices, or write something, first; the message keeps the place it was asked for. */
  ask(action, message) {
    this.asking = { action, message, at: 0, found: [] };
    const listId = this.uid + "c";
    const asked = action.label.replace(/…$/, "");
    this.query = action.text ? this.drawPad(asked, action, message) : make("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": listId, "aria-label": asked + ": typ om te zoeken",
      placeholder: action.free ? "Typ een woord, of kies" : "Typ om te zoeken", autocomplete: "off", spellcheck: "false", keydown: (event) => this.boxKey(event),
      input: () => { this.asking.at = 0; this.paintOptions(); },
    });
    this.options = make("ul", { id: listId, role: "listbox", "aria-label": "Keuzes" });
    const title = message.quote ? asked + ": ‘" + shorten(message.quote) + "’" : asked;
    this.box.setAttribute("aria-label", title);
    const below = action.text ? make("p", { class: "wt-hint" }, "Enter bewaart · Shift+Enter nieuwe regel · Esc sluit zonder te bewaren") : this.options;
    this.box.replaceChildren(make("p", {}, title), this.query, below);
    this.box.hidden = false;
    if (!action.text) this.paintOptions();
    this.query.focus({ preventScroll: true });
    this.box.scrollIntoView({ block: "nearest" });
    // The box lies over the lower part of the text: keep the words it is about above it.
    const words = this.text.querySelector(".wt-chosen, .wt-line.wt-current");
    if (words) this.page.scrollTop += words.getBoundingClientRect().top - this.page.getBoundingClientRect().top - 24;
  }

  /** Room for own words; what was written about the same thing before stands in it. */
  drawPad(asked, action, message) {
    const here = this.marks.filter((mark) => mark.start === message.start && mark.end === message.end);
    const about = action.on === "story" ? [this.story] : action.on === "mark" ? [this.current] : here;
    const pad = make("textarea", { rows: 4, "aria-label": asked, keydown: (event) => this.boxKey(event) });
    pad.value = this.asking.before = about.map((thing) => thing.texts?.[action.id]).find(Boolean) ?? "";
    return pad;
  }

  paintOptions() {
    const query = this.query.value.trim();
    const asked = this.given.choices.filter((choice) => !choice.for || choice.for === this.asking.action.id);
    const fits = asked.filter((choice) => matches(query, choice.label, choice.hint ?? "", choice.words ?? ""));
    const byName = Map.groupBy(fits, (choice) => matches(query, choice.label));
    const found = [...(byName.get(true) ?? []), ...(byName.get(false) ?? [])];
    const isNew = query && !found.some((choice) => plain(choice.label) === plain(query));
    if (this.asking.action.free && isNew) found.push({ id: query, label: "‘" + query + "’", hint: "eigen woorden" });
    this.asking.found = found;
    this.options.replaceChildren(...found.map((choice, index) => this.drawOption(choice, index)));
    if (!found.length) this.options.append(make("li", { class: "wt-none" }, "Niets gevonden."));
    this.query.setAttribute("aria-activedescendant", found.length ? this.uid + "o" + this.asking.at : "");
    this.options.children[this.asking.at]?.scrollIntoView({ block: "nearest" });
  }

  drawOption(choice, index) {
    const take = (event) => { event.preventDefault(); this.take(index); };
    return make("li", { role: "option", id: this.uid + "o" + index, "aria-selected": String(index === this.asking.at), mousedown: take },
      make("span", {}, ...(choice.key ? [make("kbd", {}, showKey(choice.key)), " "] : []), choice.label),
      make("span", { class: "wt-hint" }, choice.hint ?? ""));
  }

  boxKey(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const size = this.asking.found.length;
    if (by && size) { this.asking.at = (this.asking.at + by + size) % size; this.paintOptions(); }
    else if (event.key === "Enter" && !event.isComposing && this.asking.action.text) { if (event.shiftKey) return; this.write(true); }
    else if (event.key === "Enter" && !event.isComposing && size) this.take(this.asking.at);
    else if (event.key === "Escape") this.closeBox(true);
    else return;
    event.preventDefault();
  }

  take(index) {
    const { message, found } = this.asking;
    this.closeBox(true);
    this.send({ ...message, choice: found[index].id });
  }

  write(backToText) {
    const { message, before } = this.asking;
    const text = this.query.value.trim();
    this.closeBox(backToText);
    if (text !== before) this.send({ ...message, choice: text });
  }

  leaveBox(event) {
    if (!this.asking || this.box.contains(event.relatedTarget)) return;
    if (this.asking.action.text) this.write(false); // what somebody wrote is not lost by a click beside it
    else this.closeBox(false);
  }

  closeBox(backToText) {
    this.asking = null;
    this.box.hidden = true;
    if (backToText) this.toText();
  }
}

function render({ model, el }) {
  const view = new View(model, el);
  return () => view.destroy();
}

export default { render };
