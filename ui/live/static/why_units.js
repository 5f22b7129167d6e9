// The hidden units that mattered most for one class, each with what it found in the ink.

import { element, setAttribute, setText } from "./element.js";
import { twoDigits } from "./format.js";
import { fit, paintSigned, part } from "./why_pictures.js";
import { word } from "./words.js";

const SIZE = 56;

/** @returns {{element: HTMLElement, show: (data: Object, answer: Object, theme: Object) => void}} */
export function unitList() {
  const title = element("h4", { class: "sl-why-subheading" });
  const list = element("div", { class: "sl-why-units" });
  const how = element("p", { class: "sl-summary" });
  const made = element("div", { hidden: true, "data-testid": "units" }, title, list, how);
  const show = (data, answer, theme) => {
    const { units, class_names: names, k } = answer;
    setAttribute(made, "hidden", !units);
    if (!units) return;
    setText(title, word(data, "units_title", { name: names[k] }));
    if (list.children.length !== units.length) list.replaceChildren(...units.map(makeUnit));
    units.forEach((unit, i) => showUnit(list.children[i], data, [unit, i], answer, theme));
    setText(how, word(data, "units_how", {
      parts: units.map(({ part: added }) => added).join(" "),
      rest: answer.units_rest, bias: answer.units_bias, logit: answer.account.at(-1),
      low: `−${twoDigits(answer.unit_limit)}`, high: `+${twoDigits(answer.unit_limit)}`,
    }));
  };
  return { element: made, show };
}

function makeUnit() {
  return element("figure", {}, element("canvas", { class: "sl-picture", role: "img" }),
    element("figcaption"), element("span", { class: "sl-number" }));
}

function showUnit(figure, data, [unit, i], answer, theme) {
  const [canvas, name, value] = figure.children;
  const { image_shape: shape } = answer;
  fit(canvas, SIZE, shape);
  paintSigned(canvas, part(answer.unit_pictures, i, shape[0] * shape[1]), shape, theme);
  setAttribute(canvas, "aria-label", word(data, "unit_label", unit));
  setText(name, word(data, "unit", unit));
  setText(value, unit.part);
  value.className = `sl-number ${unit.part.startsWith("−") ? "sl-against" : "sl-for"}`;
}
