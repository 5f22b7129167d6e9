// Round numbers for an axis.

import { count } from "./format.js";

const NICE = [1, 2, 2.5, 5, 10];
const ROUNDING = 0.75;
const SHORT = 5;
const MOST_POWERS = 10;

/**
 * @param {number} low
 * @param {number} high above low
 * @param {number} wanted about how many
 * @returns {number[]} multiples of a round number in [low, high]
 */
export function linearTicks(low, high, wanted) {
  const rough = (high - low) / Math.max(wanted, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const width = power * NICE.find((nice) => nice * power >= rough * ROUNDING);
  const ticks = [];
  for (let i = Math.ceil(low / width - 1e-9); i * width <= high * (1 + 1e-9); i += 1) {
    ticks.push(Number((i * width).toPrecision(12)));
  }
  return ticks;
}

/**
 * @param {number} low above 0
 * @param {number} high above low
 * @returns {number[]} 1, 2, 5 times powers of ten; powers of ten alone over three decades, and not all
 *   of them over ten
 */
export function logTicks(low, high) {
  const steps = high / low > 1000 ? [1] : [1, 2, 5];
  const every = Math.ceil(Math.log10(high / low) / MOST_POWERS);
  const first = Math.floor(Math.log10(low) / every) * every;
  const ticks = [];
  for (let power = first; power <= Math.ceil(Math.log10(high)); power += every) {
    for (const step of steps) ticks.push(Number((step * 10 ** power).toPrecision(3)));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/**
 * @param {number[]} ticks
 * @returns {(value: number) => string} the same number of decimals on the whole axis
 */
export function plainLabels(ticks) {
  const width = ticks.length > 1 ? ticks[1] - ticks[0] : ticks[0] || 1;
  const decimals = Math.min(Math.max(0, Math.ceil(-Math.log10(width) - 1e-9)), 6);
  const needed = Number.isInteger(Number((width * 10 ** decimals).toPrecision(6))) ? decimals : decimals + 1;
  return (value) => value.toFixed(needed);
}

/**
 * @param {number[]} ticks steps
 * @returns {(step: number) => string} in short, or in full where short ones would be alike or no shorter
 */
export function stepLabels(ticks) {
  const short = new Set(ticks.map(shortStep));
  const helps = short.size === ticks.length && [...short].every(({ length }) => length <= SHORT);
  return helps ? shortStep : count;
}

/** "800", "12k", "1.5M" */
function shortStep(step) {
  if (step >= 1e6) return `${Number((step / 1e6).toPrecision(4))}M`;
  return step >= 1e4 ? `${Number((step / 1e3).toPrecision(4))}k` : String(step);
}
