// One point per epoch for each of three lines on one pair of axes: train loss, train and test accuracy.

import { drawAxes, drawLine, plotArea, sharpContext } from "./chart.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber, loss, percent } from "./format.js";
import { subscribe } from "./frames.js";
import { mounted } from "./mounted.js";
import { drawNames } from "./notes.js";
import { redrawer } from "./redraw.js";
import { linearTicks, plainLabels } from "./ticks.js";
import { word } from "./words.js";

const HEIGHT = 230;
const NAME_ROOM = 104;
const PUBLISHED_SPAN = [0.3, 0.9];
const TICKS = 6;
const DASH = [6, 4];

/** Called by Streamlit with {data: {token}, parentElement}. */
export default mounted(build);

function build() {
  const view = { data: {}, token: null, frame: {}, forget: () => {} };
  view.parts = parts();
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  const stop = () => {
    view.forget();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: ({ data }) => update(view, data), stop };
}

function parts() {
  const made = {
    title: element("span", { class: "sl-title" }),
    canvas: element("canvas", { class: "sl-curve", role: "img", "data-chart": "animator" }),
    invite: element("div", { class: "sl-invite" }),
    summary: element("p", { class: "sl-summary" }),
  };
  made.root = element("div", { class: "sl-root", "data-testid": "animator", role: "group" },
    made.title, element("div", { class: "sl-stage" }, made.canvas, made.invite), made.summary);
  return made;
}

function update(view, data) {
  view.data = data;
  setAttribute(view.parts.root, "aria-label", word(data, "animator_title"));
  if (view.token !== data.token) {
    view.forget();
    Object.assign(view, { token: data.token, frame: {} });
    view.forget = subscribe(data.token, (frame) => {
      view.frame = frame;
      view.redraw.request();
    });
  }
  view.redraw.request();
}

function draw(view, theme) {
  const { data, frame, parts: made } = view;
  const epochs = frame.epoch_number ?? [];
  const sentence = sentenceOf(data, frame);
  setText(made.title, word(data, "animator_title"));
  setText(made.invite, word(data, "animator_none"));
  setAttribute(made.invite, "hidden", !frame.ready || epochs.length > 0);
  setText(made.summary, sentence);
  setAttribute(made.canvas, "aria-label", sentence);
  setAttribute(made.root, "data-epochs", epochs.length);
  const width = made.canvas.parentElement.clientWidth;
  if (width < 120) return;
  made.canvas.style.height = `${HEIGHT}px`;
  const context = sharpContext(made.canvas, width, HEIGHT);
  const span = animatorSpan(frame);
  const from = epochs[0] ?? 1;
  const last = Math.max(frame.epochs_target ?? 1, epochs[epochs.length - 1] ?? 1, from + 1);
  const size = { width, height: HEIGHT, right: NAME_ROOM };
  const area = plotArea(context, size, { steps: [from, last], span, log: false });
  const ticks = linearTicks(...span, TICKS);
  drawAxes(area, theme, { ticks, label: plainLabels(ticks), stepsWord: word(data, "epochs") });
  const lines = linesOf(data, frame, theme);
  for (const { values, style } of lines) drawLine(area, epochs, values, style);
  drawNames(area, lines.map(({ text, values, style }) => ({
    text, color: style.color, value: values[values.length - 1],
  })), theme);
}

/**
 * The published axis where everything fits on it, or else round numbers around all values.
 * @param {Object} frame a merged frame
 * @returns {[number, number]}
 */
export function animatorSpan({ epoch_loss, epoch_accuracy, epoch_test_accuracy }) {
  const values = [...epoch_loss ?? [], ...epoch_accuracy ?? [], ...epoch_test_accuracy ?? []].filter(isNumber);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const fits = !values.length || (low >= PUBLISHED_SPAN[0] && high <= PUBLISHED_SPAN[1]);
  return fits ? PUBLISHED_SPAN : [Math.floor(low * 10) / 10, Math.ceil(high * 10 + 1e-9) / 10];
}

/** Blue is training and orange, dashed, the test set, as everywhere; dots mark the accuracies. */
function linesOf(data, frame, theme) {
  return [
    [word(data, "train_loss_short"), frame.epoch_loss, { color: theme.train, width: 2.25 }],
    [word(data, "train_accuracy_short"), frame.epoch_accuracy,
      { color: theme.train, width: 1.25, markers: true }],
    [word(data, "test_accuracy_short"), frame.epoch_test_accuracy,
      { color: theme.test, width: 2, dash: DASH, markers: true }],
  ].map(([text, values, style]) => ({ text, values: values ?? [], style }));
}

function sentenceOf(data, frame) {
  const last = (frame.epoch_number?.length ?? 0) - 1;
  if (last < 0) return word(data, "animator_none");
  return word(data, "animator_says", {
    epoch: count(frame.epoch_number[last]),
    loss: loss(frame.epoch_loss[last]),
    train: percent(frame.epoch_accuracy[last]),
    test: percent(frame.epoch_test_accuracy[last]),
  });
}
