// One horizontal bar per class: its name, its probability, the winner marked.

import { element, setAttribute, setText } from "./element.js";
import { percent } from "./format.js";
import { word } from "./words.js";

const MANY = 12;
const LONGEST = 12;

/**
 * @returns {{element: HTMLElement, show: (data: Object, names: string[], verdict: Object|null) => void}}
 */
export function barList() {
  const list = element("ol", { class: "sl-bars" });
  let bars = [];
  const show = (data, names, verdict) => {
    setAttribute(list, "aria-label", word(data, "bars_label"));
    if (bars.length !== names.length) {
      bars = names.map(makeBar);
      list.replaceChildren(...bars.map((bar) => bar.row));
      list.classList.toggle("sl-many", names.length > MANY);
      // Short names leave room for the bars beside what the model sees.
      list.parentElement?.classList.toggle("sl-beside", longest(names) <= 2 && names.length <= MANY);
      list.style.setProperty("--sl-name", `${Math.min(longest(names), LONGEST) + 3}ch`);
    }
    bars.forEach((bar, i) => fill(bar, data, names[i], verdict, i));
  };
  return { element: list, show };
}

function makeBar() {
  const bar = {
    name: element("span", { class: "sl-bar-name" }),
    fill: element("span", { class: "sl-bar-fill" }),
    value: element("span", { class: "sl-bar-value" }),
  };
  bar.row = element("li", {}, bar.name, element("span", { class: "sl-bar-track" }, bar.fill), bar.value);
  return bar;
}

function fill(bar, data, name, verdict, i) {
  const share = verdict?.probabilities[i] ?? 0;
  setText(bar.name, String(name));
  setAttribute(bar.name, "title", String(name));
  setText(bar.value, verdict ? percent(share) : "");
  const spoken = verdict ? word(data, "bar_of", { name, percent: percent(share) }) : null;
  setAttribute(bar.row, "aria-label", spoken);
  bar.row.classList.toggle("sl-winner", verdict?.prediction === i);
  bar.fill.style.transform = `scaleX(${Math.min(Math.max(share, 0), 1)})`;
}

function longest(names) {
  return Math.max(1, ...names.map((name) => String(name).length));
}
