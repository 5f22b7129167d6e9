// The curves of a race as numbers: which values over which axis, and how far both axes reach.

import { isNumber, loss, percent } from "./format.js";
import { linearTicks, logTicks, plainLabels } from "./ticks.js";

const TICKS = 5;
const FLOORS = [0, 0.5, 0.7, 0.8, 0.9, 0.95];
const LEAP = 2;
const MOST_TIMES = 1e6;
const SHORT_TICK = 1e5;
const SHORT_RUN = 10;
const FEWEST = 20;

/**
 * @typedef {Object} Series one lane's curve
 * @property {string} name
 * @property {number} index
 * @property {ArrayLike<number>} xs
 * @property {ArrayLike<number>} ys
 * @property {boolean} stopped
 */

/**
 * @param {Object} frame
 * @param {{x: string, y: string}} shown axes: seen, step or seconds; loss or accuracy
 * @returns {{lanes: Series[], unit: string}} unit is a key of the words
 */
export function seriesOf(frame, { x, y }) {
  const isShort = x === "seconds" && Math.max(...frame.lanes.map(({ seconds }) => seconds)) < SHORT_RUN;
  const lanes = frame.lanes.map((lane, index) => {
    const prefix = y === "loss" ? "" : "test_";
    const counted = frame[`${prefix}${x === "step" ? "step" : "seen"}_${index}`];
    const rate = (isShort ? 1000 : 1) * (lane.samples_seen ? lane.seconds / lane.samples_seen : 0);
    const xs = x === "seconds" ? Float64Array.from(counted, (seen) => seen * rate) : counted;
    const ys = frame[y === "loss" ? `loss_${index}` : `test_${index}`];
    return { name: lane.name, index, xs, ys, stopped: Boolean(lane.stop) };
  });
  return { lanes, unit: isShort ? "milliseconds_word" : `${x}_word` };
}

/**
 * How far the horizontal axis reaches: to the race's end or half, a quarter, ... of it, so that the
 * curves grow into a picture that stands still.
 * @param {Object} frame
 * @param {Series[]} lanes
 * @param {string} x
 * @returns {[number, number]}
 */
export function reach(frame, lanes, x) {
  const last = Math.max(0, ...lanes.map(({ xs }) => xs[xs.length - 1] ?? 0));
  if (x === "seconds") return [0, last * 1.02 || 1];
  const shares = frame.lanes.map((lane) => (
    x === "seen" || !lane.samples_seen ? 1 : lane.step / lane.samples_seen));
  const end = Math.max(frame.examples_target * Math.max(...shares), last, FEWEST);
  let to = end;
  while (to / 2 > last * 1.02 && to / 2 >= FEWEST) to /= 2;
  return [0, to];
}

/**
 * @param {Series[]} lanes
 * @param {{y: string, log: boolean}} shown
 * @returns {{span: [number, number], log: boolean, ticks: number[], label: Function, format: Function}}
 */
export function upright(lanes, { y, log }) {
  if (y !== "loss") return accuracyAxis(lanes);
  const values = lanes.flatMap(({ ys }) => [...ys]).filter((value) => isNumber(value) && value > 0);
  const isLog = log && values.length > 0;
  const span = isLog ? logSpan(values, MOST_TIMES * startOf(lanes)) : [0, linearHigh(lanes, values)];
  const ticks = isLog ? logTicks(...span) : linearTicks(...span, TICKS);
  return { span, log: isLog, ticks, label: isLog ? power : plainLabels(ticks), format: loss };
}

/** "100", "1e6" */
function power(value) {
  return value >= SHORT_TICK ? value.toExponential().replace("+", "") : String(value);
}

/**
 * Whether at least half of the lanes that go on have come to where a linear picture does not reach.
 * @param {Series[]} lanes
 * @returns {boolean}
 */
export function mostLeave(lanes) {
  const going = lanes.filter(({ stopped }) => !stopped);
  const high = LEAP * startOf(lanes);
  const left = going.filter(({ ys }) => (ys.findLast(isNumber) ?? 0) > high);
  return left.length > 0 && 2 * left.length >= going.length;
}

function startOf(lanes) {
  return Math.max(...lanes.map(({ ys }) => ys[0]).filter(isNumber), 0.1);
}

/** What leaps far above the start of all lanes leaves the picture; its name says so. */
function linearHigh(lanes, values) {
  return values.length ? Math.min(Math.max(...values), LEAP * startOf(lanes)) * 1.04 : 2.5;
}

function logSpan(values, most) {
  const low = Math.min(...values);
  const high = Math.min(Math.max(...values), Math.max(most, 2 * low));
  return [Math.max(low, 1e-6) / 1.15, Math.max(high, low * 2, 2e-6) * 1.15];
}

function accuracyAxis(lanes) {
  const late = lanes.flatMap(({ ys }) => [...ys.slice(ys.length >> 1)]).filter(isNumber);
  const lowest = late.length ? Math.min(...late) : 0;
  const span = [FLOORS.filter((floor) => floor <= lowest - 0.02).pop() ?? 0, 1];
  const ticks = linearTicks(...span, TICKS);
  const digits = plainLabels(ticks.map((tick) => 100 * tick));
  return { span, log: false, ticks, label: (share) => `${digits(100 * share)}\u00a0%`, format: percent };
}

/**
 * The height of a lane's line at a place; between two points it is straight.
 * @param {Series} lane
 * @param {number} place on the horizontal axis
 * @returns {number|null} null outside the line
 */
export function heightAt({ xs, ys }, place) {
  for (let i = 0; i < xs.length; i += 1) {
    if (xs[i] < place) continue;
    if (i === 0) return xs[0] === place && isNumber(ys[0]) ? ys[0] : null;
    const share = (place - xs[i - 1]) / (xs[i] - xs[i - 1] || 1);
    const height = ys[i - 1] + share * (ys[i] - ys[i - 1]);
    return isNumber(height) ? height : null;
  }
  return null;
}
