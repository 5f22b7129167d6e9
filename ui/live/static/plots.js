// What each of the two charts shows of a frame: its lines, its axis and its sentence.

import { loss, percent } from "./format.js";
import { keptLines, widerAccuracy, widerLoss } from "./kept_lines.js";
import {
  accuracySentence, accuracySpan, lossSentence, lossSpan, meanWindow, runningMean, stepBefore,
} from "./series.js";
import { linearTicks, logTicks, plainLabels } from "./ticks.js";

const TICKS = 5;
const NO_NUMBERS = new Float32Array(0);
const NO_STEPS = new Uint32Array(0);

/**
 * @typedef {Object} Plot
 * @property {number} window steps covered by one point of the mean
 * @property {number} from the step at which the curves begin
 * @property {Uint32Array} steps last step of each bucket
 * @property {Float32Array} raw mean of each bucket
 * @property {Object[]} kept lines of runs that were kept
 * @property {{low: Float32Array, high: Float32Array}|null} band
 * @property {Float64Array} means running mean
 * @property {{steps: Uint32Array, values: Float32Array}} test
 * @property {{span: [number, number], log: boolean, ticks: number[], label: Function}} axis
 * @property {(value: number) => string} format
 * @property {string} sentence
 */

/** The loss of the batches and of the test set, in nats. */
export const lossChart = {
  name: "loss",
  hasLog: true,
  /** @param {Object} data @param {Object} frame @param {boolean} log @returns {Plot} */
  plot(data, frame, log) {
    const curves = withCurves(frame);
    const steps = curves.curve_step;
    const window = windowOf(curves);
    const means = runningMean(steps, curves.curve_mean, window);
    const kept = keptLines(curves.kept, "loss", window);
    const isLog = log && steps.length > 0;
    const span = widerLoss(steps.length ? lossSpan(curves, means, log) : [0, 2.5], kept, isLog);
    const ticks = isLog ? logTicks(...span) : linearTicks(...span, TICKS);
    return {
      window, from: stepBefore(curves), steps, means, raw: curves.curve_mean, kept,
      band: { low: curves.curve_min, high: curves.curve_max },
      test: { steps: curves.eval_step, values: curves.eval_test_loss },
      axis: { span, ticks, log: isLog, label: isLog ? String : plainLabels(ticks) },
      format: loss,
      sentence: frame.ready ? lossSentence(data, curves, means) : "",
    };
  },
};

/** The share of correct answers in the batches and in the test set. */
export const accuracyChart = {
  name: "accuracy",
  hasLog: false,
  /** @param {Object} data @param {Object} frame @returns {Plot} */
  plot(data, frame) {
    const curves = withCurves(frame);
    const steps = curves.curve_step;
    const window = windowOf(curves);
    const means = runningMean(steps, curves.curve_accuracy, window);
    const kept = keptLines(curves.kept, "accuracy", window);
    const span = widerAccuracy(steps.length ? accuracySpan(curves, means) : [0, 1], kept);
    const ticks = linearTicks(...span, TICKS);
    const digits = plainLabels(ticks.map((tick) => 100 * tick));
    return {
      window, from: stepBefore(curves), steps, means,
      raw: curves.curve_accuracy, band: null, kept,
      test: { steps: curves.eval_step, values: curves.eval_test_accuracy },
      axis: { span, ticks, log: false, label: (share) => `${digits(100 * share)}\u00a0%` },
      format: percent,
      sentence: frame.ready ? accuracySentence(data, curves, means) : "",
    };
  },
};

/** A step on all samples has no noise to be evened out: its curve is shown as it is. */
function windowOf({ full_batch: isFull, curve_step: steps }) {
  return isFull ? 1 : meanWindow(steps);
}

function withCurves(frame) {
  return {
    curve_step: NO_STEPS, curve_mean: NO_NUMBERS, curve_min: NO_NUMBERS, curve_max: NO_NUMBERS,
    curve_accuracy: NO_NUMBERS, eval_step: NO_STEPS, eval_test_loss: NO_NUMBERS,
    eval_test_accuracy: NO_NUMBERS, kept: [], ...frame,
  };
}
