// Where each run of a sweep over two settings ended: a cell each, the better the bluer.

import { percent } from "./format.js";
import { drawCross } from "./sweep_chart.js";
import { DIVERGED, TRAINING, runAt, runFacts, runName } from "./sweep_runs.js";
import { rateText, say } from "./sweep_words.js";

const MARGIN = { left: 62, right: 10, top: 24, bottom: 84 };
const FONT = 12;
const STRONGEST = 0.6;
const ROOM_FOR_NUMBER = 36;
const ROOM_FOR_RATE = 46;
const SCALE = { height: 10, most: 360 };

/**
 * Draw the map and its scale.
 * @param {CanvasRenderingContext2D} context
 * @param {{width: number, height: number}} size in CSS pixels
 * @param {Object} theme from themeOf
 * @param {{data: Object, frame: Object, place: number[]|null}} shown
 * @returns {{placeAt: (x: number, y: number) => number[]|null}}
 */
export function drawMap(context, { width, height }, theme, { data, frame, place }) {
  const grid = gridOf(context, { width, height }, frame);
  const now = frame.status === "running" ? "_now" : "";
  title(grid, theme, say(data, frame.has_test || now ? `map_title${now}` : "map_title_loss"));
  for (let row = 0; row < grid.rows; row += 1) {
    for (let lane = 0; lane < grid.lanes; lane += 1) drawCell(grid, theme, frame, runAt(frame, row, lane));
  }
  drawNames(grid, theme, data, frame);
  drawScale(grid, theme, frame, { width, height });
  if (place) drawCursor(grid, theme, data, frame, runAt(frame, ...place));
  return { placeAt: (x, y) => placeAt(grid, x, y) };
}

function gridOf(context, { width, height }, { rate, batches }) {
  const [rows, lanes] = [batches.length, rate.length];
  const wide = (width - MARGIN.left - MARGIN.right) / lanes;
  const high = (height - MARGIN.top - MARGIN.bottom) / rows;
  const x = (lane) => MARGIN.left + lane * wide;
  const y = (row) => MARGIN.top + (rows - 1 - row) * high;
  return { context, rows, lanes, wide, high, x, y, bottom: MARGIN.top + rows * high };
}

function title({ context }, theme, text) {
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = theme.text;
  context.fillText(text, MARGIN.left, MARGIN.top - 9);
}

function drawCell({ context, x, y, wide, high }, theme, frame, run) {
  const place = run.row * frame.rate.length + run.lane;
  const [left, top] = [x(run.lane) + 1, y(run.row) + 1];
  const [w, h] = [wide - 2, high - 2];
  context.strokeStyle = theme.faint;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, w - 1, h - 1);
  const shade = frame.shade[place];
  if (Number.isFinite(shade)) {
    context.globalAlpha = STRONGEST * shade;
    context.fillStyle = theme.train;
    context.fillRect(left, top, w, h);
    context.globalAlpha = 1;
  }
  const isGood = frame.good[place] > 0 && frame.status !== "running";
  if (isGood || run.phase === TRAINING) outline(context, theme, [left, top, w, h], isGood);
  if (run.phase === DIVERGED) drawCross(context, left + w / 2, top + h / 2, theme.text, 4);
  else if (wide >= ROOM_FOR_NUMBER) number(context, theme, run, [left + w / 2, top + h / 2], isGood);
}

function outline(context, theme, [left, top, w, h], isGood) {
  context.strokeStyle = theme.text;
  context.lineWidth = isGood ? 2 : 1;
  context.setLineDash(isGood ? [] : [2, 3]);
  context.strokeRect(left + 1, top + 1, w - 2, h - 2);
  context.setLineDash([]);
  context.lineWidth = 1;
}

function number(context, theme, { accuracy, loss }, [x, y], isGood) {
  const value = Number.isFinite(accuracy) ? (100 * accuracy).toFixed(1) : loss.toFixed(2);
  if (!Number.isFinite(accuracy) && !Number.isFinite(loss)) return;
  context.font = `${isGood ? 700 : 400} ${FONT}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  context.fillText(value, x, y + 1);
}

function drawNames({ context, x, y, wide, high, rows, lanes, bottom }, theme, data, frame) {
  context.font = `${FONT - 1}px ${theme.font}`;
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.textAlign = "right";
  for (let row = 0; row < rows; row += 1) {
    context.fillText(frame.batches[row], MARGIN.left - 6, y(row) + high / 2);
  }
  context.fillText(say(data, "batch"), MARGIN.left - 4, MARGIN.top - 13);
  context.textAlign = "center";
  const every = Math.ceil(ROOM_FOR_RATE / wide);
  for (let lane = 0; lane < lanes; lane += every) {
    context.fillText(rateText(frame.rate[lane]), x(lane) + wide / 2, bottom + 12);
  }
  context.fillText(say(data, "rate"), x(lanes / 2), bottom + 28);
}

function drawScale({ context, bottom }, theme, { scale, has_test: hasTest }, { width }) {
  const wide = Math.min(SCALE.most, width - MARGIN.left - MARGIN.right - 40);
  const left = MARGIN.left + (width - MARGIN.left - MARGIN.right - wide) / 2;
  const top = bottom + 46;
  context.fillStyle = theme.background;
  context.fillRect(left, top, wide, SCALE.height);
  for (let at = 0; at < wide; at += 1) {
    context.globalAlpha = (STRONGEST * at) / wide;
    context.fillStyle = theme.train;
    context.fillRect(left + at, top, 1, SCALE.height);
  }
  context.globalAlpha = 1;
  context.strokeStyle = theme.faint;
  context.strokeRect(left + 0.5, top + 0.5, wide - 1, SCALE.height);
  context.fillStyle = theme.muted;
  context.textAlign = "center";
  for (const [at, value] of scale) {
    const text = hasTest ? percent(value) : (-Math.log(value)).toFixed(2);
    context.fillText(text, left + at * wide, top + SCALE.height + 12);
  }
}

function drawCursor({ context, x, y, wide, high, lanes }, theme, data, frame, run) {
  const [left, top] = [x(run.lane), y(run.row)];
  context.strokeStyle = theme.text;
  context.lineWidth = 3;
  context.strokeRect(left + 1.5, top + 1.5, wide - 3, high - 3);
  context.lineWidth = 1;
  const lines = [runName(data, frame, run), ...runFacts(data, run)];
  context.font = `${FONT}px ${theme.font}`;
  const w = Math.max(...lines.map((text) => context.measureText(text).width)) + 18;
  const h = 18 * lines.length + 10;
  const right = left + wide + 6 + w < x(lanes) ? left + wide + 6 : Math.max(2, left - 6 - w);
  const under = Math.max(2, Math.min(top, y(0) + high - h));
  context.fillStyle = theme.background;
  context.strokeStyle = theme.muted;
  context.beginPath();
  context.roundRect(right, under, w, h, 6);
  context.fill();
  context.stroke();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = theme.text;
  lines.forEach((text, i) => context.fillText(text, right + 9, under + 14 + 18 * i));
}

function placeAt({ x, y, wide, high, rows, lanes }, atX, atY) {
  const lane = Math.floor((atX - x(0)) / wide);
  const row = rows - 1 - Math.floor((atY - y(rows - 1)) / high);
  return lane >= 0 && lane < lanes && row >= 0 && row < rows ? [row, lane] : null;
}
