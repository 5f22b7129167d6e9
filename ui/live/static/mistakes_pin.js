// Which step's weights are shown: following the run, or pinned at one of the steps that were kept.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { say } from "./mistakes_words.js";

/**
 * @param {(step: number|null) => void} look called to show a step's weights; null follows the run
 * @returns {{element: HTMLElement, show: (data: Object, judged: Object|null, late: boolean) => void}}
 */
export function pinBar(look) {
  const bar = { steps: [], pinned: false, shown: 0, judged: 0, held: false };
  const made = {
    range: element("input", { type: "range", min: 0, step: 1, class: "sl-pin-range" }),
    step: element("strong", { class: "sl-pin-step" }),
    state: element("span", { class: "sl-pin-state" }),
    button: element("button", { type: "button", class: "sl-button" }),
    figures: element("span", { class: "sl-pin-figures", role: "status" }),
  };
  made.range.addEventListener("input", () => {
    bar.held = true;
    const step = bar.steps[Number(made.range.value)];
    if (step !== undefined) look(step);
  });
  // While it is held, nothing that arrives may move it away from under the finger.
  for (const name of ["change", "blur"]) made.range.addEventListener(name, () => { bar.held = false; });
  // What is on screen is pinned, and not what the run has come to meanwhile.
  made.button.addEventListener("click", () => look(bar.pinned ? null : bar.judged));
  const root = element("div", { class: "sl-pin" },
    element("div", { class: "sl-pin-where" }, made.step, made.state),
    made.range, made.button, made.figures);
  return { element: root, show: (data, judged, late) => show(bar, made, { data, judged, late }) };
}

function show(bar, made, { data, judged, late }) {
  setAttribute(made.range, "aria-label", say(data, "pin_label"));
  setText(made.figures, figures(data, judged));
  setAttribute(made.range, "disabled", !judged?.snapshot_steps.length);
  setAttribute(made.button, "disabled", !judged);
  if (!judged) return;
  const { snapshot_steps: steps, pinned, shown_step: shown } = judged;
  const step = judged.judged ? judged.step : shown;
  Object.assign(bar, { steps, pinned, shown, judged: step });
  const text = say(data, "pin_step", { step: count(step) });
  setText(made.step, text);
  setText(made.state, stateOf(data, judged, late));
  setText(made.button, say(data, judged.pinned ? "pin_follow" : "pin_here"));
  setAttribute(made.range, "max", Math.max(bar.steps.length - 1, 1));
  if (!bar.held) made.range.value = place(bar);
  setAttribute(made.range, "aria-valuetext", text);
}

/** Where the thumb stands: at the far end while the run is followed. */
function place({ steps, pinned, shown }) {
  if (!pinned || !steps.length) return Math.max(steps.length - 1, 1);
  let at = 0;
  while (at + 1 < steps.length && steps[at + 1] <= shown) at += 1;
  return at;
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
