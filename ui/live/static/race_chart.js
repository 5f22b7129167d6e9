// The one chart of a race: all lanes over each other, its axes to choose, values at the pointer.

import { drawAxes, drawLine, plotArea, sharpContext } from "./chart.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber } from "./format.js";
import { laneStyle } from "./lane_styles.js";
import { drawReadout } from "./notes.js";
import { choice } from "./race_choice.js";
import { drawLaneNames, roomFor } from "./race_names.js";
import { heightAt, mostLeave, reach, seriesOf, upright } from "./race_series.js";
import { say } from "./race_words.js";

const HEIGHT = 306;
const PHONE_HEIGHT = 260;
const PHONE = 480;
const UNIT_ROOM = 66;
const KEY_MOVES = 40;
const FEW_POINTS = 12;
const WIDTH = 2.5;

/**
 * @param {() => void} redraw asks for a new drawing
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, frame: Object) => void}}
 */
export function raceChart(redraw) {
  const view = { x: null, y: "loss", log: null, cursor: null, byKey: false, plotted: null, redraw };
  view.parts = parts(view);
  listen(view);
  return { element: view.parts.root, draw: (theme, data, frame) => draw(view, theme, data, frame) };
}

function parts(view) {
  const change = (name) => (value) => {
    Object.assign(view, { [name]: value, cursor: null });
    view.redraw();
  };
  const made = {
    ys: choice(["loss", "accuracy"], change("y")),
    xs: choice(["seen", "step", "seconds"], change("x")),
    box: element("input", { type: "checkbox" }),
    logText: element("span"),
    canvas: element("canvas", { class: "sl-curve", role: "img", tabindex: 0, "data-testid": "race-chart" }),
    invite: element("div", { class: "sl-invite" }, element("strong"), element("span")),
    summary: element("p", { class: "sl-summary", "data-testid": "race-summary" }),
    said: element("span", { class: "sl-hidden", "aria-live": "polite" }),
  };
  made.check = element("label", { class: "sl-check" }, made.box, made.logText);
  made.root = element("section", { class: "sl-race-chart" },
    element("div", { class: "sl-race-head" }, made.ys.element, made.check, made.xs.element),
    element("div", { class: "sl-stage" }, made.canvas, made.invite), made.summary, made.said);
  return made;
}

function listen(view) {
  const { canvas, box } = view.parts;
  const point = (cursor, byKey = false) => {
    if (view.cursor === cursor) return;
    Object.assign(view, { cursor, byKey });
    view.redraw();
  };
  box.addEventListener("change", () => {
    view.log = box.checked;
    view.redraw();
  });
  const follow = (event) => point(placeAt(view, event.clientX - canvas.getBoundingClientRect().left));
  canvas.addEventListener("pointermove", follow);
  canvas.addEventListener("pointerdown", follow);
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move || !view.plotted) return;
    event.preventDefault();
    const { last } = view.plotted;
    const at = view.cursor === null ? last : view.cursor + (move * last) / KEY_MOVES;
    point(Math.min(Math.max(at, 0), last), true);
  });
}

