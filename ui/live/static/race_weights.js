// What each lane has learned: a row of small pictures, one per class, for every lane.

import { element, setAttribute, setText } from "./element.js";
import { isNumber, twoDigits } from "./format.js";
import { laneStyle } from "./lane_styles.js";
import { paintSwatch, swatch } from "./race_lanes.js";
import { say } from "./race_words.js";
import { fit, paintSigned, part } from "./why_pictures.js";

const LARGEST = 60;
const SMALLEST = 30;
const GAP = 5;
const NAME_ROOM = 130;

/** @param {() => void} redraw @returns {{element: HTMLElement, draw: Function}} */
export function laneWeights(redraw) {
  const view = { rows: [], shape: "", drawn: null };
  const made = {
    title: element("h3", { class: "sl-title" }),
    box: element("input", { type: "checkbox" }),
    boxText: element("span"),
    rows: element("div", { class: "sl-weight-rows", "data-testid": "race-weights" }),
    look: element("p", { class: "sl-summary" }),
  };
  made.box.addEventListener("change", redraw);
  view.made = made;
  made.root = element("section", { class: "sl-race-weights", hidden: true },
    element("div", { class: "sl-race-head" }, made.title,
      element("label", { class: "sl-check" }, made.box, made.boxText)),
    made.rows, made.look);
  return { element: made.root, draw: (theme, data, frame) => draw(view, theme, data, frame) };
}

function draw(view, theme, data, frame) {
  const { made } = view;
  setAttribute(made.root, "hidden", !frame.weights_0);
  if (!frame.weights_0) return;
  setText(made.title, say(data, "weights_title"));
  setText(made.boxText, say(data, "one_scale"));
  const limits = frame.lanes.map(({ weight_limit: limit }) => (isNumber(limit) ? limit : 0));
  const widest = Math.max(...limits);
  setText(made.look, say(data, widest > 0 ? "weights_look" : "weights_none"));
  const shape = `${frame.lanes.length} ${frame.class_names.join("\n")}`;
  if (view.shape !== shape) Object.assign(view, { shape, rows: makeRows(made.rows, frame), drawn: null });
  const colours = frame.lane_colours[theme.dark ? "dark" : "light"];
  const drawn = [frame.weights_at, frame.tag, theme, made.box.checked, made.rows.clientWidth].join();
  if (view.drawn === drawn && view.theme === theme) return;
  Object.assign(view, { drawn, theme });
  view.rows.forEach((row, i) => {
    const scale = made.box.checked && widest > 0 ? limits[i] / widest : 1;
    fillRow(row, i, { theme, data, frame, scale, colours, limit: limits[i], width: made.rows.clientWidth });
  });
}

function makeRows(place, frame) {
  const rows = frame.lanes.map(() => {
    const row = {
      swatch: swatch(),
      name: element("span", { class: "sl-lane-name" }),
      limit: element("span", { class: "sl-weight-limit" }),
      canvases: frame.class_names.map(() => element("canvas", { class: "sl-picture", role: "img" })),
    };
    row.element = element("div", { class: "sl-weight-row" },
      element("div", { class: "sl-weight-name" }, row.swatch, row.name),
      element("div", { class: "sl-weight-pictures" }, ...row.canvases), row.limit);
    return row;
  });
  place.replaceChildren(...rows.map((row) => row.element));
  return rows;
}

function fillRow(row, i, { theme, data, frame, scale, colours, limit, width }) {
  const { name } = frame.lanes[i];
  paintSwatch(row.swatch, laneStyle(i, colours));
  setText(row.name, name);
  setText(row.limit, `±${twoDigits(limit)}`);
  const n = row.canvases.length;
  const beside = width > 560 ? 2 * NAME_ROOM : 0;
  const room = Math.min(LARGEST, Math.max(SMALLEST, (width - beside) / Math.min(n, 10) - GAP));
  const size = frame.image_shape[0] * frame.image_shape[1];
  row.canvases.forEach((canvas, k) => {
    const values = part(frame[`weights_${i}`], k, size);
    const shown = scale === 1 ? values : Int8Array.from(values, (value) => Math.round(value * scale));
    paintSigned(canvas, shown, frame.image_shape, theme);
    fit(canvas, room, frame.image_shape);
    setAttribute(canvas, "aria-label", say(data, "picture_of", { lane: name, name: frame.class_names[k] }));
    setAttribute(canvas, "title", frame.class_names[k]);
  });
}
