// One chart of the live view: title, legend, drawing, read-out at the pointer, sentence.

import { drawAxes, drawBand, drawLine, plotArea, sharpContext } from "./chart.js";
import { element, setAttribute, setText } from "./element.js";
import { count } from "./format.js";
import { drawKept, keptColour, lastKept } from "./kept_lines.js";
import { drawMarks, drawNames, drawPin, drawReadout } from "./notes.js";
import { withAlpha } from "./palette.js";
import { listenForSteps } from "./past_choose.js";
import { word } from "./words.js";

const HEIGHT = 170;
const FEWEST_STEPS = 20;
const DASH = [6, 4];
const FEW_POINTS = 16;
const MARK_REACH = 4;
const FAR = 24;

/**
 * @param {Object} chart lossChart or accuracyChart
 * @param {() => void} redraw asks for a new drawing
 * @param {(step: number) => void} choose called with a step whose batch is asked for
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, frame: Object) => void}}
 */
export function curveView(chart, redraw, choose) {
  const view = {
    chart, log: false, cursor: null, byKey: false, plotted: null, area: null, parts: parts(chart),
  };
  listen(view, redraw);
  listenForSteps(view.parts.canvas, view, choose);
  return {
    element: view.parts.root,
    draw: (theme, data, frame) => draw(view, theme, data, frame),
  };
}

function parts({ name, hasLog }) {
  const swatch = (kind) => element("i", { class: `sl-swatch sl-swatch-${kind}` });
  const made = {
    title: element("span", { class: "sl-title" }),
    trainText: element("span"),
    testText: element("span"),
    logText: element("span"),
    box: element("input", { type: "checkbox" }),
    canvas: element("canvas", { class: "sl-curve", role: "img", tabindex: 0, "data-chart": name }),
    invite: element("div", { class: "sl-invite" }, element("strong"), element("span")),
    summary: element("p", { class: "sl-summary sl-hidden", "aria-hidden": "true" }),
    said: element("span", { class: "sl-hidden", "aria-live": "polite" }),
  };
  made.test = element("span", { class: "sl-test" }, swatch("test"), made.testText);
  const check = element("label", { class: "sl-check" }, made.box, made.logText);
  made.root = element("section", { class: "sl-chart" },
    element("div", { class: "sl-chart-head" }, made.title, hasLog ? check : ""),
    element("div", { class: "sl-legend", "aria-hidden": "true" },
      element("span", { class: "sl-train" }, swatch("train"), made.trainText), made.test),
    element("div", { class: "sl-stage" }, made.canvas, made.invite),
    made.summary, made.said);
  return made;
}

function listen(view, redraw) {
  const { canvas, box } = view.parts;
  const point = (cursor, byKey) => {
    if (view.cursor === cursor) return;
    Object.assign(view, { cursor, byKey: Boolean(byKey) });
    redraw();
  };
  box.addEventListener("change", () => {
    view.log = box.checked;
    redraw();
  });
  const follow = (event) => point(bucketAt(view, event.clientX - canvas.getBoundingClientRect().left));
  canvas.addEventListener("pointermove", follow);
  canvas.addEventListener("pointerdown", follow);
  // A finger that is lifted leaves what it has pointed at.
  canvas.addEventListener("pointerleave", ({ pointerType }) => pointerType !== "touch" && point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (move && view.plotted?.steps.length) point(neighbour(view, move), true);
  });
}

function draw(view, theme, data, frame) {
  const plotted = view.chart.plot(data, frame, view.log);
  view.plotted = plotted;
  write(view, data, frame);
  const width = view.parts.canvas.parentElement.clientWidth;
  if (width < 80) return;
  view.parts.canvas.style.height = `${HEIGHT}px`;
  const context = sharpContext(view.parts.canvas, width, HEIGHT);
  const { from } = plotted;
  const last = Math.max(plotted.steps[plotted.steps.length - 1] ?? from, lastKept(plotted.kept));
  const scale = { ...plotted.axis, steps: [from, Math.max(last, from + FEWEST_STEPS)] };
  view.area = plotArea(context, { width, height: HEIGHT }, scale);
  drawAxes(view.area, theme, { ...plotted.axis, stepsWord: word(data, "steps") });
  drawKept(view.area, theme, plotted.kept);
  if (!plotted.steps.length) return;
  drawCurves(view.area, theme, plotted);
  const marks = frame.marks ?? [];
  drawMarks(view.area, marks, theme);
  if (frame.pinned) {
    drawPin(view.area, frame.shown_step, word(data, "pinned_at", { step: count(frame.shown_step) }), theme);
  }
  drawNames(view.area, lineNames(plotted, theme, data), theme, nameEnd(view.area, plotted));
  if (view.cursor !== null) drawCursor(view, marks, theme, data);
  // Only steps taken by keyboard are read out: a pointer passes too many.
  else setText(view.parts.said, "");
}

