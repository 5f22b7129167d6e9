// Nudge: slide, shrink, thicken, tilt or invert the digit, and watch what is still read.

import { element, setAttribute, setText } from "./element.js";
import { percent } from "./format.js";
import { paintDigit } from "./paint_digit.js";
import { testAccuracy } from "./why_accuracy.js";
import { markedBars } from "./why_bars.js";
import { pulled } from "./why_drag.js";
import { fit, part } from "./why_pictures.js";
import { saveLink } from "./why_save.js";
import { sliders } from "./why_sliders.js";
import { word } from "./words.js";

const LARGE = 252;
const SMALL = 84;

/**
 * @param {{data: () => Object, ask: () => void, redraw: () => void}} context of the page
 * @returns {{element: HTMLElement, question: () => Object, draw: Function, hear: Function,
 *   stop: () => void}}
 */
export function nudge(context) {
  const made = {
    look: element("p", { class: "sl-why-look" }),
    before: pictured(),
    after: pictured(),
    hand: element("p", { class: "sl-summary" }),
    barsTitle: element("h3", { class: "sl-why-heading" }),
    bars: markedBars(),
    summary: element("p", { class: "sl-summary", "data-testid": "why-summary" }),
  };
  made.sliders = sliders(() => {
    made.accuracy.moved();
    context.ask();
    context.redraw();
  });
  pulled(made.after.canvas, made.sliders.nudge, made.sliders.slide);
  made.accuracy = testAccuracy(context, made.sliders.nudge);
  made.save = saveLink(context, made.sliders.nudge, "nudge");
  const root = element("div", { class: "sl-nudge" }, made.look,
    element("div", { class: "sl-why-sheet" },
      element("div", { class: "sl-nudge-hand" }, made.sliders.element, made.accuracy.element),
      element("div", { class: "sl-nudge-pictures" }, made.after.element, made.hand, made.before.element),
      element("div", { class: "sl-nudge-bars" }, made.barsTitle, made.bars.element)),
    made.summary, made.save.element);
  return {
    element: root,
    question: made.sliders.nudge,
    hear: made.accuracy.hear,
    draw: (answer) => draw(made, context.data(), answer),
    stop: made.accuracy.stop,
  };
}

function pictured() {
  const canvas = element("canvas", { class: "sl-picture", role: "img" });
  const title = element("figcaption");
  return { element: element("figure", { class: "sl-why-figure" }, title, canvas), canvas, title };
}

function draw(made, data, answer) {
  const { class_names: names, image_shape: shape, probabilities, digits } = answer;
  const size = shape[0] * shape[1];
  const [before, after] = [0, 1].map((i) => part(probabilities, i, names.length));
  setText(made.look, word(data, "nudge_look"));
  made.sliders.show(data, shape);
  label(made.before, data, ["nudge_before", names[answer.prediction], answer.confidence]);
  label(made.after, data, ["nudge_after", names[answer.after], answer.after_confidence]);
  [[made.before, SMALL], [made.after, LARGE]].forEach(([{ canvas }, room], i) => {
    fit(canvas, room, shape);
    paintDigit(canvas, part(digits, i, size), shape);
  });
  setText(made.hand, word(data, "nudge_hand"));
  setText(made.barsTitle, word(data, "nudge_bars"));
  made.bars.show({
    names, before, after, prediction: answer.after, label: word(data, "nudge_bars"),
    say: (values) => word(data, "nudge_bar", values),
  });
  made.accuracy.show(data, answer);
  setText(made.summary, answer.summary);
  made.save.show(data);
}

function label({ canvas, title }, data, [key, name, confidence]) {
  const text = `${word(data, key)}: ${name}, ${percent(confidence)}`;
  setText(title, text);
  setAttribute(canvas, "aria-label", text);
}
