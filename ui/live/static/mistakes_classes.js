// How much of each class is read right, as bars; a bar is also the switch of its line in the chart.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { say } from "./mistakes_words.js";

const MANY = 20;
const LONGEST = 12;

/**
 * @param {(index: number) => void} choose called with the class whose bar is pressed
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, judged: Object,
 *   course: {isDrawn: (index: number) => boolean,
 *   styleOf: (index: number) => {color: string, dash: number[]}}) => void}}
 */
export function classesView(choose) {
  const made = {
    title: element("h3", { class: "sl-title" }),
    list: element("ul", { class: "sl-class-bars", "data-testid": "class-bars" }),
    summary: element("p", { class: "sl-summary" }),
    how: element("p", { class: "sl-summary" }),
  };
  const view = { made, names: "", bars: [], choose };
  const root = element("section", {}, made.title, made.how, made.list, made.summary);
  return {
    element: root, draw: (theme, data, judged, course) => draw(view, theme, data, judged, course),
  };
}

function draw(view, theme, data, judged, course) {
  const { made } = view;
  const names = judged.class_names;
  setText(made.title, say(data, "classes_title"));
  setText(made.how, say(data, "classes_choose"));
  if (view.names !== names.join("\n")) fill(view, names);
  if (!judged.judged) return;
  const classes = names.map((name, k) => ({ name, ...rightOf(judged, k) }));
  classes.forEach((one, k) => write(view.bars[k], data, one, course.isDrawn(k), course.styleOf(k)));
  setText(made.summary, summary(data, classes));
}

function fill(view, names) {
  const { list } = view.made;
  view.names = names.join("\n");
  view.bars = names.map((_, k) => makeBar(() => view.choose(k)));
  list.replaceChildren(...view.bars.map(({ item }) => item));
  list.classList.toggle("sl-many", names.length > MANY);
  const longest = Math.min(Math.max(...names.map((name) => name.length)), LONGEST);
  list.style.setProperty("--sl-name", `${longest + 1}ch`);
}

function makeBar(choose) {
  const bar = {
    line: element("span", { class: "sl-line", "aria-hidden": "true" }),
    name: element("span", { class: "sl-class-name" }),
    fill: element("span", { class: "sl-bar-fill" }),
    share: element("strong"),
    of: element("span", { class: "sl-of" }),
  };
  bar.button = element("button", { type: "button" },
    bar.line, bar.name, element("span", { class: "sl-bar-track" }, bar.fill), bar.share, bar.of);
  bar.button.addEventListener("click", choose);
  bar.item = element("li", {}, bar.button);
  return bar;
}

function write(bar, data, { name, right, n }, isDrawn, { color, dash }) {
  const share = n ? right / n : null;
  setText(bar.name, name);
  setText(bar.share, percent(share));
  setText(bar.of, say(data, "classes_of", { right: count(right), n: count(n) }));
  bar.fill.style.transform = `scaleX(${share ?? 0})`;
  bar.line.style.borderTopColor = isDrawn ? color : "transparent";
  bar.line.style.borderTopStyle = dash.length ? (dash[0] < 4 ? "dotted" : "dashed") : "solid";
  setAttribute(bar.button, "aria-pressed", String(isDrawn));
  const values = { name, right: count(right), n: count(n) };
  setAttribute(bar.button, "aria-label", `${say(data, "classes_note", values)}: ${percent(share)}`);
}

/** How many of a class there are, and how many of them are read right. */
function rightOf({ counts, class_names: { length: n } }, k) {
  const row = counts.subarray(k * n, (k + 1) * n);
  return { right: row[k], n: row.reduce((sum, number) => sum + number, 0) };
}

function summary(data, classes) {
  const known = classes.filter(({ n }) => n > 0).map((one) => ({ ...one, share: one.right / one.n }));
  if (!known.length) return "";
  const [best, worst] = [Math.max, Math.min].map((extreme) => {
    const share = extreme(...known.map((one) => one.share));
    return known.find((one) => one.share === share);
  });
  return say(data, "classes_best", {
    best: best.name, best_share: percent(best.share),
    worst: worst.name, worst_share: percent(worst.share),
  });
}
