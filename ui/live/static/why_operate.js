// Operate: rub out part of a class's weights, swap two classes, and take it back.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { markedBars } from "./why_bars.js";
import { brush } from "./why_brush.js";
import { chooser } from "./why_chooser.js";
import { edits } from "./why_edits.js";
import { classRow, fit, paintSigned, part, scaleBar } from "./why_pictures.js";
import { saveLink } from "./why_save.js";
import { word } from "./words.js";

const LARGE = 308;

/**
 * @param {{data: () => Object, ask: () => void, changed: () => void, redraw: () => void,
 *   say: (sentence: string) => void}} context of the page
 * @returns {{element: HTMLElement, question: () => Object, draw: Function, hear: Function}}
 */
export function operate(context) {
  const view = { context, k: null, answer: null, edits: edits(context), pair: null };
  const made = {
    look: element("p", { class: "sl-why-look" }),
    row: classRow((k) => pick(view, made, k)),
    scale: scaleBar(),
    brush: brush({ changed: () => keep(view), erased: (mask) => erase(view, mask) }),
    size: element("input", { type: "range", min: 1, max: 9, step: 1, value: 5, "data-testid": "brush-size" }),
    sizeText: element("span"),
    keys: element("p", { class: "sl-summary" }),
    summary: element("p", { class: "sl-summary sl-hidden", "data-testid": "why-summary" }),
    save: saveLink(context, () => question(view), "operate"),
    barsTitle: element("h3", { class: "sl-why-heading" }),
    bars: markedBars(),
  };
  made.size.addEventListener("input", context.redraw);
  made.result = result(view);
  made.swap = swapLine(view);
  const under = element("div", { class: "sl-brush-line" },
    element("label", { class: "sl-slider" }, made.sizeText, made.size), made.keys);
  const root = element("div", { class: "sl-operate" }, made.look, made.row.element, made.scale.element,
    element("div", { class: "sl-why-sheet" },
      element("div", { class: "sl-operate-table" }, made.brush.element, under),
      element("div", { class: "sl-operate-result" }, made.result.element, made.swap.element),
      element("div", { class: "sl-nudge-bars" }, made.barsTitle, made.bars.element, made.save.element)),
    made.summary);
  return {
    element: root,
    question: () => question(view),
    hear: (answer) => hear(view, made, answer),
    draw: (answer, theme) => draw(view, made, answer, theme),
  };
}

function question({ k }) {
  return k === null ? {} : { k };
}

function pick(view, made, k) {
  view.k = k;
  made.brush.clear();
  view.context.ask();
}

/** What is operated on stays in front, whatever the model says next. */
function keep(view) {
  view.k ??= view.answer.k;
  view.context.redraw();
}

function erase(view, mask) {
  view.edits.send("erase", { k: view.k }, mask.slice());
}

/** The rubbed-out pixels are the server's own once all edits have been taken. */
function hear(view, made, answer) {
  view.answer = answer;
  if (!view.edits.busy()) made.brush.clear();
}

function result(view) {
  const made = {
    title: element("h3", { class: "sl-why-heading" }),
    before: element("strong", { class: "sl-big" }),
    beforeText: element("span"),
    now: element("strong", { class: "sl-big" }),
    nowText: element("span"),
    of: element("p", { class: "sl-summary" }),
    undo: element("button", { type: "button", class: "sl-button", "data-testid": "undo-edit" }),
  };
  made.undo.addEventListener("click", () => view.edits.send("undo"));
  made.arrow = element("span", { class: "sl-arrow", "aria-hidden": "true" }, "→");
  made.left = element("div", {}, made.before, made.beforeText);
  made.element = element("div", { class: "sl-operate-accuracy", "data-testid": "edited-accuracy", role: "status" },
    made.title,
    element("div", { class: "sl-before-after" }, made.left, made.arrow, element("div", {}, made.now, made.nowText)),
    made.of, made.undo);
  return made;
}

