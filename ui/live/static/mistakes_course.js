// How the share read right of each class went over the course of training: a line for each class.

import { drawAxes, drawLine, plotArea, sharpContext } from "./chart.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber, percent } from "./format.js";
import { laneStyle } from "./lane_styles.js";
import { say } from "./mistakes_words.js";
import { drawMarks, drawNames } from "./notes.js";
import { linearTicks, plainLabels } from "./ticks.js";

const HEIGHT = 400;
const PHONE_HEIGHT = 280;
const PHONE = 480;
const MANY = 10;
const FIRST_OF_MANY = 6;
const FEWEST_STEPS = 20;
const FLOORS = [0, 0.5, 0.7, 0.8, 0.9, 0.95];
const TICKS = 5;
const LETTER = 6.8;
const LONGEST = 90;
const NAMED = 4;

/**
 * @param {() => void} redraw asks for a new drawing
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, judged: Object) => void,
 *   toggle: (index: number, judged: Object) => void, isDrawn: (index: number) => boolean,
 *   styleOf: (index: number) => {color: string, dash: number[]}}}
 */
export function courseView(redraw) {
  const view = { drawn: null, names: "", colours: ["currentColor"] };
  const made = {
    title: element("h3", { class: "sl-title" }),
    canvas: element("canvas", { class: "sl-curve", role: "img", "data-testid": "course" }),
    summary: element("p", { class: "sl-summary" }),
  };
  view.made = made;
  return {
    element: element("section", {}, made.title, element("div", { class: "sl-stage" }, made.canvas),
      made.summary),
    draw: (theme, data, judged) => draw(view, theme, data, judged),
    toggle: (index) => {
      if (!view.drawn?.delete(index)) view.drawn?.add(index);
      redraw();
    },
    isDrawn: (index) => Boolean(view.drawn?.has(index)),
    styleOf: (index) => laneStyle(index, view.colours),
  };
}

function draw(view, theme, data, judged) {
  const { made: { title, canvas, summary } } = view;
  const names = judged.class_names;
  view.colours = judged.class_colours[theme.dark ? "dark" : "light"];
  if (view.names !== names.join("\n")) Object.assign(view, { names: names.join("\n"), drawn: null });
  setText(title, say(data, "course_title"));
  const lines = linesOf(judged);
  view.drawn ??= firstDrawn(lines);
  const chosen = lines.filter(({ index }) => view.drawn?.has(index));
  const text = sentence(data, judged, chosen);
  setText(summary, text);
  setAttribute(canvas, "aria-label", text);
  const width = canvas.parentElement.clientWidth;
  if (width < 80) return;
  drawChart(view, { theme, data, judged, chosen, width });
}

function drawChart(view, { theme, data, judged, chosen, width }) {
  const { made: { canvas } } = view;
  const height = width < PHONE ? PHONE_HEIGHT : HEIGHT;
  canvas.style.height = `${height}px`;
  const context = sharpContext(canvas, width, height);
  const span = [floorOf(chosen), 1];
  const steps = judged.course_step ?? [];
  const [first, last] = [steps[0] ?? 0, steps[steps.length - 1] ?? 0];
  const longest = Math.max(0, ...chosen.map(({ name }) => name.length));
  const right = Math.min(Math.max(34, longest * LETTER + 12), LONGEST);
  const scale = { steps: [first, Math.max(last, first + FEWEST_STEPS)], span, log: false };
  const plot = plotArea(context, { width, height, right }, scale);
  const ticks = linearTicks(...span, TICKS);
  const digits = plainLabels(ticks.map((tick) => 100 * tick));
  drawAxes(plot, theme, {
    ticks, label: (share) => `${digits(100 * share)}\u00a0%`, stepsWord: say(data, "course_steps"),
  });
  if (judged.pinned) {
    const text = say(data, "course_shown", { step: count(judged.shown_step) });
    drawMarks(plot, [{ step: judged.shown_step, text }], theme);
  }
  for (const { index, values } of chosen) {
    drawLine(plot, steps, values, { ...laneStyle(index, view.colours), width: 2 });
  }
  drawNames(plot, chosen.map(({ index, name, values }) => (
    { text: name, color: laneStyle(index, view.colours).color, value: values[values.length - 1] })), theme);
}

function linesOf({ course, course_step: steps, class_names: names }) {
  return names.map((name, index) => {
    const values = steps ? Float32Array.from(steps, (_, i) => course[i * names.length + index]) : [];
    return { index, name, values, last: values[values.length - 1] };
  });
}

/** All lines of a few classes; of many the lowest, which is where there is something to see. */
function firstDrawn(lines) {
  if (lines.length <= MANY) return new Set(lines.map(({ index }) => index));
  const known = lines.filter(({ last }) => isNumber(last));
  if (!known.length) return null;
  return new Set(known.sort((a, b) => a.last - b.last).slice(0, FIRST_OF_MANY).map(({ index }) => index));
}

/** A round number below all lines of the later half. */
function floorOf(lines) {
  const late = lines.flatMap(({ values }) => [...values.slice(values.length >> 1)]).filter(isNumber);
  const lowest = Math.min(1, ...late);
  return FLOORS.filter((floor) => floor <= lowest - 0.02).pop() ?? 0;
}

function sentence(data, { course_step: steps }, lines) {
  if (!steps?.length) return say(data, "course_none");
  const known = lines.filter(({ last }) => isNumber(last)).sort((a, b) => a.last - b.last);
  const names = known.slice(0, NAMED).map(({ name, values, last }) => say(data, "course_change", {
    name, before: percent(values[0]), after: percent(last),
  })).join(", ");
  return say(data, "course_says", {
    first: count(steps[0]), last: count(steps[steps.length - 1]), names,
  });
}
