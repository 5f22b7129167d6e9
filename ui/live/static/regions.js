// Points in the plane on the ground the model gives to each class: one picture, redrawn as it learns.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { subscribe } from "./frames.js";
import { markerName } from "./markers.js";
import { mounted } from "./mounted.js";
import { classColours } from "./palette.js";
import { drawPlane, drawSign } from "./plane.js";
import { redrawer } from "./redraw.js";
import { word } from "./words.js";

const SMALLEST = 80;
const LARGEST = 460;
const SIGN = 16;

/** Called by Streamlit with {data: {token}, parentElement}. */
export default mounted(build);

function build() {
  const view = { data: {}, token: null, frame: {}, forget: () => {} };
  view.parts = parts();
  view.ground = document.createElement("canvas");
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
    legend: element("div", { class: "sl-legend sl-classes" }),
    canvas: element("canvas", { class: "sl-regions", role: "img", "data-testid": "regions-canvas" }),
    summary: element("p", { class: "sl-summary" }),
    how: element("p", { class: "sl-summary" }),
  };
  made.root = element("div", { class: "sl-root", "data-testid": "regions", role: "group" },
    made.title, made.legend, made.canvas, made.summary, made.how);
  return made;
}

function update(view, data) {
  view.data = data;
  setAttribute(view.parts.root, "aria-label", word(data, "regions_title"));
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
  const { frame, parts: { root, canvas } } = view;
  setAttribute(root, "hidden", !frame.regions);
  if (!frame.regions) return;
  write(view, theme);
  const size = Math.min(root.clientWidth, LARGEST);
  if (size > SMALLEST) drawPlane(canvas, view.ground, size, frame, theme);
}

function write({ data, frame, parts: made }, theme) {
  const misread = frame.test_labels.reduce((n, label, i) => n + (label !== frame.test_predictions[i]), 0);
  const n = frame.test_labels.length;
  const shares = frame.class_names.map((name, k) => word(data, "region_share", {
    name, percent: percent(frame.regions.filter((chosen) => chosen === k).length / frame.regions.length),
  }));
  const sentence = word(data, misread ? "regions_misread" : "regions_all_right", {
    n: count(n), right: count(n - misread), misread: count(misread),
  });
  setText(made.title, word(data, "regions_title"));
  setText(made.summary, sentence);
  setText(made.how, word(data, "regions_how"));
  setAttribute(made.canvas, "aria-label",
    `${sentence} ${word(data, "regions_shares", { shares: shares.join(", ") })}`);
  setAttribute(made.root, "data-misread", misread);
  writeLegend(made.legend, data, frame, theme);
}

function writeLegend(legend, data, frame, theme) {
  const colours = classColours(frame, theme);
  const key = [...frame.class_names, ...colours].join("|");
  if (legend.dataset.key === key) return;
  legend.dataset.key = key;
  const entries = frame.class_names.map((name, index) => entry(
    word(data, "class_of", { name }), word(data, markerName(index)), { index, colour: colours[index] }));
  const ring = entry(word(data, "misread"), "", { index: null, colour: theme.text });
  legend.replaceChildren(...entries, ring);
}

function entry(text, title, sign) {
  const canvas = element("canvas", { "aria-hidden": "true", style: `width: ${SIGN}px; height: ${SIGN}px` });
  drawSign(canvas, SIGN, sign);
  return element("span", { title }, canvas, text);
}