function swapLine(view) {
  const made = {
    a: chooser("swap-a", (k) => { view.pair = [k, made.b.value()]; }),
    b: chooser("swap-b", (k) => { view.pair = [made.a.value(), k]; }),
    and: element("span"),
    button: element("button", { type: "button", class: "sl-button", "data-testid": "swap" }),
  };
  made.button.addEventListener("click", () => (
    view.edits.send("swap", { a: made.a.value(), b: made.b.value() })));
  made.element = element("div", { class: "sl-swap" }, made.button, made.a.element, made.and, made.b.element);
  return made;
}

function draw(view, made, answer, theme) {
  const data = view.context.data();
  const { class_names: names, image_shape: shape, k, can_erase: canErase } = answer;
  setText(made.look, word(data, "operate_look"));
  const labels = names.map((name) => word(data, "operate_pick", { name }));
  made.row.show({
    names, shape, labels, pictures: answer.pictures, chosen: k, marked: answer.prediction,
  }, theme);
  made.scale.show(data, answer.limit);
  drawBrush(made, data, answer, theme);
  setText(made.sizeText, word(data, "operate_size"));
  setAttribute(made.size.parentElement, "hidden", !canErase);
  setText(made.keys, word(data, canErase ? "operate_keys" : "operate_hidden"));
  showResult(made.result, data, answer);
  showSwap(view, made.swap, data, answer);
  setText(made.barsTitle, word(data, "operate_bars"));
  made.bars.show({
    names, before: null, after: answer.probabilities, prediction: answer.prediction,
    label: word(data, "operate_bars"), say: (values) => word(data, "operate_bar", values),
  });
  setText(made.summary, answer.summary);
  made.save.show(data);
}

function drawBrush(made, data, answer, theme) {
  const { image_shape: shape, k, class_names: names, can_erase: enabled } = answer;
  const values = part(answer.pictures, k, shape[0] * shape[1]).slice();
  made.brush.mask()?.forEach((rubbed, i) => { if (rubbed) values[i] = 0; });
  fit(made.brush.canvas, Math.min(LARGE, made.row.element.clientWidth), shape);
  paintSigned(made.brush.canvas, values, shape, theme);
  const label = enabled ? word(data, "operate_brush", { name: names[k] })
    : word(data, "operate_pick", { name: names[k] });
  made.brush.show({ shape, size: Number(made.size.value), enabled, label });
}

function showResult(made, data, { accuracy, untouched, edits: done, n_test: n, ...answer }) {
  setText(made.title, word(data, answer.has_seen_test_set ? "operate_seen" : "operate_accuracy"));
  setAttribute(made.left, "hidden", !done);
  setAttribute(made.arrow, "hidden", !done);
  setText(made.before, percent(untouched));
  setText(made.beforeText, word(data, "operate_untouched"));
  setText(made.now, accuracy === null ? "…" : percent(accuracy));
  setText(made.nowText, word(data, accuracy === null ? "operate_measuring" : done ? "operate_now" : "operate_untouched"));
  const of = word(data, "operate_of", { n: count(n) });
  const heal = done ? word(data, "operate_heal") : "";
  const seen = answer.has_seen_test_set ? word(data, "why_seen") : "";
  setText(made.of, [of, seen, heal].filter(Boolean).join(" · "));
  setText(made.undo, done > 1 ? word(data, "operate_undo_more", { n: done }) : word(data, "operate_undo"));
  setAttribute(made.undo, "disabled", !done);
  setAttribute(made.element, "data-before", untouched ?? "");
  setAttribute(made.element, "data-now", accuracy ?? "");
  setAttribute(made.element, "data-edits", done);
}

/** Until two classes are chosen, the two likeliest stand ready. */
function showSwap(view, made, data, { class_names: names, probabilities }) {
  if (!view.pair || Math.max(...view.pair) >= names.length) {
    const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    view.pair = [order[0], order[1]];
  }
  made.a.show(names, view.pair[0], word(data, "operate_first"));
  made.b.show(names, view.pair[1], word(data, "operate_second"));
  setText(made.and, word(data, "operate_and"));
  setText(made.button, word(data, "operate_swap"));
}
