// Where each run of a sweep ended: loss above, accuracy below, over one axis of learning rates.

import { drawLine } from "./chart.js";
import { percent } from "./format.js";
import { drawReadout } from "./notes.js";
import { DIVERGED, runFacts, runName, runsOf } from "./sweep_runs.js";
import { rateText, say } from "./sweep_words.js";
import { linearTicks, plainLabels } from "./ticks.js";

const MARGIN = { left: 46, right: 16, top: 22, bottom: 36 };
const GAP = 32;
const FONT = 12;
const DOT = 4;
const ABOVE_GUESSING = 1.5;
const TEST_DASH = [10, 6];
const DECADES = [1e-4, 1e-3, 0.01, 0.1, 1, 10];

/**
 * Draw both panels.
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number}} size in CSS pixels
 * @param {Object} theme from themeOf
 * @param {{data: Object, frame: Object, place: number[]|null}} shown frame may have no runs yet
 * @returns {{placeAt: (x: number, y: number) => number[]|null}}
 */
export function drawSweep(context, { width, height }, theme, { data, frame, place }) {
  const runs = frame.rate ? runsOf(frame, 0) : [];
  const panels = panelsOf(context, { width, height }, data, frame, runs);
  drawFrame(panels, theme, data, frame);
  if (runs.length) {
    drawBest(panels, theme, data, frame, runs);
    drawOwn(panels, theme, data);
    drawLoss(panels.loss, theme, runs);
    drawAccuracy(panels.accuracy, theme, data, frame, runs);
    if (place) drawCursor(panels, theme, data, frame, runs[place[1]]);
  }
  return { placeAt: (x) => placeAt(panels.loss, runs, x) };
}

function panelsOf(context, { width, height }, { rates }, frame, runs) {
  const [low, high] = rates.map(Math.log10);
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const reach = 0.55 / 31;
  const share = (rate) => (Math.log10(rate) - low) / (high - low);
  const x = (rate) => left + (right - left) * ((share(rate) + reach) / (1 + 2 * reach));
  const each = (height - MARGIN.top - MARGIN.bottom - GAP) / 2;
  const panel = (top, span, ticks) => {
    const bottom = top + each;
    const y = (value) => bottom - (each * (value - span[0])) / (span[1] - span[0]);
    return { context, left, right, top, bottom, x, y, span, ticks };
  };
  const highest = lossReach(frame, runs);
  return {
    loss: panel(MARGIN.top, [0, highest], linearTicks(0, highest, 4)),
    accuracy: panel(MARGIN.top + each + GAP, [0, 1], [0, 0.25, 0.5, 0.75, 1]),
  };
}

/** To the highest loss, but not far above that of guessing: what is higher has a mark at the top. */
function lossReach(frame, runs) {
  const known = runs.map(({ loss }) => loss).filter(Number.isFinite);
  if (!known.length) return 2.5;
  return Math.min(Math.max(1.06 * Math.max(...known), 0.1), ABOVE_GUESSING * frame.guess_loss);
}

function drawFrame({ loss, accuracy }, theme, data, frame) {
  const now = frame.status === "running" ? "_now" : "";
  heading(loss, theme, theme.train, say(data, `loss_title${now}`));
  heading(accuracy, theme, theme.test, say(data, `accuracy_title${now}`));
  drawSide(loss, theme, plainLabels(loss.ticks));
  drawSide(accuracy, theme, (share) => percent(share).replace(".0", ""));
  drawRates(loss, theme, null);
  drawRates(accuracy, theme, say(data, "rate"));
}

function heading({ context, left, top }, theme, colour, text) {
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = colour;
  context.fillText(text, left, top - 8);
}

