// The ruler under the learning rate's slider: where the edge of stability is, and what lies beyond.

import { say } from "./dynamics_words.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber, setting, twoDigits } from "./format.js";
import { hurry, subscribe } from "./frames.js";
import { mounted } from "./mounted.js";
import { redrawer } from "./redraw.js";
import { linkStyle } from "./style.js";

const DECADES = [0.001, 0.01, 0.1, 1, 10];

/** Called by Streamlit with {data: {token, rates, rate}, parentElement}. */
export default mounted(build);

function build() {
  linkStyle("dynamics");
  const view = { component: null, token: null, frame: {}, forget: () => {} };
  view.zone = element("i", { class: "sl-edge-zone" });
  view.mark = element("i", { class: "sl-edge-mark" });
  view.rate = element("i", { class: "sl-edge-rate" });
  view.ticks = element("div", { class: "sl-edge-ticks" });
  view.ruler = element("div", { class: "sl-edge-ruler", role: "img", "data-testid": "edge" },
    element("div", { class: "sl-edge-track" }, view.zone, view.mark, view.rate), view.ticks);
  view.text = element("p", { class: "sl-summary" });
  view.root = element("div", { class: "sl-root sl-edge" }, view.ruler, view.text);
  view.redraw = redrawer(view.root, () => draw(view));
  const stop = () => {
    view.forget();
    view.redraw.stop();
  };
  return { element: view.root, update: (component) => update(view, component), stop };
}

function update(view, component) {
  const moved = view.component && view.component.data.rate !== component.data.rate;
  view.component = component;
  const { token } = component.data;
  if (moved) hurry(token); // the slider alone was drawn again: nothing else tells the live view
  if (view.token !== token) {
    view.forget();
    Object.assign(view, { token, frame: {} });
    view.forget = subscribe(token, (frame) => {
      view.frame = frame;
      view.redraw.request();
    });
  }
  view.redraw.request();
}

function draw(view) {
  const { component: { data }, frame } = view;
  setAttribute(view.root, "hidden", frame.has_edge === false);
  const rate = data.rate;
  const sentence = sentenceOf(data, frame, rate);
  setText(view.text, sentence);
  setAttribute(view.ruler, "aria-label", say(data, "ruler_label", { sentence }));
  setAttribute(view.ruler, "data-edge", isNumber(frame.edge) ? frame.edge : "");
  place(view.rate, placeOf(data.rates, rate));
  const known = isNumber(frame.edge);
  for (const part of [view.zone, view.mark]) setAttribute(part, "hidden", !known);
  if (known) {
    const at = placeOf(data.rates, frame.edge);
    place(view.mark, at);
    view.zone.style.left = `${100 * at}%`;
  }
  drawTicks(view, data.rates);
}

/** What is true of this rate at the weights on screen. */
function sentenceOf(data, frame, rate) {
  if (!isNumber(frame.edge)) return say(data, frame.edge_flat ? "edge_flat" : "edge_unknown");
  const values = {
    edge: twoDigits(frame.edge), times: twoDigits(rate / frame.edge),
    rate: setting(rate), step: count(frame.shown_step),
  };
  const key = rate > frame.edge ? "edge_above" : "edge_below";
  return say(data, frame.pinned ? `${key}_then` : key, values);
}

/**
 * Where a rate stands along the slider, which has its choices at equal distances.
 * @param {number[]} rates the slider's choices, rising
 * @param {number} rate
 * @returns {number} in [0, 1]; what is beyond an end is at that end
 */
export function placeOf(rates, rate) {
  const last = rates.length - 1;
  if (rate <= rates[0]) return 0;
  if (rate >= rates[last]) return 1;
  const i = rates.findIndex((each) => each > rate) - 1;
  const share = Math.log(rate / rates[i]) / Math.log(rates[i + 1] / rates[i]);
  return (i + share) / last;
}

function place(part, at) {
  part.style.left = `${100 * at}%`;
}

function drawTicks(view, rates) {
  const key = rates.join();
  if (view.ticked === key) return;
  view.ticked = key;
  const shown = DECADES.filter((rate) => rate >= rates[0] && rate <= rates[rates.length - 1]);
  view.ticks.replaceChildren(...shown.map((rate) => {
    const tick = element("span", {}, String(rate));
    place(tick, placeOf(rates, rate));
    return tick;
  }));
}
