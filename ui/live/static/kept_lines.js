// Kept runs on a chart: faint lines with their names, and axes that have room for them.

import { drawLine } from "./chart.js";
import { isNumber } from "./format.js";
import { withAlpha } from "./palette.js";
import { runningMean } from "./series.js";

const DASHES = [[7, 3], [2, 3], [7, 3, 2, 3], [12, 4], [4, 4], [12, 3, 2, 3]];
const LEAP = 1.5; // times its start: what rises higher leaves the chart
const FONT = 11;
const GAP = 13;

/**
 * @typedef {Object} KeptLine
 * @property {string} name
 * @property {Uint32Array} steps
 * @property {Float64Array} values evened out over as many steps as the present run's line
 */

/**
 * @param {Object[]} kept as keptRuns gives them
 * @param {"loss"|"accuracy"} name
 * @param {number} window in steps
 * @returns {KeptLine[]}
 */
export function keptLines(kept, name, window) {
  return kept.map((run) => {
    const widest = Math.max(1, ...run.step.map((step, i) => step - (run.step[i - 1] ?? 0)));
    const wide = window > 1 ? Math.max(window, 4 * widest) : window;
    return { name: run.name, steps: run.step, values: runningMean(run.step, run[name], wide) };
  });
}

/** The loss axis with room for kept runs too, unless they rise far above their start. */
export function widerLoss([low, high], lines, log) {
  const tops = lines.map(({ values }) => {
    const start = values.find(isNumber) ?? 0;
    return Math.min(Math.max(...values.filter(isNumber), 0), LEAP * start) * 1.04;
  });
  const lows = lines.map(({ values }) => Math.min(...values.filter((value) => value > 0), Infinity));
  const lowest = Math.min(low, ...lows.map((value) => Math.max(value, 1e-6) / 1.15));
  return [log ? lowest : low, Math.max(high, ...tops)];
}

/** The accuracy axis with room for the later half of kept runs. */
export function widerAccuracy([low, high], lines) {
  const late = lines.map(({ values }) => Math.min(...values.slice(values.length >> 1).filter(isNumber), 1));
  const lowest = Math.min(low, ...late.map((value) => Math.floor((value - 0.02) * 10) / 10));
  return [Math.max(lowest, 0), high];
}

/** The last step of any of them, or 0. */
export function lastKept(lines) {
  return Math.max(0, ...lines.map(({ steps }) => steps[steps.length - 1] ?? 0));
}

/** The colour of a kept run's line: there, but behind the run of now. */
export function keptColour(theme) {
  return withAlpha(theme.muted, 0.8);
}

/**
 * @param {Object} plot from plotArea
 * @param {Object} theme from themeOf
 * @param {KeptLine[]} lines
 */
export function drawKept(plot, theme, lines) {
  lines.forEach(({ steps, values }, i) => {
    drawLine(plot, steps, values, { color: keptColour(theme), width: 1.5, dash: DASHES[i % DASHES.length] });
  });
  drawEnds(plot, theme, lines);
}

/** Each name right-aligned above the end of its line; one that would cover another goes higher. */
function drawEnds({ context, x, y, left, right, top, bottom }, theme, lines) {
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const taken = [];
  for (const { name, steps, values } of lines) {
    const last = values.findLastIndex(isNumber);
    if (last < 0 || x(steps[last]) < left) continue;
    const width = context.measureText(name).width;
    const end = Math.min(Math.max(x(steps[last]), left + width + 4), right);
    let at = Math.min(Math.max(y(values[last]) - 9, top + 6), bottom - 8);
    const covers = (other) => Math.abs(other.at - at) < GAP && other.end - other.width < end && end - width < other.end;
    for (let tries = 0; tries < taken.length && taken.some(covers); tries += 1) at -= GAP;
    taken.push({ end, width, at });
    context.fillStyle = theme.background;
    context.globalAlpha = 0.85;
    context.fillRect(end - width - 2, at - 6, width + 4, 12);
    context.globalAlpha = 1;
    context.fillStyle = theme.muted;
    context.fillText(name, end, at);
  }
}
