// More on the chart: three small charts of how a run moves. Rate and edge, gradient, update.

import { drawAxes, drawBand, drawLine, plotArea, sharpContext } from "./chart.js";
import { say } from "./dynamics_words.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber, setting, twoDigits } from "./format.js";
import { drawNames } from "./notes.js";
import { withAlpha } from "./palette.js";
import { stepBefore } from "./series.js";
import { logTicks } from "./ticks.js";

const HEIGHT = 120;
const FEWEST_STEPS = 20;
const ROOM = 1.3;
const FEW_POINTS = 24;

/**
 * @returns {{element: HTMLElement, show: (open: boolean) => void, draw: Function}}
 */
export function strips() {
  const charts = [strip("strip_edge", edgeLines), strip("strip_norm", normLines), strip("strip_ratio", ratioLines)];
  const root = element("div", { class: "sl-strips", hidden: true, "data-testid": "strips" },
    ...charts.map((chart) => chart.root));
  return {
    element: root,
    show: (open) => setAttribute(root, "hidden", !open),
    draw: (theme, data, frame) => {
      if (!root.hidden && frame.ready) charts.forEach((chart) => draw(chart, theme, data, frame));
    },
  };
}

function strip(name, lines) {
  const made = { name, lines };
  made.title = element("span", { class: "sl-title" });
  made.canvas = element("canvas", { role: "img", "data-chart": name });
  made.text = element("p", { class: "sl-summary" });
  made.root = element("section", {}, made.title, made.canvas, made.text);
  return made;
}

function draw(chart, theme, data, frame) {
  const { lines, zone, sentence } = chart.lines(data, frame, theme);
  setText(chart.title, say(data, chart.name));
  setText(chart.text, sentence);
  setAttribute(chart.canvas, "aria-label", sentence);
  const width = chart.root.clientWidth;
  if (width < 80) return;
  chart.canvas.style.height = `${HEIGHT}px`;
  const context = sharpContext(chart.canvas, width, HEIGHT);
  const values = lines.flatMap(({ values: each }) => [...each]).filter((value) => value > 0);
  if (!values.length) return;
  const span = [Math.min(...values) / ROOM, Math.max(...values) * ROOM];
  const from = stepBefore(frame);
  const to = Math.max(frame.step, from + FEWEST_STEPS);
  const plot = plotArea(context, { width, height: HEIGHT }, { steps: [from, to], span, log: true });
  drawAxes(plot, theme, { ticks: logTicks(...span), label: String, stepsWord: say(data, "steps") });
  if (zone) drawBand(plot, zone.steps, zone.values, zone.steps.map(() => span[1]), withAlpha(theme.warning, 0.13));
  for (const { steps, values: each, ...style } of lines) drawLine(plot, steps, each, { width: 2, ...style });
  drawNames(plot, lines.filter(({ text }) => text).map(({ text, color, values: each }) => (
    { text, color, value: each[each.length - 1] })), theme);
}

/** The rate is a line of steps; the edge was measured now and then, and all above it is tinted. */
function edgeLines(data, frame, theme) {
  const { edge_step: steps, edge_rate: edges, curve_step: made, curve_rate: rates, has_edge: has } = frame;
  const rate = { steps: [...made, frame.step], values: [...rates, frame.learning_rate] };
  const lines = [{ ...rate, color: theme.train, text: say(data, "strip_rate") }];
  const values = { step: count(frame.step), rate: setting(frame.learning_rate) };
  if (!has) return { lines, sentence: say(data, "strip_edge_none") };
  if (!steps.length) return { lines, sentence: say(data, "strip_edge_one", values) };
  const last = steps.length - 1;
  const markers = steps.length <= FEW_POINTS;
  lines.push({ steps, values: edges, color: theme.warning, dash: [5, 3], markers, text: say(data, "strip_edge_line") });
  const known = Array.from(steps.keys()).filter((i) => isNumber(edges[i]));
  const zone = { steps: known.map((i) => steps[i]), values: known.map((i) => edges[i]) };
  const sentence = say(data, "strip_edge_says", { ...values, edge: twoDigits(edges[last]), measured: count(steps[last]) });
  return { lines, zone, sentence };
}

function normLines(data, frame, theme) {
  const { curve_step: steps, curve_norm: norms } = frame;
  const lines = [{ steps, values: norms, color: theme.train, width: 1.5 }];
  if (!steps.length) return { lines, sentence: say(data, "strip_norm_none") };
  const last = steps.length - 1;
  const width = last > 0 ? steps[last] - steps[last - 1] : 1;
  const values = { first: twoDigits(norms[0]), last: twoDigits(norms[last]), step: count(steps[last]), width: count(width) };
  return { lines, sentence: say(data, width > 1 ? "strip_norm_wide" : "strip_norm_says", values) };
}

function ratioLines(data, frame, theme) {
  const { ratio_step: steps, ratio } = frame;
  const lines = [{ steps, values: ratio, color: theme.train, width: 1.5, markers: steps.length <= FEW_POINTS }];
  const last = ratio.findLastIndex(isNumber);
  if (last < 0) return { lines, sentence: say(data, "strip_ratio_none") };
  const sentence = say(data, "strip_ratio_says", {
    step: count(steps[last]), ratio: `${twoDigits(100 * ratio[last])}\u00a0%`,
  });
  return { lines, sentence };
}
