// The table of lanes: how each stands, what was bet on it, and the way into the Lab.

import { element, setAttribute, setText } from "./element.js";
import { count, epochs, isNumber, loss, percent } from "./format.js";
import { laneStyle } from "./lane_styles.js";
import { say } from "./race_words.js";

const COLUMNS = ["lane", "bets", "train_loss", "test_accuracy", "epoch", "steps", "seconds", "open_title"];
const EXPLAINED = ["bets", "train_loss", "test_accuracy", "seconds"];
const KEYS = { ArrowUp: 1, ArrowDown: -1 };

/**
 * @param {Object} bets from tally
 * @param {(index: number) => void} onOpen
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, frame: Object) => void}}
 */
export function laneTable(bets, onOpen) {
  const view = { bets, onOpen, rows: [], data: {}, frame: null };
  view.heads = COLUMNS.map((key) => element("th", { scope: "col", class: `sl-col-${key}` }, element("span")));
  view.clear = element("button", { type: "button", class: "sl-link", hidden: true });
  view.heads[1].append(view.clear);
  view.clear.addEventListener("click", () => bets.clear(view.frame.lanes.map(({ name }) => name)));
  view.body = element("tbody");
  view.said = element("span", { class: "sl-hidden", "aria-live": "polite" });
  const table = element("table", { class: "sl-lanes", "data-testid": "lanes" },
    element("thead", {}, element("tr", {}, ...view.heads)), view.body);
  return {
    element: element("div", { class: "sl-lanes-box" }, table, view.said),
    draw: (theme, data, frame) => draw(view, theme, data, frame),
  };
}

function draw(view, theme, data, frame) {
  Object.assign(view, { data, frame });
  const isOpen = frame.examples_seen === 0 && frame.status !== "running";
  view.heads.forEach((head, i) => {
    setText(head.firstChild, headOf(data, frame, COLUMNS[i]));
    setAttribute(head, "title", EXPLAINED.includes(COLUMNS[i]) ? say(data, `${COLUMNS[i]}_help`) : null);
  });
  setText(view.clear, say(data, "bets_clear"));
  const names = frame.lanes.map(({ name }) => name);
  setAttribute(view.clear, "hidden", !isOpen || !view.bets.total(names));
  if (view.rows.length !== frame.lanes.length) {
    view.rows = frame.lanes.map((_lane, i) => makeRow(view, i));
    view.body.replaceChildren(...view.rows.flatMap(({ row, note }) => [row, note]));
  }
  const colours = frame.lane_colours[theme.dark ? "dark" : "light"];
  const best = Math.max(...frame.lanes.map(({ test_accuracy: value }) => value ?? -1));
  view.rows.forEach((cells, i) => fill(view, cells, i, { isOpen, best, style: laneStyle(i, colours) }));
}

function headOf(data, frame, key) {
  return key === "lane" ? frame.differs_title : say(data, key);
}

function makeRow(view, i) {
  const button = (text, more) => {
    const made = element("button", { type: "button", class: "sl-bet" }, text);
    made.addEventListener("click", () => bet(view, i, more));
    return made;
  };
  const cells = {
    swatch: swatch(),
    name: element("span", { class: "sl-lane-name" }),
    less: button("−", -1),
    count: element("output", { class: "sl-bet-count" }),
    more: button("+", 1),
    figures: Object.fromEntries(COLUMNS.slice(2, 7).map((key) => [key, element("td")])),
    open: element("button", { type: "button", class: "sl-button" }),
    text: element("td", { colspan: COLUMNS.length, role: "status" }),
  };
  cells.group = element("div", { class: "sl-bets", role: "group" }, cells.less, cells.count, cells.more);
  cells.group.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || cells.more.disabled) return;
    event.preventDefault();
    bet(view, i, KEYS[event.key]);
  });
  cells.open.addEventListener("click", () => view.onOpen(i));
  cells.row = element("tr", { "data-lane": i },
    element("th", { scope: "row" }, cells.swatch, cells.name), element("td", {}, cells.group),
    ...Object.values(cells.figures), element("td", { class: "sl-col-open" }, cells.open));
  cells.note = element("tr", { class: "sl-lane-note", hidden: true }, cells.text);
  return cells;
}

function bet(view, i, more) {
  const { name } = view.frame.lanes[i];
  view.bets.add(name, more);
  setText(view.said, say(view.data, "bets_said", { count: view.bets.of(name), name }));
}

function fill({ data, frame, bets }, cells, i, { isOpen, best, style }) {
  const lane = frame.lanes[i];
  const { name } = lane;
  paintSwatch(cells.swatch, style);
  setText(cells.name, name);
  setAttribute(cells.group, "aria-label", say(data, "bet_group", { name }));
  setAttribute(cells.more, "aria-label", say(data, "bet_more", { name }));
  setAttribute(cells.less, "aria-label", say(data, "bet_less", { name }));
  setText(cells.count, String(bets.of(name)));
  setAttribute(cells.more, "disabled", !isOpen);
  setAttribute(cells.less, "disabled", !isOpen || !bets.of(name));
  const { figures } = cells;
  setText(figures.train_loss, loss(lane.train_loss));
  setText(figures.test_accuracy, lane.has_test ? percent(lane.test_accuracy) : say(data, "no_test"));
  setText(figures.epoch, epochs({ ...lane, epochs_target: null }));
  setText(figures.steps, count(lane.step));
  setText(figures.seconds, lane.seconds ? `${lane.seconds.toFixed(lane.seconds < 10 ? 2 : 1)}\u00a0s` : "–");
  const leads = frame.examples_seen > 0 && lane.test_accuracy === best;
  cells.row.classList.toggle("sl-leads", leads);
  cells.row.classList.toggle("sl-stopped", Boolean(lane.stop));
  setText(cells.open, say(data, "open"));
  setAttribute(cells.open, "aria-label", say(data, "open_label", { name }));
  setText(cells.text, lane.stop ? `${name}: ${lane.stop}` : "");
  setAttribute(cells.note, "hidden", !lane.stop);
  publish(cells.row, lane);
}

/** The numbers on screen, for tests and for other scripts: empty where there is none. */
function publish(row, lane) {
  const exact = (value) => (isNumber(value) ? value : "");
  setAttribute(row, "data-name", lane.name);
  setAttribute(row, "data-seen", lane.samples_seen);
  setAttribute(row, "data-step", lane.step);
  setAttribute(row, "data-test-accuracy", exact(lane.test_accuracy));
  setAttribute(row, "data-train-loss", exact(lane.train_loss));
  setAttribute(row, "data-stopped", String(Boolean(lane.stop)));
}

/** A piece of a lane's line, dashes and all. */
export function swatch() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [name, value] of [["class", "sl-lane-swatch"], ["viewBox", "0 0 28 6"], ["aria-hidden", "true"]]) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(space, "line");
  for (const [name, value] of [["x1", 0], ["x2", 28], ["y1", 3], ["y2", 3], ["stroke-width", 3]]) {
    line.setAttribute(name, value);
  }
  svg.append(line);
  return svg;
}

/** @param {SVGElement} svg from swatch @param {{color: string, dash: number[]}} style */
export function paintSwatch(svg, { color, dash }) {
  setAttribute(svg.firstChild, "stroke", color);
  setAttribute(svg.firstChild, "stroke-dasharray", dash.join(" ") || null);
}
