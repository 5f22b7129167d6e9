// The confusion matrix: a table of buttons, a row for what pictures are, a column for what is said.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { say } from "./mistakes_words.js";
import { shadesOf } from "./shades.js";

const LARGEST = { width: 54, height: 43 };
const SMALLEST = 11;
const NUMBERS_FROM = 20;
const SHORT_NAME = 2;
const LETTER = 6.6;
const TICKS = [0.01, 0.1];
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {(cell: [number, number]|null) => void} open called with the cell that is chosen
 * @param {() => void} redraw asks for a new drawing
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, judged: Object,
 *   cell: [number, number]|null) => void}}
 */
export function matrixView(open, redraw) {
  const view = {
    names: "", cells: [], at: [0, 0], rates: false, theme: null, shades: null, pointed: null, open,
    redraw, judged: null,
  };
  view.parts = parts(view);
  return {
    element: view.parts.root,
    draw: (theme, data, judged, cell) => draw(view, theme, data, judged, cell),
  };
}

function parts(view) {
  const unit = (rates) => {
    const button = element("button", { type: "button" });
    button.addEventListener("click", () => {
      view.rates = rates;
      view.redraw();
    });
    return button;
  };
  const made = {
    counts: unit(false),
    rates: unit(true),
    hint: element("p", { class: "sl-summary sl-matrix-hint" }),
    table: element("table", { class: "sl-matrix", "data-testid": "matrix" }),
    wrong: element("span", { class: "sl-against" }),
    right: element("span", { class: "sl-for" }),
    summary: element("p", { class: "sl-summary" }),
  };
  made.unit = element("div", { class: "sl-switch", role: "group" }, made.counts, made.rates);
  made.box = element("div", { class: "sl-matrix-box" }, made.table);
  made.ramp = element("span", { class: "sl-ramp sl-shares" }, ...ticks());
  made.scale = element("div", { class: "sl-scale", role: "img" }, made.wrong, made.ramp, made.right);
  made.root = element("section", { class: "sl-matrix-section" },
    element("div", { class: "sl-matrix-head" }, made.hint, made.unit),
    made.box, made.scale, made.summary);
  listen(view, made);
  return made;
}

function ticks() {
  const mark = (share, side) => element("i",
    { style: `left: ${50 + side * 50 * Math.cbrt(share)}%` }, `${100 * share}\u202f%`);
  return [...TICKS.map((share) => mark(share, -1)), ...TICKS.map((share) => mark(share, 1))];
}

function listen(view, { table }) {
  const cellOf = (target) => {
    const button = target.closest?.("button[data-true]");
    return button ? [Number(button.dataset.true), Number(button.dataset.predicted)] : null;
  };
  const point = (cell) => {
    view.pointed = cell;
    view.redraw();
  };
  table.addEventListener("click", ({ target }) => {
    const cell = cellOf(target);
    if (!cell) return;
    view.at = cell;
    view.open(cell);
  });
  table.addEventListener("pointerover", ({ target }) => point(cellOf(target)));
  table.addEventListener("pointerleave", () => point(null));
  table.addEventListener("focusin", ({ target }) => point(cellOf(target)));
  table.addEventListener("focusout", () => point(null));
  table.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (cell && move(view, cell, event)) event.preventDefault();
  });
}

/** One stop of the Tab key for the whole table: arrow keys go from cell to cell within it. */
function move(view, [row, column], { key, ctrlKey }) {
  const last = view.cells.length - 1;
  const [down, across] = MOVES[key] ?? [0, 0];
  const to = { Home: [ctrlKey ? 0 : row, 0], End: [ctrlKey ? last : row, last] }[key]
    ?? [Math.min(Math.max(row + down, 0), last), Math.min(Math.max(column + across, 0), last)];
  if (key === "Escape") view.open(null);
  if (!(key in MOVES) && key !== "Home" && key !== "End") return false;
  view.cells[row][column].button.tabIndex = -1;
  view.at = to;
  view.cells[to[0]][to[1]].button.tabIndex = 0;
  view.cells[to[0]][to[1]].button.focus();
  return true;
}

function draw(view, theme, data, judged, cell) {
  const { parts: made } = view;
  const names = judged.class_names;
  if (view.names !== names.join("\n")) fill(view, data, names);
  if (view.theme !== theme) Object.assign(view, { theme, shades: shadesOf(theme) });
  fit(view, names);
  setAttribute(made.table, "aria-label", say(data, "matrix_label"));
  setText(made.counts, say(data, "matrix_counts"));
  setText(made.rates, say(data, "matrix_rates"));
  setAttribute(made.unit, "aria-label", say(data, "matrix_unit"));
  setAttribute(made.counts, "aria-pressed", String(!view.rates));
  setAttribute(made.rates, "aria-pressed", String(view.rates));
  setText(made.wrong, `100\u00a0% ${say(data, "scale_wrong")}`);
  setText(made.right, `100\u00a0% ${say(data, "scale_right")}`);
  setAttribute(made.scale, "aria-label", say(data, "shares_label"));
  setText(made.summary, judged.seen ? say(data, "matrix_seen") : judged.sentence ?? "");
  if (judged.judged) write(view, data, judged, cell);
  const { pointed } = view;
  setText(made.hint, pointed && judged.judged && pointed[0] < names.length
    ? sentence(data, judged, pointed) : say(data, "matrix_hint"));
}

