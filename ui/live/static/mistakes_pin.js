// Which step's weights are shown: following the run, or pinned at one of the steps that were kept.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { say } from "./mistakes_words.js";
import { stepSlider } from "./past_slider.js";

/**
 * @param {(step: number|null) => void} look called to show a step's weights; null follows the run
 * @returns {{element: HTMLElement, show: (data: Object, judged: Object|null, late: boolean) => void}}
 */
export function pinBar(look) {
  const bar = { pinned: false, judged: 0 };
  const made = {
    slider: stepSlider(look, "sl-pin-range"),
    step: element("strong", { class: "sl-pin-step" }),
    state: element("span", { class: "sl-pin-state" }),
    button: element("button", { type: "button", class: "sl-button" }),
    figures: element("span", { class: "sl-pin-figures", role: "status" }),
  };
  // What is on screen is pinned, and not what the run has come to meanwhile.
  made.button.addEventListener("click", () => look(bar.pinned ? null : bar.judged));
  const root = element("div", { class: "sl-pin" },
    element("div", { class: "sl-pin-where" }, made.step, made.state),
    made.slider.element, made.button, made.figures);
  return { element: root, show: (data, judged, late) => show(bar, made, { data, judged, late }) };
}

function show(bar, made, { data, judged, late }) {
  setText(made.figures, figures(data, judged));
  setAttribute(made.button, "disabled", !judged);
  const { snapshot_steps: steps = [], pinned = false, shown_step: shown = 0 } = judged ?? {};
  const label = say(data, "pin_label");
  if (!judged) {
    made.slider.show({ steps, pinned, shown }, { label, text: "" });
    return;
  }
  const step = judged.judged ? judged.step : shown;
  Object.assign(bar, { pinned, judged: step });
  const text = say(data, "pin_step", { step: count(step) });
  setText(made.step, text);
  setText(made.state, stateOf(data, judged, late));
  setText(made.button, say(data, judged.pinned ? "pin_follow" : "pin_here"));
  made.slider.show({ steps, pinned, shown }, { label, text });
}

function stateOf(data, judged, late) {
  if (late) return say(data, "pin_late", { shown: count(judged.shown_step) });
  if (judged.pinned) return say(data, "pin_pinned", { newest: count(judged.newest_step) });
  return say(data, "pin_follows");
}

function figures(data, judged) {
  if (!judged?.judged) return say(data, "pin_waiting");
  const { right, n } = judged;
  if (judged.seen) return say(data, "pin_seen", { wrong: count(n - right), n: count(n) });
  return say(data, "pin_score", { right: count(right), n: count(n), share: percent(n ? right / n : null) });
}
