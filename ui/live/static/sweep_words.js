// Every word a sweep shows from the browser, in English; `data.words` may bring another language's.

import { filled } from "./words.js";

const ENGLISH = {
  sweep_label: "The sweep: how runs with many learning rates end",
  gone: "This sweep is no longer on the server. Start it again.",
  offline: "No answer from the server. The last picture stays; trying again.",
  intro: "The same run many times over, each with its own learning rate: which has learned most when all have seen the same pictures?",
  progress: "Progress of the sweep",
  chart_label: "Training loss and test accuracy over the learning rate. Arrow keys choose a run, Enter opens it",
  map_label: "Map of learning rates and batch sizes. Arrow keys choose a run, Enter opens it",
  loss_title: "Training loss in the end (nats)",
  loss_title_now: "Training loss so far (nats)",
  accuracy_title: "Test accuracy in the end",
  accuracy_title_now: "Test accuracy so far",
  no_test: "The model has learned from these test pictures: no test accuracy is shown",
  map_title: "Test accuracy in the end, in %",
  map_title_now: "Test accuracy so far, in %",
  map_title_loss: "Training loss (nats)",
  rate: "learning rate",
  batch: "batch size",
  best: "best rates",
  own: "your run: {rate}",
  invite: "Press Start the sweep",
  invite_more: "and watch runs from far too timid to far too bold, side by side",
  how: "Click a point, or use the arrow keys and Enter, to open that run in the Lab.",
  how_map: "Click a cell, or use the arrow keys and Enter, to open that run in the Lab. Framed: within 1 point of the best.",
  at_rate: "learning rate {rate}",
  at_cell: "learning rate {rate}, batch size {batch}",
  loss_is: "training loss {loss}",
  accuracy_is: "test accuracy {accuracy}",
  diverged: "diverged: it was stopped",
  waiting: "not measured yet",
  so_far: "so far",
  ask: "Open the run with {run} in the Lab?",
  ask_trained: "Open the run with {run} in the Lab? It takes the place of your own, which is at step {step}.",
  open: "Open it",
  stay: "Keep my run",
  not_now: "Not now",
};

/** @param {Object} data @param {string} key @param {Object} [values] @returns {string} */
export function say(data, key, values = {}) {
  return filled(data?.words?.[key] ?? ENGLISH[key] ?? key, values);
}

/** A rate as one types it: "0.0001", "0.512", "10". @param {number} rate @returns {string} */
export function rateText(rate) {
  return String(Number(rate.toPrecision(3)));
}
