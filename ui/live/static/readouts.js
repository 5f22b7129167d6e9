// The row of counters above the curves, the epoch's progress bar and the line of words.

import { element, setAttribute, setText } from "./element.js";
import { count, epochs, isNumber, loss, percent, setting, speed } from "./format.js";
import { word } from "./words.js";

const COUNTERS = [
  ["step", "", (frame) => count(frame.step ?? 0)],
  ["epoch", "", epochs],
  ["speed", "", (frame) => speed(frame.status === "running" ? frame.samples_per_second : null)],
  ["train_loss", "train", (frame) => loss(frame.train_loss)],
  ["test_loss", "test", (frame) => loss(frame.test_loss)],
  ["train_accuracy", "train", (frame) => percent(frame.train_accuracy)],
  ["test_accuracy", "test", (frame) => percent(frame.test_accuracy)],
];

/**
 * @returns {{nodes: HTMLElement[], show: (data: Object, frame: Object) => void}}
 */
export function readouts() {
  const cells = COUNTERS.map(([key, kind, format]) => counterCell(key, kind, format));
  const bar = element("div", { class: "sl-bar-fill" });
  const progress = element("div",
    { class: "sl-progress", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const context = element("p", { class: "sl-setting" });
  const message = element("p", { class: "sl-message", role: "status" });
  const note = element("p", { class: "sl-note", hidden: true });
  const show = (data, frame) => {
    for (const cell of cells) cell.show(data, asShown(frame));
    showProgress(data, frame, progress, bar);
    const text = messageOf(data, frame);
    setText(message, text);
    setAttribute(message, "hidden", !text);
    setAttribute(context, "hidden", Boolean(text));
    setText(context, settingOf(data, frame));
    setText(note, frame.note ?? "");
    setAttribute(note, "hidden", !frame.note);
  };
  const row = element("dl", { class: "sl-counters" }, ...cells.map((cell) => cell.node));
  const words = element("div", { class: "sl-words" }, context, message, note);
  return { nodes: [row, progress, words], show };
}

/** While an earlier step is looked at, the counters are those of that step, as all else is. */
function asShown(frame) {
  if (!frame.pinned) return frame;
  const figures = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"];
  const at = Object.fromEntries(figures.map((name) => [name, frame[`shown_${name}`]]));
  return { ...frame, ...at, step: frame.shown_step, epoch: frame.shown_epoch, epoch_fraction: 0 };
}

function counterCell(key, kind, format) {
  const swatch = kind ? element("i", { class: `sl-swatch sl-swatch-${kind}` }) : "";
  const name = element("span");
  const value = element("dd");
  const node = element("div", { class: kind ? `sl-${kind}` : "" },
    element("dt", {}, name, swatch), value);
  const show = (data, frame) => {
    setText(name, word(data, key));
    setText(value, format(frame));
  };
  return { node, show };
}

function showProgress(data, frame, progress, bar) {
  const done = frame.status === "finished" ? 1 : Math.min(Math.max(frame.epoch_fraction || 0, 0), 1);
  setAttribute(progress, "aria-label", word(data, "epoch_progress"));
  setAttribute(progress, "aria-valuenow", Math.round(100 * done));
  bar.style.transform = `scaleX(${done})`;
}

function messageOf(data, frame) {
  if (frame.gone) return word(data, frame.moved ? "moved" : "gone");
  if (frame.offline) return word(data, "offline");
  return frame.message || "";
}

function settingOf(data, frame) {
  if (!frame.ready || !isNumber(frame.learning_rate)) return "";
  return word(data, "setting", {
    network: frame.network_title,
    dataset: frame.dataset_title,
    rate: setting(frame.learning_rate),
    batch: count(frame.batch_size),
  });
}
