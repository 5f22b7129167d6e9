// Every word the live view shows, in English. A page in another language would pass its own words
// as `data.words`, by the same keys; none does yet.

const ENGLISH = {
  live_label: "Live training: counters and curves",
  step: "Step",
  epoch: "Epoch",
  speed: "Samples",
  train_loss: "Train loss",
  test_loss: "Test loss",
  train_accuracy: "Train accuracy",
  test_accuracy: "Test accuracy",
  epoch_progress: "Progress of this epoch",
  setting: "{network} on {dataset}, learning rate {rate}, batch size {batch}",
  offline: "No answer from the server. The last picture stays; trying again.",
  gone: "This run is no longer on the server.",
  loss_title: "Loss (nats)",
  accuracy_title: "Accuracy",
  log_scale: "log scale",
  legend_train: "train, mean of {window} steps",
  legend_test: "test",
  train: "train",
  test: "test",
  steps: "steps",
  at_step: "step {step}",
  press_train: "Press Train",
  press_train_loss: "and watch the loss fall",
  press_train_accuracy: "and watch the accuracy rise",
  loss_none: "No step is done yet.",
  loss_fell: "Loss fell from {first} to {last} over {known} steps",
  loss_rose: "Loss rose from {first} to {last} over {known} steps",
  loss_same: "Loss is {last} after {steps} steps",
  loss_broken: "After {steps} steps the loss is not a number any more",
  loss_with_test: "{sentence}; test accuracy is {accuracy}.",
  loss_alone: "{sentence}.",
  accuracy_none: "Nothing has been measured yet.",
  accuracy_now: "Train accuracy is {train} after {steps} steps.",
  accuracy_both: "Train accuracy is {train} and test accuracy {test} after {steps} steps.",
  pictures_label: "Learned weights, one picture per class",
  picture_of: "Learned weights of class {name}",
  picture_predicted: "Learned weights of class {name}, the predicted class",
  scale_against: "−{limit} against",
  scale_zero: "0",
  scale_for: "+{limit} for",
  scale_label: "Colour scale from −{limit}, orange, against the class, to +{limit}, blue, for it",
  pictures_look: "Ink on blue speaks for the class, ink on orange against it.",
  pictures_empty: "Every weight is zero: nothing is learned yet.",
  reader_label: "What the model reads in the drawing",
  sees: "What the model sees",
  draw_hint: "Draw a digit",
  draw_elsewhere: "These pictures cannot be drawn by hand.",
  nothing_drawn: "No drawing yet",
  predicted: "Prediction",
  confidence: "{percent} sure",
  said: "The model reads {name}, {percent} sure.",
  picker_label: "Test pictures",
  pick_hint: "Pictures the model has never trained on: choose one.",
  pick_truth: "This picture shows: {name}.",
  pick: "Test picture of class {name}",
  bars_label: "Probability of each class",
  bar_of: "{name}: {percent}",
  canvas_label: "Drawing canvas: draw a digit with pointer or finger",
};

/**
 * The text for `key` in the page's language, its {placeholders} filled in.
 * @param {{words?: Object<string, string>}} data what Python gave the component
 * @param {string} key a key of the English list above
 * @param {Object<string, string|number>} [values] what goes into the placeholders
 * @returns {string}
 */
export function word(data, key, values = {}) {
  const text = data?.words?.[key] ?? ENGLISH[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