function drawSide({ context, left, right, y, ticks }, theme, label) {
  context.font = `${FONT - 1}px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of ticks) {
    const at = Math.round(y(tick)) + 0.5;
    line(context, theme.faint, [left, at], [right, at]);
    context.fillStyle = theme.muted;
    context.fillText(label(tick), left - 6, at);
  }
}

function drawRates({ context, left, right, bottom, x }, theme, name) {
  line(context, theme.muted, [left, bottom + 0.5], [right, bottom + 0.5]);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.font = `${FONT - 1}px ${theme.font}`;
  for (const rate of DECADES) {
    const at = Math.round(x(rate)) + 0.5;
    line(context, theme.muted, [at, bottom], [at, bottom + 4]);
    if (name) context.fillText(String(rate), at, bottom + 13);
  }
  if (name) context.fillText(name, (left + right) / 2, bottom + 28);
}

function drawBest({ loss, accuracy }, theme, data, { best }, runs) {
  if (!best) return;
  const { context, x } = loss;
  const half = (x(runs[1].rate) - x(runs[0].rate)) / 2;
  const [from, to] = [x(runs[best[1]].rate) - half, x(runs[best[2]].rate) + half];
  context.fillStyle = theme.muted;
  context.globalAlpha = 0.13;
  for (const panel of [loss, accuracy]) context.fillRect(from, panel.top, to - from, panel.bottom - panel.top);
  context.globalAlpha = 1;
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  const range = best[1] === best[2] ? [best[1]] : [best[1], best[2]];
  context.fillText(say(data, "best"), (from + to) / 2, loss.top + 10);
  context.fillText(range.map((lane) => rateText(runs[lane].rate)).join(" – "), (from + to) / 2, loss.top + 25);
}

function drawOwn({ loss, accuracy }, theme, data) {
  const { context, x, left, right, top } = accuracy;
  const at = Math.round(x(data.own_rate)) + 0.5;
  if (at < left || at > right) return;
  context.setLineDash([1, 3]);
  for (const panel of [loss, accuracy]) line(context, theme.text, [at, panel.top], [at, panel.bottom]);
  context.setLineDash([]);
  context.font = `${FONT - 1}px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.fillText(say(data, "own", { rate: rateText(data.own_rate) }), at - 5, top + 8);
}

function drawLoss(panel, theme, runs) {
  const { context, x, y, top, span } = panel;
  const inside = runs.map(({ loss }) => (loss <= span[1] ? loss : NaN));
  drawLine(panel, runs.map(({ rate }) => rate), inside, { color: theme.train, width: 2 });
  context.fillStyle = theme.train;
  for (const { rate, loss, phase } of runs) {
    if (phase === DIVERGED) drawCross(context, x(rate), top + 8, theme.text);
    else if (loss > span[1]) drawArrow(context, x(rate), top + 4);
    else if (Number.isFinite(loss)) dot(context, x(rate), y(loss));
  }
}

function drawAccuracy(panel, theme, data, frame, runs) {
  const { context, x, y, top, bottom, left, right } = panel;
  const known = runs.filter(({ accuracy }) => Number.isFinite(accuracy));
  if (!known.length && frame.status !== "running") {
    context.fillStyle = theme.muted;
    context.textAlign = "center";
    context.fillText(say(data, "no_test"), (left + right) / 2, (top + bottom) / 2);
  }
  const style = { color: theme.test, width: 2, dash: TEST_DASH };
  drawLine(panel, runs.map(({ rate }) => rate), runs.map(({ accuracy }) => accuracy), style);
  context.setLineDash([]);
  context.fillStyle = theme.test;
  for (const { rate, accuracy } of known) context.fillRect(x(rate) - 3.5, y(accuracy) - 3.5, 7, 7);
  for (const { rate, phase } of runs) {
    if (phase === DIVERGED) drawCross(context, x(rate), bottom - 8, theme.text);
  }
}

function drawCursor({ loss, accuracy }, theme, data, frame, run) {
  const lines = [{ text: runName(data, frame, run), color: theme.text }];
  for (const text of runFacts(data, run)) lines.push({ text, color: theme.muted });
  const at = Math.round(loss.x(run.rate)) + 0.5;
  const { context } = loss;
  line(context, theme.text, [at, accuracy.top], [at, accuracy.bottom]);
  if (Number.isFinite(run.accuracy)) ring(context, at, accuracy.y(run.accuracy), theme);
  if (Number.isFinite(run.loss) && run.loss <= loss.span[1]) ring(context, at, loss.y(run.loss), theme);
  drawReadout({ ...loss, right: loss.right - 30 }, run.rate, lines, theme);
}

function placeAt({ left, right, x }, runs, at) {
  if (!runs.length || at < left - 4 || at > right + 4) return null;
  const distances = runs.map(({ rate }) => Math.abs(x(rate) - at));
  return [0, distances.indexOf(Math.min(...distances))];
}

function dot(context, x, y) {
  context.beginPath();
  context.arc(x, y, DOT, 0, 2 * Math.PI);
  context.fill();
}

function ring(context, x, y, theme) {
  context.strokeStyle = theme.text;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, DOT + 3.5, 0, 2 * Math.PI);
  context.stroke();
  context.lineWidth = 1;
}

function drawArrow(context, x, y) {
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x - 5, y + 5);
  context.lineTo(x + 5, y + 5);
  context.fill();
}

/** A run that diverged. */
export function drawCross(context, x, y, colour, size = 5) {
  context.lineWidth = 2.5;
  line(context, colour, [x - size, y - size], [x + size, y + size]);
  line(context, colour, [x - size, y + size], [x + size, y - size]);
  context.lineWidth = 1;
}

function line(context, colour, from, to) {
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
