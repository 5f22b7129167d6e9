// The words of the time machine, in English; another language would come as `data.words`.

import { filled } from "./words.js";

const ENGLISH = {
  past_label: "Time machine: look at earlier steps of this run",
  slider: "Step whose weights are shown",
  where: "step {step} of {newest}",
  now: "step {newest}, the newest",
  play: "Play the run as a film",
  pause: "Pause the film",
  follow: "Follow the run",
  follow_why: "Show the newest weights again",
  go_on: "Go on from here",
  go_on_why: "Go back to this step for good and train on from it with the present settings. With the same settings the same future follows, bit for bit.",
  gone_back: "The run is back at step {step}. Press Train to go on.",
  film: "Film",
  film_why: "Download the run as an animated picture, one picture for each step that was kept",
  film_doing: "{done} of {of} ✕",
  film_cancel: "Cancel the film: {done} of {of} pictures are done",
  film_done: "The film is downloaded.",
  failed: "No answer from the server. Try again.",
  batch_title: "The batch of step {step}",
  batch_close: "Close",
  batch_waiting: "Making the steps since {begin} again: step {at} of {end} …",
  batch_span: "Steps {first} to {last} share a point of the curve; of these, this one has the highest loss.",
  batch_read: "{n} training pictures. The weights before this step read {right} of them right.",
  batch_read_points: "{n} training points. The weights before this step read {right} of them right.",
  batch_mean: "The mean of their losses is {mean}: the curve's loss at this step.",
  batch_penalty: "The mean of their losses is {mean}, the L2 penalty adds {penalty}: {loss}, the curve's loss at this step.",
  batch_own: "The mean of their losses is {mean}; this run counts its loss in a way of its own, and the curve has {loss}.",
  batch_general: "Training pictures in general had a loss of {now} then",
  batch_general_points: "Training points in general had a loss of {now} then",
  batch_earlier: "{general}, and {earlier} a step earlier.",
  batch_alone: "{general}.",
  cause_batch: "So this batch was a hard one; the weights were no worse than usual.",
  cause_weights: "So the step before made the weights worse for all of them: this batch only shows it.",
  cause_both: "This batch was a hard one, and the step before had made the weights worse as well.",
  cause_neither: "So neither was this batch unusually hard, nor had the step before made the weights worse.",
  batch_sorted: "Highest loss first: what it is → what it is read as, and its loss.",
  batch_most: "The {listed} highest losses first: what it is → what it is read as, and its loss.",
  batch_tile: "{label}, read as {read}, loss {loss}",
};

/**
 * @param {{words?: Object<string, string>}} data what Python gave the component
 * @param {string} key a key of the English list above
 * @param {Object<string, string|number>} [values] what goes into the placeholders
 * @returns {string}
 */
export function tell(data, key, values = {}) {
  return filled(data?.words?.[key] ?? ENGLISH[key] ?? key, values);
}
