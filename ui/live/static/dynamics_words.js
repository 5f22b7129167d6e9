// The words of the edge ruler, of the narrator, of kept runs and of the charts of a run's motion.

import { filled } from "./words.js";

const ENGLISH = {
  ruler_label: "Learning rate and edge of stability. {sentence}",
  edge: "edge {edge}",
  edge_unknown: "The edge of stability is being measured.",
  edge_flat: "Here the loss curves upwards nowhere: by that measure no rate is too high.",
  edge_below: "Below the edge {edge}: a small disturbance dies out.",
  edge_above: "{times} times the edge {edge}: a small disturbance along the steepest direction grows.",
  edge_below_then: "Below the edge of step {step}, {edge}: a small disturbance died out there.",
  edge_above_then: "{times} times the edge of step {step}, {edge}: a small disturbance grew there.",
  keep: "Keep this run",
  keep_none: "Train a little first: there is no curve to keep yet.",
  keep_full: "{most} runs are kept already. Remove one first.",
  keep_help: "Leaves its curve on the chart, faint, when another run begins.",
  more: "More on the chart",
  strip_edge: "Rate and edge of stability",
  strip_edge_none: "The updates of this run do not go down the gradient of its loss: it has no such edge.",
  strip_edge_one: "At step {step} the rate is {rate}; the edge has not been measured yet.",
  strip_edge_says: "At step {step} the rate is {rate}; the edge was {edge} at step {measured}.",
  strip_rate: "rate",
  strip_edge_line: "edge",
  strip_norm: "Length of the gradient",
  strip_norm_none: "No step is done yet.",
  strip_norm_says: "The gradient's length was {first} at first and is {last} at step {step}.",
  strip_norm_wide: "The gradient's length was {first} at first; of the last {width} steps it is {last} at most.",
  strip_ratio: "Update, as a share of the weights",
  strip_ratio_none: "Not measured yet: it needs weights that are not all zero, and a step.",
  strip_ratio_says: "The update of step {step} moved the weights by {ratio} of their length.",
  steps: "steps",
};

/** @param {Object} data @param {string} key @param {Object} [values] @returns {string} */
export function say(data, key, values = {}) {
  return filled(data?.words?.[key] ?? ENGLISH[key] ?? key, values);
}