function write({ chart, parts, plotted }, data, frame) {
  const inviting = Boolean(frame.ready) && plotted.steps.length === 0;
  setText(parts.title, word(data, `${chart.name}_title`));
  setText(parts.logText, word(data, "log_scale"));
  const legend = plotted.window > 1 ? "legend_train" : "legend_train_all";
  setText(parts.trainText, word(data, legend, { window: count(plotted.window) }));
  setText(parts.testText, word(data, "legend_test"));
  setAttribute(parts.test, "hidden", Boolean(frame.test_seen));
  setText(parts.summary, plotted.sentence);
  setAttribute(parts.canvas, "aria-label", plotted.sentence);
  setAttribute(parts.canvas, "aria-description", word(data, "batch_by_key"));
  setAttribute(parts.invite, "hidden", !inviting);
  setText(parts.invite.firstChild, word(data, "press_train"));
  setText(parts.invite.lastChild, word(data, `press_train_${chart.name}`));
}

function drawCurves(area, theme, { steps, band, raw, means, test }) {
  if (band) drawBand(area, steps, band.low, band.high, withAlpha(theme.train, 0.13));
  drawLine(area, steps, raw, { color: withAlpha(theme.train, 0.32), width: 1 });
  drawLine(area, steps, means, { color: theme.train, width: 2.25 });
  const markers = test.steps.length <= FEW_POINTS;
  drawLine(area, test.steps, test.values, { color: theme.test, width: 2, dash: DASH, markers });
}

function lineNames({ means, test }, theme, data) {
  const names = [{ text: word(data, "train"), color: theme.train, value: means[means.length - 1] }];
  const measured = test.values[test.values.length - 1];
  if (test.values.length) names.push({ text: word(data, "test"), color: theme.test, value: measured });
  return names;
}

/** The names stand at the right, or where the lines end when a kept run goes on far beyond. */
function nameEnd(area, { steps }) {
  const end = area.x(steps[steps.length - 1]);
  return end < area.right - FAR ? end : area.right;
}

function drawCursor(view, marks, theme, data) {
  const { area, plotted: { steps }, cursor } = view;
  const i = nearest(steps, cursor);
  const lines = linesAt(view, i, marks, theme, data);
  const hint = { text: word(data, touches() ? "batch_by_tap" : "batch_by_click"), color: theme.muted };
  drawReadout(area, steps[i], [...lines, hint], theme);
  if (view.byKey) setText(view.parts.said, lines.map(({ text }) => text).join(", "));
  view.byKey = false;
}

function linesAt({ area, plotted }, i, marks, theme, data) {
  const { steps, means, test, format } = plotted;
  const near = marks.find(({ step }) => Math.abs(area.x(step) - area.x(steps[i])) <= MARK_REACH);
  const height = between(test, steps[i]);
  const measured = Number.isFinite(height) ? height : null;
  const lines = [
    { text: word(data, "at_step", { step: count(steps[i]) }), color: theme.muted },
    { text: `${word(data, "train")} ${format(means[i])}`, color: theme.train, value: means[i] },
  ];
  if (measured !== null) {
    lines.push({ text: `${word(data, "test")} ${format(measured)}`, color: theme.test, value: measured });
  }
  for (const run of plotted.kept) {
    const value = between(run, steps[i]);
    if (Number.isFinite(value)) lines.push({ text: `${run.name} ${format(value)}`, color: keptColour(theme), value });
  }
  if (near) lines.push({ text: near.text, color: theme.text });
  return lines;
}

function touches() {
  return window.matchMedia("(pointer: coarse)").matches;
}

function bucketAt({ area, plotted }, x) {
  if (!area || !plotted?.steps.length || x < area.left - 4 || x > area.right + 8) return null;
  return plotted.steps[nearest(plotted.steps, area.stepAt(x))];
}

function neighbour({ plotted: { steps }, cursor }, move) {
  const i = cursor === null ? steps.length - 1 : nearest(steps, cursor) + move;
  return steps[Math.min(Math.max(i, 0), steps.length - 1)];
}

function nearest(steps, wanted) {
  let [low, high] = [0, steps.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (steps[middle] < wanted) low = middle;
    else high = middle;
  }
  return wanted - steps[low] <= steps[high] - wanted ? low : high;
}

/** The height of the drawn line at a step: between two measurements it is straight. */
function between({ steps, values }, step) {
  for (let i = 0; i < steps.length; i += 1) {
    if (steps[i] === step) return values[i];
    if (steps[i] > step) {
      if (i === 0) return null;
      const share = (step - steps[i - 1]) / (steps[i] - steps[i - 1]);
      return values[i - 1] + share * (values[i] - values[i - 1]);
    }
  }
  return null;
}
