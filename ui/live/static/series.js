// What the curves say: running means, the span of an axis, one sentence. Numbers in, numbers out.

import { count, isNumber, lossInWords, percent } from "./format.js";
import { word } from "./words.js";

const SHORTEST_WINDOW = 20;
const WINDOW_IN_BUCKETS = 4;
const OUTLIERS = 0.02;
const FLOORS = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
const RISE = 0.15;

/**
 * How many steps one point of the running mean covers.
 * @param {Uint32Array} steps last step of each bucket
 * @returns {number}
 */
export function meanWindow(steps) {
  return Math.max(SHORTEST_WINDOW, WINDOW_IN_BUCKETS * Math.max(0, ...bucketWidths(steps)));
}

/**
 * Where the curves begin: 0, or the step at which a saved run was loaded.
 * @param {Object} frame a merged frame with curves
 * @returns {number} the last step before the first one that is known
 */
export function stepBefore({ curve_step: steps, eval_step: measured }) {
  if (!steps.length) return measured[0] ?? 0;
  // A measurement is exact; of the first bucket only the last step is known.
  return measured[0] < steps[0] ? measured[0] : steps[0] - bucketWidths(steps)[0];
}

/**
 * Mean over the `window` steps that end at each bucket, every bucket weighted by its steps; a bucket
 * counts when it lies within the window as a whole. The saved figures compute the same.
 * @param {Uint32Array} steps last step of each bucket
 * @param {Float32Array} values mean of each bucket
 * @param {number} window in steps
 * @returns {Float64Array} NaN where the window holds a value that is not finite
 */
export function runningMean(steps, values, window) {
  const widths = bucketWidths(steps);
  const means = new Float64Array(steps.length);
  for (let i = 0, first = 0; i < steps.length; i += 1) {
    while (first < i && steps[first] - widths[first] < steps[i] - window) first += 1;
    let [sum, weight] = [0, 0];
    for (let j = first; j <= i; j += 1) {
      sum += values[j] * widths[j];
      weight += widths[j];
    }
    means[i] = sum / weight;
  }
  return means;
}

/**
 * The loss axis: all of both curves and nearly all of the raw band, from 0 or (log) the lowest value.
 * @param {Object} frame a merged frame with curves
 * @param {Float64Array} means running mean of the loss
 * @param {boolean} log
 * @returns {[number, number]}
 */
export function lossSpan(frame, means, log) {
  const lines = [...means, ...frame.eval_test_loss].filter(isNumber);
  const high = Math.max(...lines, quantile(frame.curve_max, 1 - OUTLIERS), Number.MIN_VALUE);
  if (!log) return [0, high * 1.04];
  const positive = [...lines, quantile(frame.curve_min, OUTLIERS)].filter((value) => value > 0);
  const low = positive.length ? Math.min(...positive) : high / 10;
  return [Math.max(low, 1e-6) / 1.15, Math.max(high, low * 2, 2e-6) * 1.15];
}

/**
 * The accuracy axis: up to 1, from a round number below all but the first steep rise.
 * @param {Object} frame a merged frame with curves
 * @param {Float64Array} means running mean of the training accuracy
 * @returns {[number, number]}
 */
export function accuracySpan(frame, means) {
  const tests = frame.eval_test_accuracy;
  const last = tests[tests.length - 1];
  const late = isNumber(last) ? last : 1;
  const lowest = Math.min(quantile(means, RISE), late, quantile(tests, RISE));
  const fitting = FLOORS.filter((floor) => floor <= lowest - 0.02);
  return [fitting.length ? fitting[fitting.length - 1] : 0, 1];
}

/**
 * @param {Object} data the component's data (for the words)
 * @param {Object} frame a merged frame
 * @param {Float64Array} means running mean of the loss
 * @returns {string} the loss chart in one sentence
 */
export function lossSentence(data, frame, means) {
  if (!means.length) return word(data, "loss_none");
  // The mean of a wide first bucket is already lower than where the loss began; its highest is not.
  const first = frame.curve_max[0];
  const last = means[means.length - 1];
  const values = {
    first: lossInWords(first),
    last: lossInWords(last),
    steps: count(frame.step),
    known: count(frame.step - stepBefore(frame)),
  };
  const sentence = word(data, lossVerb(first, last), values);
  if (!isNumber(frame.test_accuracy)) return word(data, "loss_alone", { sentence });
  return word(data, "loss_with_test", { sentence, accuracy: percent(frame.test_accuracy) });
}

/**
 * @param {Object} data the component's data (for the words)
 * @param {Object} frame a merged frame
 * @param {Float64Array} means running mean of the training accuracy
 * @returns {string} the accuracy chart in one sentence
 */
export function accuracySentence(data, frame, means) {
  if (!means.length) return word(data, "accuracy_none");
  const values = {
    train: percent(frame.train_accuracy ?? means[means.length - 1]),
    test: percent(frame.test_accuracy),
    steps: count(frame.step),
  };
  return word(data, isNumber(frame.test_accuracy) ? "accuracy_both" : "accuracy_now", values);
}

function lossVerb(first, last) {
  if (!isNumber(last)) return "loss_broken";
  if (!isNumber(first) || lossInWords(first) === lossInWords(last)) return "loss_same";
  return last < first ? "loss_fell" : "loss_rose";
}

/**
 * How many steps each bucket stands for. What came before the first is not known when a run was
 * loaded, so the first is taken to be no wider than the widest of the others.
 */
function bucketWidths(steps) {
  const widths = Array.from(steps, (step, i) => step - (i > 0 ? steps[i - 1] : step - 1));
  if (widths.length > 1) widths[0] = Math.min(steps[0], Math.max(...widths.slice(1)));
  return widths;
}

function quantile(values, share) {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (!sorted.length) return share > 0.5 ? 0 : 1;
  return sorted[Math.round(share * (sorted.length - 1))];
}
