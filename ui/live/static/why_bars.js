// Probabilities as bars, with a mark where each was before.

import { element, setAttribute, setText } from "./element.js";
import { percent } from "./format.js";

const MANY = 12;
const LONGEST = 12;

/**
 * @returns {{element: HTMLElement, show: (given: {names: string[], after: Float32Array,
 *   before: Float32Array|null, prediction: number, label: string,
 *   say: (values: Object) => string}) => void}}
 */
export function markedBars() {
  const list = element("ol", { class: "sl-bars sl-why-bars" });
  let bars = [];
  const show = (given) => {
    const { names } = given;
    setAttribute(list, "aria-label", given.label);
    if (bars.length !== names.length) {
      bars = names.map(makeBar);
      list.replaceChildren(...bars.map(({ row }) => row));
      list.classList.toggle("sl-many", names.length > MANY);
      const longest = Math.max(1, ...names.map((name) => String(name).length));
      list.style.setProperty("--sl-name", `${Math.min(longest, LONGEST) + 3}ch`);
    }
    bars.forEach((bar, k) => fill(bar, given, k));
  };
  return { element: list, show };
}

function makeBar() {
  const bar = {
    name: element("span", { class: "sl-bar-name" }),
    fill: element("span", { class: "sl-bar-fill" }),
    mark: element("span", { class: "sl-bar-mark" }),
    value: element("span", { class: "sl-bar-value" }),
  };
  bar.row = element("li", {}, bar.name,
    element("span", { class: "sl-bar-track sl-marked-track" }, bar.fill, bar.mark), bar.value);
  return bar;
}

function fill(bar, { names, after, before, prediction, say }, k) {
  setText(bar.name, String(names[k]));
  setAttribute(bar.name, "title", String(names[k]));
  setText(bar.value, percent(after[k]));
  bar.fill.style.transform = `scaleX(${after[k]})`;
  setAttribute(bar.mark, "hidden", !before);
  if (before) bar.mark.style.left = `${100 * before[k]}%`;
  bar.row.classList.toggle("sl-winner", k === prediction);
  setAttribute(bar.row, "data-probability", after[k]);
  setAttribute(bar.row, "aria-label", say(
    { name: names[k], after: percent(after[k]), before: before ? percent(before[k]) : "" }));
}
