// Why this class and not that one: the difference of two logits, and what decided it.

import { element, setAttribute, setText } from "./element.js";
import { twoDigits } from "./format.js";
import { account } from "./why_account.js";
import { smallestChange } from "./why_change.js";
import { chooser } from "./why_chooser.js";
import { fit, paintSigned, part, scaleBar } from "./why_pictures.js";
import { saveLink } from "./why_save.js";
import { word } from "./words.js";

const SIZE = 196;
const GAP = 24; // between two pictures

/**
 * @param {{data: () => Object, ask: () => void}} context of the page
 * @returns {{element: HTMLElement, question: () => Object, draw: Function}}
 */
export function contrast(context) {
  const view = { context, pair: null, shown: [0, 0] };
  const ask = () => question(view);
  const made = {
    why: element("span"),
    not: element("span"),
    end: element("span"),
    auto: element("button", { type: "button", class: "sl-button", hidden: true }),
    a: chooser("pair-a", (k) => choose(view, 0, k)),
    b: chooser("pair-b", (k) => choose(view, 1, k)),
    look: element("p", { class: "sl-why-look" }),
    every: pictured(),
    decided: pictured(),
    sum: account(),
    share: element("p", { class: "sl-why-share" }),
    regions: element("ul", { class: "sl-why-regions" }),
    scale: scaleBar(),
    summary: element("p", { class: "sl-summary sl-hidden", "data-testid": "why-summary" }),
    save: saveLink(context, ask, "contrast"),
    change: smallestChange(context, ask),
  };
  const line = element("div", { class: "sl-why-question" },
    made.why, made.a.element, made.not, made.b.element, made.end, made.auto);
  made.auto.addEventListener("click", () => {
    view.pair = null;
    context.ask();
  });
  made.sheet = element("div", { class: "sl-why-sheet" },
    made.every.element, made.decided.element,
    element("div", { class: "sl-why-beside" },
      made.sum.element, made.share, made.regions, made.scale.element, made.save.element));
  return {
    element: element("div", { class: "sl-contrast" },
      line, made.look, made.sheet, made.summary, made.change.element),
    question: ask,
    draw: (answer, theme) => draw(view, made, answer, theme),
  };
}

function question({ pair }) {
  return pair === null ? {} : { a: pair[0], b: pair[1] };
}

/** Choosing for one side what stands on the other changes their places. */
function choose(view, side, k) {
  const pair = [...view.shown];
  if (pair[1 - side] === k) pair[1 - side] = pair[side];
  pair[side] = k;
  view.pair = pair;
  view.context.ask();
}

function pictured() {
  const canvas = element("canvas", { class: "sl-picture", role: "img" });
  const title = element("figcaption");
  return { element: element("figure", { class: "sl-why-figure" }, title, canvas), canvas, title };
}

function draw(view, made, answer, theme) {
  const data = view.context.data();
  const { class_names: names, a, b, kind } = answer;
  view.shown = [a, b];
  const pair = { a: names[a], b: names[b] };
  setText(made.why, word(data, "contrast_why"));
  setText(made.not, word(data, "contrast_not"));
  setText(made.end, word(data, "contrast_ask"));
  setText(made.auto, word(data, "contrast_auto"));
  setAttribute(made.auto, "hidden", !view.pair);
  made.a.show(names, a, word(data, "contrast_a"));
  made.b.show(names, b, word(data, "contrast_b"));
  setText(made.look, word(data, kind === "hidden" ? "contrast_look_hidden" : "contrast_look", pair));
  drawPictures(made, data, answer, theme);
  const labels = [word(data, "contrast_for", { name: pair.a }), word(data, "contrast_for", { name: pair.b }),
    word(data, kind === "hidden" ? "missed" : "bias"), word(data, "contrast_total", pair)];
  made.sum.show(labels.map((label, i) => (
    { label, text: answer.account[i], amount: answer.amounts[i] })));
  writeShare(made, data, answer);
  made.scale.show(data, answer.limit, {
    pro: word(data, "contrast_scale_a", { name: pair.a, limit: twoDigits(answer.limit) }),
    against: word(data, "contrast_scale_b", { name: pair.b, limit: twoDigits(answer.limit) }),
  });
  setText(made.summary, answer.summary);
  made.save.show(data);
  made.change.show(data, answer, theme);
}

function drawPictures(made, data, answer, theme) {
  const { image_shape: shape } = answer;
  [[made.every, "contrast_every"], [made.decided, "contrast_decided"]].forEach(([one, title], i) => {
    setText(one.title, word(data, title));
    fit(one.canvas, Math.min(SIZE, (made.sheet.clientWidth - GAP) / 2), shape);
    paintSigned(one.canvas, part(answer.pictures, i, shape[0] * shape[1]), shape, theme);
    setAttribute(one.canvas, "aria-label", answer.summary);
  });
}

function writeShare(made, data, answer) {
  const { n_deciding: n, n_inked: inked, share, regions, class_names: names, a } = answer;
  setText(made.share, n ? word(data, "contrast_share", { n, inked, share, a: names[a] }) : "");
  made.regions.replaceChildren(...regions.map((region) => (
    element("li", {}, word(data, "contrast_place", region)))));
}
