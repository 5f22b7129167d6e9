// A chart on a canvas: a plot area with axes, and lines and bands in it.

import { linearTicks, stepLabels } from "./ticks.js";

const MARGIN = { left: 40, right: 34, top: 8, bottom: 22 };
const TICK_FONT = 11;
const TICK_ROOM = 62;

/**
 * Make a canvas as sharp as the screen and empty it.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width in CSS pixels
 * @param {number} height in CSS pixels
 * @returns {CanvasRenderingContext2D} drawing in CSS pixels
 */
export function sharpContext(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number, right?: number}} size of the canvas in CSS pixels, and how
 *   much of it is left free at the right for the names of the lines
 * @param {{steps: [number, number], span: [number, number], log: boolean}} scale
 * @returns {Object} the plot: its edges, and x(step), y(value), stepAt(x)
 */
export function plotArea(context, { width, height, right: room = MARGIN.right }, { steps, span, log }) {
  const [left, right, top, bottom] = [
    MARGIN.left, width - room, MARGIN.top, height - MARGIN.bottom,
  ];
  const scaled = log ? Math.log : (value) => value;
  const [low, high] = span.map(scaled);
  const [from, to] = steps;
  return {
    context, left, right, top, bottom, steps, span, log,
    x: (step) => left + ((right - left) * (step - from)) / (to - from),
    y: (value) => bottom - ((bottom - top) * (scaled(value) - low)) / (high - low),
    stepAt: (x) => from + ((x - left) / (right - left)) * (to - from),
  };
}

/**
 * Hair lines and numbers: values at the left, steps below.
 * @param {Object} plot from plotArea
 * @param {Object} theme from themeOf
 * @param {{ticks: number[], label: (value: number) => string, stepsWord: string}} axis
 */
export function drawAxes(plot, theme, { ticks, label, stepsWord }) {
  const { context, left, right, bottom } = plot;
  context.font = `${TICK_FONT}px ${theme.font}`;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of ticks) {
    const y = Math.round(plot.y(tick)) + 0.5;
    stroke(context, theme.faint, [left, y], [right, y]);
    context.fillStyle = theme.muted;
    context.fillText(label(tick), left - 6, y);
  }
  stroke(context, theme.muted, [left, bottom + 0.5], [right, bottom + 0.5]);
  drawSteps(plot, theme, stepsWord);
}

function drawSteps(plot, theme, stepsWord) {
  const { context, left, right, bottom } = plot;
  const y = bottom + 13;
  context.textAlign = "left";
  context.fillStyle = theme.muted;
  context.fillText(stepsWord, right + 4, y);
  const wanted = Math.max(2, Math.floor((right - left) / TICK_ROOM));
  context.textAlign = "center";
  const ticks = linearTicks(...plot.steps, wanted).filter(Number.isInteger);
  const label = stepLabels(ticks);
  for (const tick of ticks) {
    const x = Math.round(plot.x(tick)) + 0.5;
    if (x > right - context.measureText(label(tick)).width / 2) continue;
    stroke(context, theme.muted, [x, bottom], [x, bottom + 4]);
    context.fillText(label(tick), x, y);
  }
}

/**
 * A line through the finite values; it breaks where a value is not a number.
 * @param {Object} plot from plotArea
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} values
 * @param {{color: string, width: number, dash?: number[], markers?: boolean}} style
 */
export function drawLine(plot, steps, values, { color, width, dash = [], markers = false }) {
  const { context } = plot;
  inside(plot, () => {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.beginPath();
    let pen = false;
    for (let i = 0; i < steps.length; i += 1) {
      const y = plot.y(values[i]);
      if (!Number.isFinite(y)) pen = false;
      else if (pen) context.lineTo(plot.x(steps[i]), y);
      else [pen] = [true, context.moveTo(plot.x(steps[i]), y)];
    }
    context.stroke();
    if (markers) drawDots(plot, steps, values, color);
  });
}

/**
 * The area between two curves.
 * @param {Object} plot from plotArea
 * @param {ArrayLike<number>} steps
 * @param {ArrayLike<number>} lows
 * @param {ArrayLike<number>} highs
 * @param {string} color
 */
export function drawBand(plot, steps, lows, highs, color) {
  const { context, top, bottom } = plot;
  const y = (value) => clamped(plot.y(value), top - 2, bottom + 2);
  inside(plot, () => {
    context.fillStyle = color;
    context.beginPath();
    for (let i = 0; i < steps.length; i += 1) context.lineTo(plot.x(steps[i]), y(highs[i]));
    for (let i = steps.length - 1; i >= 0; i -= 1) context.lineTo(plot.x(steps[i]), y(lows[i]));
    context.fill();
  });
}

function drawDots({ context, x, y }, steps, values, color) {
  context.fillStyle = color;
  for (let i = 0; i < steps.length; i += 1) {
    context.beginPath();
    context.arc(x(steps[i]), y(values[i]), 2.6, 0, 2 * Math.PI);
    context.fill();
  }
}

function inside({ context, left, right, top, bottom }, draw) {
  context.save();
  context.beginPath();
  context.rect(left, top - 3, right - left + 4, bottom - top + 5);
  context.clip();
  draw();
  context.restore();
}

function clamped(value, low, high) {
  if (value < low) return low;
  return value <= high ? value : high;
}

function stroke(context, color, from, to) {
  context.strokeStyle = color;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
