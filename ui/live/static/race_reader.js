// The drawing before all lanes at once: who says what, and how sure; it also hosts the pen's companion.

import { element, setAttribute, setText } from "./element.js";
import { percent } from "./format.js";
import { hurry } from "./frames.js";
import { laneStyle } from "./lane_styles.js";
import { mounted } from "./mounted.js";
import { paintDigit } from "./paint_digit.js";
import { companion } from "./pen.js";
import { followRace } from "./race_feed.js";
import { paintSwatch, swatch } from "./race_lanes.js";
import { say } from "./race_words.js";
import { redrawer } from "./redraw.js";
import { linkStyle } from "./style.js";

const SAID_AFTER = 700;

/** Called by Streamlit with {data: {token, race, canvas_side, ink_side}, parentElement}. */
export default mounted(build);

function build() {
  linkStyle("race");
  const view = { data: {}, race: null, frame: {}, forget: () => {}, rows: [], timer: 0 };
  view.parts = parts();
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  view.pen = companion(() => hurry(view.race));
  const stop = () => {
    view.forget();
    view.pen.stop();
    view.redraw.stop();
    clearTimeout(view.timer);
  };
  return { element: view.parts.root, update: ({ data }) => update(view, data), stop };
}

function parts() {
  const made = {
    canvas: element("canvas", { class: "sl-race-digit", role: "img" }),
    says: element("p", { class: "sl-race-says", "data-testid": "lanes-say" }),
    list: element("ol", { class: "sl-race-readings" }),
    said: element("span", { class: "sl-hidden", "aria-live": "polite" }),
  };
  made.top = element("div", { class: "sl-race-seen" }, made.canvas, made.says);
  made.root = element("div", { class: "sl-root", "data-testid": "race-reader", role: "group" },
    made.top, made.list, made.said);
  return made;
}

function update(view, data) {
  view.data = data;
  setAttribute(view.parts.root, "aria-label", say(data, "reader_label"));
  if (view.race !== data.race) {
    view.forget();
    Object.assign(view, { race: data.race, frame: {} });
    view.forget = followRace(data.race, (frame) => {
      view.frame = frame;
      view.redraw.request();
    });
  }
  view.pen.update(data);
  view.redraw.request();
}

function draw(view, theme) {
  const { data, frame, parts: made } = view;
  const lanes = frame.has_drawing ? frame.lanes : [];
  const text = sentence(data, frame, lanes);
  setText(made.says, text);
  made.canvas.style.display = lanes.length ? "" : "none";
  setAttribute(made.canvas, "aria-label", say(data, "sees"));
  if (lanes.length) paintDigit(made.canvas, frame.digit, frame.image_shape);
  if (view.rows.length !== lanes.length) {
    view.rows = lanes.map(makeRow);
    made.list.replaceChildren(...view.rows.map(({ row }) => row));
  }
  const colours = frame.lane_colours?.[theme.dark ? "dark" : "light"];
  lanes.forEach((lane, i) => fill(view.rows[i], data, frame, lane, laneStyle(i, colours)));
  clearTimeout(view.timer);
  view.timer = setTimeout(() => setText(made.said, lanes.length ? text : ""), SAID_AFTER);
}

function sentence(data, frame, lanes) {
  if (!frame.ready) return "";
  if (!lanes.length) return say(data, frame.can_draw ? "reads_none" : "reads_none_pictures");
  if (!frame.examples_seen && lanes.every(({ step }) => step === 0)) return say(data, "untrained");
  const names = lanes.map(({ prediction }) => frame.class_names[prediction]);
  if (new Set(names).size === 1) return say(data, "reads_all", { name: names[0] });
  const list = lanes.map(({ name }, i) => say(data, "reads_one", { lane: name, name: names[i] })).join(", ");
  return say(data, "reads_each", { list });
}

function makeRow() {
  const made = {
    swatch: swatch(),
    lane: element("span", { class: "sl-lane-name" }),
    name: element("strong"),
    bar: element("span", { class: "sl-bar-fill" }),
    sure: element("span", { class: "sl-race-sure" }),
  };
  made.row = element("li", {}, made.swatch, made.lane, made.name,
    element("span", { class: "sl-bar-track" }, made.bar), made.sure);
  return made;
}

function fill(made, data, frame, lane, style) {
  const name = frame.class_names[lane.prediction];
  paintSwatch(made.swatch, style);
  setText(made.lane, lane.name);
  setText(made.name, name);
  setText(made.sure, percent(lane.confidence));
  made.bar.style.transform = `scaleX(${lane.confidence})`;
  made.bar.style.background = style.color;
  setAttribute(made.row, "data-prediction", name);
  setAttribute(made.row, "data-lane", lane.name);
  setAttribute(made.row, "aria-label",
    say(data, "reads_sure", { lane: lane.name, name, percent: percent(lane.confidence) }));
}
