// What the model sees of the drawing, and its probabilities; it also hosts the pen's companion.

import { barList } from "./bars.js";
import { element, setAttribute, setText } from "./element.js";
import { isNumber, percent } from "./format.js";
import { subscribe } from "./frames.js";
import { mounted } from "./mounted.js";
import { paintDigit } from "./paint_digit.js";
import { companion } from "./pen.js";
import { redrawer } from "./redraw.js";
import { taughtAs } from "./taught.js";
import { fromAnswer, fromFrame } from "./verdict.js";
import { word } from "./words.js";

const SAID_AFTER = 700;

/** Called by Streamlit with {data: {token, canvas_side, ink_side}, parentElement}. */
export default mounted(build);

function build() {
  const view = {
    data: {}, token: null, frame: {}, verdict: null, remark: "", answeredAt: 0, forget: () => {}, timer: 0,
    bars: barList(),
  };
  view.parts = parts(view.bars);
  view.redraw = redrawer(view.parts.root, () => draw(view));
  view.pen = companion((answer) => hear(view, answer));
  const stop = () => {
    view.forget();
    view.pen.stop();
    view.redraw.stop();
    clearTimeout(view.timer);
  };
  return { element: view.parts.root, update: ({ data }) => update(view, data), stop };
}

function parts(bars) {
  const made = {
    heading: element("span", { class: "sl-title" }),
    name: element("strong", { class: "sl-verdict" }),
    sure: element("span", { class: "sl-sure" }),
    canvas: element("canvas", { class: "sl-digit", role: "img" }),
    hint: element("span", { class: "sl-hint" }),
    sees: element("figcaption"),
    taught: element("p", { class: "sl-taught", hidden: true }),
    remark: element("p", { class: "sl-remark", role: "status", hidden: true }),
    said: element("span", { class: "sl-hidden", "aria-live": "polite" }),
  };
  made.root = element("div",
    { class: "sl-root sl-reader", "data-testid": "prediction", role: "group" },
    element("div", { class: "sl-reading" },
      element("figure", { class: "sl-seen" },
        element("div", { class: "sl-frame" }, made.canvas, made.hint), made.sees),
      element("div", { class: "sl-answer" }, made.heading, made.name, made.sure)),
    bars.element, made.taught, made.remark, made.said);
  return made;
}

function update(view, data) {
  view.data = data;
  setAttribute(view.parts.root, "aria-label", word(data, "reader_label"));
  if (view.token !== data.token) follow(view, data.token);
  view.pen.update(data);
  show(view);
}

function follow(view, token) {
  view.forget();
  Object.assign(view, { token, frame: {}, verdict: null, remark: "", answeredAt: 0 });
  view.forget = subscribe(token, (frame) => {
    view.frame = frame;
    // A frame asked for before the last answer to the pen may know only an older drawing.
    if (frame.ready && frame.asked >= view.answeredAt) {
      Object.assign(view, { verdict: fromFrame(frame), remark: frame.remark ?? "" });
    }
    show(view);
  });
}

function hear(view, answer) {
  view.answeredAt = performance.now();
  Object.assign(view, { verdict: fromAnswer(answer, view.frame), remark: answer.remark ?? "" });
  show(view);
}

function show(view) {
  const { verdict, parts: { root } } = view;
  setAttribute(root, "data-prediction", verdict?.name ?? "");
  setAttribute(root, "data-confidence", isNumber(verdict?.confidence) ? verdict.confidence : "");
  view.redraw.request();
}

function draw(view) {
  const { data, frame, verdict, parts: made } = view;
  const sure = verdict ? percent(verdict.confidence) : "";
  setText(made.heading, word(data, "predicted"));
  setText(made.name, verdict?.name ?? "–");
  setText(made.sure, word(data, verdict ? "confidence" : "nothing_drawn", { percent: sure }));
  setText(made.sees, word(data, "sees"));
  drawSeen(made, data, frame, verdict);
  view.bars.show(data, frame.class_names ?? [], verdict);
  writeTaught(made.taught, data, frame, verdict);
  write(made.remark, view.remark);
  clearTimeout(view.timer);
  view.timer = setTimeout(() => setText(made.said, verdict
    ? word(data, "said", { name: verdict.name, percent: sure }) : ""), SAID_AFTER);
}

function drawSeen({ canvas, hint }, data, frame, verdict) {
  const seen = verdict?.digit ? verdict : null;
  setText(hint, word(data, frame.can_draw === false ? "draw_elsewhere" : "draw_hint"));
  setAttribute(hint, "hidden", Boolean(seen));
  setAttribute(canvas, "aria-label", word(data, seen ? "sees" : "nothing_drawn"));
  canvas.style.visibility = seen ? "" : "hidden";
  if (seen) paintDigit(canvas, seen.digit, seen.shape);
}

/** The same drawing scored again: what its author said it is, before and now. */
function writeTaught(line, data, frame, verdict) {
  const drawing = taughtAs(frame, verdict?.digit);
  const before = data.taught_before?.[drawing?.id];
  write(line, drawing && before !== undefined ? word(data, "taught", {
    name: drawing.name, before: percent(before), now: percent(drawing.now),
  }) : "");
}

function write(line, text) {
  setText(line, text);
  setAttribute(line, "hidden", !text);
}
