// The nearest picture that is read as another class: before, the change, after.

import { element, setAttribute, setText } from "./element.js";
import { fit, paintSigned, part, scaleBar } from "./why_pictures.js";
import { saveLink } from "./why_save.js";
import { word } from "./words.js";

const SIZE = 168;
const GAP = 24; // between two pictures

/**
 * @param {{data: () => Object}} context of the page
 * @param {() => Object} question
 * @returns {{element: HTMLElement, show: (data: Object, answer: Object, theme: Object) => void}}
 */
export function smallestChange(context, question) {
  const made = {
    title: element("h3", { class: "sl-why-heading" }),
    pictures: Array.from({ length: 3 }, pictured),
    read: [element("tbody"), element("thead")],
    scale: scaleBar(),
    edge: element("p", { class: "sl-summary" }),
    summary: element("p", { class: "sl-summary", "data-testid": "change-summary" }),
    save: saveLink(context, question, "change"),
  };
  made.table = element("table", { class: "sl-softmax", "data-testid": "change" },
    made.read[1], made.read[0]);
  made.sheet = element("div", { class: "sl-why-sheet" },
    ...made.pictures.map((picture) => picture.element),
    element("div", { class: "sl-why-beside" },
      made.table, made.edge, made.scale.element, made.summary, made.save.element));
  made.none = element("p", { class: "sl-summary", hidden: true });
  made.root = element("section", { class: "sl-why-change" }, made.title, made.sheet, made.none);
  return { element: made.root, show: (data, answer, theme) => show(made, data, answer, theme) };
}

function pictured() {
  const canvas = element("canvas", { class: "sl-picture", role: "img" });
  const title = element("figcaption");
  return { element: element("figure", { class: "sl-why-figure" }, title, canvas), canvas, title };
}

function show(made, data, answer, theme) {
  const { change, class_names: names, a, b, prediction } = answer;
  const wanted = change ? change.wanted : prediction === b ? a : b;
  setText(made.title, word(data, "change_title", { name: names[wanted] }));
  setAttribute(made.sheet, "hidden", !change);
  setAttribute(made.none, "hidden", Boolean(change));
  setText(made.none, change ? "" : answer.no_change);
  setAttribute(made.root, "data-prediction", change ? names[change.prediction] : "");
  if (!change) return;
  drawPictures(made, data, answer, theme);
  writeTable(made.read, data, answer);
  const [one, other] = change.after; // a third class may have been in the way
  setText(made.edge, one === other ? word(data, "change_edge") : "");
  made.scale.show(data, 1, { against: word(data, "change_less"), pro: word(data, "change_more") });
  setText(made.summary, change.summary);
  made.save.show(data);
}

function drawPictures(made, data, { change, class_names: names, image_shape: shape, ...answer }, theme) {
  const titles = [
    word(data, "change_before", { name: names[change.present] }),
    word(data, change.factor > 1 ? "change_step_times" : "change_step", { factor: change.factor }),
    word(data, "change_after", { name: names[change.prediction] }),
  ];
  made.pictures.forEach(({ canvas, title }, i) => {
    setText(title, titles[i]);
    fit(canvas, Math.min(SIZE, (made.sheet.clientWidth - 2 * GAP) / 3), shape);
    paintSigned(canvas, part(answer.change_pictures, i, shape[0] * shape[1]), shape, theme);
    setAttribute(canvas, "aria-label", titles[i]);
  });
}

/** How both classes are read, before and after. */
function writeTable([body, head], data, { change, class_names: names }) {
  const lines = [
    ["", word(data, "nudge_before"), word(data, "change_step_done")],
    [names[change.present], change.before[0], change.after[0]],
    [names[change.wanted], change.before[1], change.after[1]],
  ];
  head.replaceChildren(element("tr", {}, ...lines[0].map((text) => element("th", { scope: "col" }, text))));
  body.replaceChildren(...lines.slice(1).map(([name, before, after]) => element("tr", {},
    element("th", { scope: "row" }, name),
    element("td", { class: "sl-number" }, before), element("td", { class: "sl-number" }, after))));
}
