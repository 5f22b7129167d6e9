// Evidence: ten pictures of weight times ink, one class's account in full, and its softmax.

import { element, setAttribute, setText } from "./element.js";
import { twoDigits } from "./format.js";
import { account } from "./why_account.js";
import { classRow, fit, paintSigned, part, scaleBar } from "./why_pictures.js";
import { saveLink } from "./why_save.js";
import { softmaxTable } from "./why_softmax.js";
import { unitList } from "./why_units.js";
import { word } from "./words.js";

const LARGE = 252;

/**
 * @param {{data: () => Object, ask: () => void}} context of the page
 * @returns {{element: HTMLElement, question: () => Object, draw: Function}}
 */
export function evidence(context) {
  const view = { context, k: null };
  const made = {
    look: element("p", { class: "sl-why-look" }),
    row: classRow((k) => pick(view, k)),
    scale: scaleBar(),
    heading: element("h3", { class: "sl-why-heading" }),
    large: element("canvas", { class: "sl-picture", role: "img" }),
    sum: account(),
    softmax: softmaxTable(),
    units: unitList(),
    summary: element("p", { class: "sl-summary", "data-testid": "why-summary" }),
    save: saveLink(context, () => question(view), "evidence"),
  };
  made.middle = element("div", { class: "sl-why-sum" },
    made.heading, made.sum.element, made.units.element);
  made.side = element("div", { class: "sl-why-softmax" }, made.softmax.element);
  made.sheet = element("div", { class: "sl-why-sheet" },
    element("figure", { class: "sl-why-large" }, made.large), made.middle, made.side);
  const root = element("div", { class: "sl-evidence" },
    made.look, made.row.element, made.scale.element, made.sheet);
  return {
    element: root,
    question: () => question(view),
    draw: (answer, theme) => draw(made, context.data(), answer, theme),
  };
}

function question({ k }) {
  return k === null ? {} : { k };
}

function pick(view, k) {
  view.k = k;
  view.context.ask();
}

function draw(made, data, answer, theme) {
  const { class_names: names, image_shape: shape, k, kind, logits } = answer;
  const look = word(data, kind === "hidden" ? "evidence_look_hidden" : "evidence_look");
  setText(made.look, kind === "relu" ? `${look} ${word(data, "evidence_look_relu")}` : look);
  const labels = names.map((name, i) => word(data, "evidence_pick", { name, logit: logits[i] }));
  made.row.show({
    names, shape, labels, values: logits, pictures: answer.pictures, chosen: k, marked: answer.prediction,
  }, theme);
  made.scale.show(data, answer.limit);
  drawChosen(made, data, answer, theme);
  made.softmax.show(data, answer);
  made.units.show(data, answer, theme);
  setText(made.summary, answer.summary);
  made.save.show(data);
  // Where there is room: beside the hidden units, or where these would be.
  const place = kind === "hidden" ? made.side : made.middle;
  if (made.summary.parentElement !== place) place.append(made.summary, made.save.element);
}

function drawChosen(made, data, answer, theme) {
  const { class_names: names, image_shape: shape, k } = answer;
  const room = Math.min(LARGE, made.sheet.clientWidth);
  fit(made.large, room, shape);
  paintSigned(made.large, part(answer.pictures, k, shape[0] * shape[1]), shape, theme);
  const said = word(data, "evidence_of", { name: names[k] });
  setText(made.heading, said);
  const rest = answer.kind === "hidden" ? "missed" : "bias";
  const labels = [word(data, "ink_for"), word(data, "ink_against"), word(data, rest),
    word(data, "logit_of", { name: names[k] })];
  made.sum.show(labels.map((label, i) => (
    { label, text: answer.account[i], amount: answer.amounts[i] })));
  setAttribute(made.large, "aria-label",
    `${said}: ${labels.map((label, i) => `${label} ${answer.account[i]}`).join(", ")}`);
  setAttribute(made.large, "data-limit", twoDigits(answer.limit));
}
