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
  offline: "No answer from the server: it may be restarting. The last picture stays; when it is back, the run can be continued. Trying again.",
  gone: "This run is no longer on the server.",
  moved: "This run goes on in another tab; this one no longer steers it.",
  loss_title: "Loss (nats)",
  accuracy_title: "Accuracy",
  log_scale: "log scale",
  legend_train: "train, mean of {window} steps",
  legend_train_all: "train, every step",
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
  picture_dead: "Learned weights of class {name}, dead since step {step}",
  dead: "{name} ✕ dead",
  dead_one: "Class {name} has been dead since step {step}: no training picture raises it above 0, so its weights can no longer change.",
  dead_many: "Dead classes: {list}. No training picture raises them above 0, so their weights can no longer change.",
  dead_since: "{name} since step {step}",
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
  regions_title: "Which class the model chooses where",
  regions_misread: "{right} of {n} test points lie on the ground of their own class; the other {misread} are ringed.",
  regions_all_right: "All {n} test points lie on the ground of their own class.",
  regions_how: "Across: feature 1; up: feature 2. The deeper the tint, the surer the model; small shapes are training points.",
  regions_shares: "Share of the picture: {shares}.",
  region_share: "class {name} {percent}",
  class_of: "class {name}",
  misread: "misread",
  circle: "circle",
  square: "square",
  triangle: "triangle",
  diamond: "diamond",
  triangle_down: "triangle, point down",
  plus: "plus",
  animator_title: "Each epoch: loss (nats) and accuracy (share)",
  animator_none: "Press Train: each epoch adds a point to three lines.",
  animator_says: "Epoch {epoch}: train loss {loss}, train accuracy {train}, test accuracy {test}.",
  train_loss_short: "train loss",
  train_accuracy_short: "train accuracy",
  test_accuracy_short: "test accuracy",
  epochs: "epochs",
  pinned_at: "shown: step {step}",
  batch_by_click: "click or Enter: its batch",
  batch_by_key: "Arrow keys read the steps out, Enter shows a step's batch.",
  batch_by_tap: "tap again: its batch",
  taught: "You said {name}: {before} before, {now} now.",
  shelf_label: "Drawings added to the training pictures",
  shelf_picture: "Drawing added as {name}",
  shelf_name: "a {name}",
  shelf_change: "{before} → {now}",
  shelf_now: "{now} sure",
  shelf_read: "read as {name}",
  shelf_remove: "Remove this {name}",
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
  return filled(data?.words?.[key] ?? ENGLISH[key] ?? key, values);
}

/**
 * @param {string} text with {placeholders}
 * @param {Object<string, string|number>} values what goes into them
 * @returns {string}
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
