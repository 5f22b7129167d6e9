// The runs of a sweep as the pictures of it need them: where each is and what is known of it.

import { loss, percent } from "./format.js";
import { rateText, say } from "./sweep_words.js";

export const WAITING = 0;
export const TRAINING = 1;
export const DIVERGED = 3;

/**
 * @typedef {Object} Run
 * @property {number} row @property {number} lane @property {number} rate
 * @property {number} loss @property {number} accuracy NaN where unknown
 * @property {number} phase
 */

/**
 * @param {Object} frame
 * @param {number} row
 * @param {number} lane
 * @returns {Run}
 */
export function runAt(frame, row, lane) {
  const place = row * frame.rate.length + lane;
  return {
    row, lane, rate: frame.rate[lane],
    loss: frame.loss[place], accuracy: frame.accuracy[place], phase: frame.phase[place],
  };
}

/** All runs of a row. */
export function runsOf(frame, row) {
  return Array.from(frame.rate, (_, lane) => runAt(frame, row, lane));
}

/** "learning rate 0.512" or "learning rate 0.512, batch size 32" */
export function runName(data, frame, { row, rate }) {
  const key = frame.batches.length > 1 ? "at_cell" : "at_rate";
  return say(data, key, { rate: rateText(rate), batch: frame.batches[row] });
}

/** What is known of a run, a line each. @returns {string[]} */
export function runFacts(data, run) {
  if (run.phase === DIVERGED) return [say(data, "diverged")];
  if (run.phase === WAITING) return [say(data, "waiting")];
  const facts = [];
  if (Number.isFinite(run.accuracy)) facts.push(say(data, "accuracy_is", { accuracy: percent(run.accuracy) }));
  if (Number.isFinite(run.loss)) facts.push(say(data, "loss_is", { loss: loss(run.loss) }));
  if (run.phase === TRAINING) facts.push(say(data, "so_far"));
  return facts;
}