function draw(view, theme, data, frame) {
  const x = view.x ?? "seen";
  const shown = { x, y: view.y, log: view.log };
  const { lanes, unit } = seriesOf(frame, shown);
  // Until somebody has chosen: where most lanes would leave a linear picture, a logarithmic one.
  shown.log ??= mostLeave(lanes);
  write(view, data, frame, shown, lanes);
  const { canvas } = view.parts;
  const width = canvas.parentElement.clientWidth;
  if (width < 120) return;
  const height = width < PHONE ? PHONE_HEIGHT : HEIGHT;
  canvas.style.height = `${height}px`;
  const context = sharpContext(canvas, width, height);
  const axis = upright(lanes, shown);
  const texts = lanes.map((lane) => nameOf(data, lane, axis));
  const right = Math.max(UNIT_ROOM, roomFor(context, texts, theme));
  const plot = plotArea(context, { width, height, right }, { ...axis, steps: reach(frame, lanes, x) });
  drawAxes(plot, theme, { ...axis, stepsWord: say(data, unit) });
  const colours = frame.lane_colours[theme.dark ? "dark" : "light"];
  const drawn = lanes.filter(({ xs, ys }) => xs.length > (view.y === "loss" ? 0 : 1) && ys.some(isNumber));
  for (const { index, xs, ys } of drawn) {
    const markers = view.y !== "loss" && xs.length <= FEW_POINTS;
    drawLine(plot, xs, ys, { ...laneStyle(index, colours), width: WIDTH, markers });
  }
  drawLaneNames(plot, drawn.map((lane) => endOf(plot, lane, texts, colours)), theme);
  const last = Math.max(0, ...drawn.map(({ xs }) => xs[xs.length - 1]));
  view.plotted = { plot, lanes: drawn, axis, unit, colours, last };
  if (view.cursor !== null) drawCursor(view, theme, data);
  else setText(view.parts.said, "");
}

function write(view, data, frame, { x, y, log }, lanes) {
  const { parts: made } = view;
  const examples = count(frame.loss_examples);
  made.ys.show({
    label: say(data, "y_choice"), chosen: y, text: (value) => say(data, `y_${value}`),
    help: (value) => say(data, `y_${value}_help`, { examples }),
  });
  made.xs.show({
    label: say(data, "x_choice"), chosen: x, text: (value) => say(data, `x_${value}`),
    help: (value) => say(data, `x_${value}_help`),
  });
  setText(made.logText, say(data, "log_scale"));
  made.box.checked = log;
  made.check.style.visibility = y === "loss" ? "" : "hidden";
  setText(made.summary, frame.sentence);
  setAttribute(made.canvas, "aria-label", `${say(data, "chart_label")}. ${frame.sentence}`);
  const begun = frame.examples_seen > 0 || lanes.some(({ stopped }) => stopped);
  setAttribute(made.invite, "hidden", begun);
  setText(made.invite.firstChild, say(data, "invite"));
  setText(made.invite.lastChild, say(data, "invite_more"));
}

/** What a lane is called at the end of its line: with what one cannot see there. */
function nameOf(data, { name, ys, stopped }, { span }) {
  if (stopped) return say(data, "stopped_at", { name });
  const value = ys[ys.length - 1];
  return value > span[1] ? say(data, "above", { name }) : name;
}

function endOf(plot, { index, xs, ys, stopped }, texts, colours) {
  let last = xs.length - 1;
  while (last > 0 && !isNumber(ys[last])) last -= 1;
  const y = Math.min(Math.max(plot.y(ys[last]), plot.top), plot.bottom);
  return { text: texts[index], color: laneStyle(index, colours).color, x: plot.x(xs[last]), y, stopped };
}

function placeAt({ plotted }, at) {
  if (!plotted?.last) return null;
  const { plot, last } = plotted;
  if (at < plot.left - 4 || at > plot.x(last) + 12) return null;
  return Math.min(Math.max(plot.stepAt(at), 0), last);
}

function drawCursor(view, theme, data) {
  const { plot, lanes, axis, unit, colours } = view.plotted;
  const place = Math.min(view.cursor, view.plotted.last);
  const lines = lanes
    .map((lane) => ({ ...lane, value: heightAt(lane, place) }))
    .filter(({ value }) => value !== null)
    .sort((a, b) => b.value - a.value)
    .map(({ name, index, value }) => (
      { text: `${name}  ${axis.format(value)}`, color: laneStyle(index, colours).color, value }));
  const heading = `${count(place)} ${say(data, unit)}`;
  drawReadout(plot, place, [{ text: heading, color: theme.muted }, ...lines], theme);
  if (view.byKey) setText(view.parts.said, [heading, ...lines.map(({ text }) => text)].join(", "));
  view.byKey = false;
}