function fill(view, data, names) {
  Object.assign(view, { names: names.join("\n"), at: [0, 0], pointed: null });
  const corner = element("td", { class: "sl-corner", "aria-hidden": "true" },
    element("span", {}, say(data, "matrix_corner_read")),
    element("span", {}, say(data, "matrix_corner_true")));
  const head = names.map((name) => heading(name, "col"));
  view.cells = names.map((_, row) => names.map((__, column) => makeCell(row, column)));
  view.cells[0][0].button.tabIndex = 0;
  const rows = names.map((name, row) => element("tr", {},
    heading(name, "row"), ...view.cells[row].map((cell) => cell.place)));
  view.parts.table.replaceChildren(
    element("thead", {}, element("tr", {}, corner, ...head)), element("tbody", {}, ...rows));
}

function heading(name, scope) {
  return element("th", { scope, title: name }, element("span", {}, name));
}

function makeCell(row, column) {
  const button = element("button", {
    type: "button", tabindex: -1, "data-true": row, "data-predicted": column,
    class: row === column ? "sl-diagonal" : "",
  });
  return { button, place: element("td", {}, button), level: null, theme: null };
}

function fit(view, names) {
  const { root, table } = view.parts;
  const n = names.length;
  const longest = Math.max(...names.map((name) => name.length));
  const room = root.clientWidth;
  if (!room) return;
  const name = Math.ceil(Math.min(Math.max(longest, 4) * LETTER + 8, room < 480 ? 74 : 110));
  const width = Math.max(Math.min(Math.floor((room - name - 2) / n), LARGEST.width), SMALLEST);
  const height = Math.max(Math.min(width, n > NUMBERS_FROM ? width : LARGEST.height), SMALLEST);
  table.style.setProperty("--sl-cell", `${width}px`);
  table.style.setProperty("--sl-cell-height", `${height}px`);
  table.style.setProperty("--sl-name", `${name}px`);
  table.classList.toggle("sl-turned", longest > SHORT_NAME && longest * LETTER > width);
  table.classList.toggle("sl-tiny", n > NUMBERS_FROM);
  table.classList.toggle("sl-narrow", width < 38);
}

function write(view, data, judged, cell) {
  const n = judged.class_names.length;
  for (let row = 0; row < n; row += 1) {
    const total = rowTotal(judged, row);
    for (let column = 0; column < n; column += 1) {
      const number = judged.counts[row * n + column];
      const place = view.cells[row][column];
      shade(view, place, total ? number / total : 0, row === column);
      setText(place.button, n > NUMBERS_FROM || !number ? "" : text(number, total, view.rates));
      setAttribute(place.button, "data-count", number);
      setAttribute(place.button, "aria-label", sentence(data, judged, [row, column]));
      setAttribute(place.button, "aria-pressed", String(cell?.[0] === row && cell?.[1] === column));
    }
  }
}

function text(number, total, rates) {
  return rates ? (100 * (number / total)).toFixed(1) : String(number);
}

/** Shades go by the cube root of the share, or else 1 % would not be seen. */
function shade(view, place, share, right) {
  const level = Math.round(127 * Math.cbrt(share)) * (right ? 1 : -1);
  if (place.level === level && place.theme === view.theme) return;
  Object.assign(place, { level, theme: view.theme });
  Object.assign(place.button.style, view.shades(level));
}

function rowTotal({ counts, class_names: { length: n } }, row) {
  return counts.subarray(row * n, (row + 1) * n).reduce((sum, number) => sum + number, 0);
}

/** "4 taken for 9: 23 pictures, 2.3 % of all 4" */
function sentence(data, judged, [row, column]) {
  const { class_names: names, counts } = judged;
  const number = counts[row * names.length + column];
  const values = { true: names[row], read: names[column] };
  if (!number) return say(data, row === column ? "cell_right_none" : "cell_none", values);
  const n = say(data, number === 1 ? "pictures_one" : "pictures_many", { n: count(number) });
  const share = percent(number / rowTotal(judged, row));
  return say(data, row === column ? "cell_right" : "cell_wrong", { ...values, n, share });
}

export { sentence as cellSentence };
