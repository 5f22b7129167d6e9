// A slider over the steps of a run that were kept: one for every page that has one.

import { element, setAttribute } from "./element.js";

const PATIENCE = 1500;

/**
 * @param {(step: number) => void} look called with the step that was chosen
 * @param {string} kind class of the element
 * @returns {{element: HTMLInputElement, show: (state: Object, words: Object) => void}} show takes
 *   {steps, pinned, shown} and {label, text}
 */
export function stepSlider(look, kind) {
  const slider = { steps: [], held: false, wanted: null, until: 0 };
  const range = element("input", { type: "range", min: 0, step: 1, class: kind });
  const chosen = () => slider.steps[Number(range.value)];
  range.addEventListener("input", () => {
    if (chosen() === undefined) return;
    Object.assign(slider, { held: true, wanted: chosen(), until: performance.now() + PATIENCE });
    look(slider.wanted);
  });
  // While it is held, nothing that arrives may move it away from under the finger.
  for (const name of ["change", "blur"]) range.addEventListener(name, () => { slider.held = false; });
  const show = ({ steps, pinned, shown }, { label, text }) => {
    slider.steps = steps;
    setAttribute(range, "aria-label", label);
    setAttribute(range, "disabled", !steps.length);
    setAttribute(range, "max", Math.max(steps.length - 1, 1));
    // Nor back to where it was, before the server has heard of it.
    if ((pinned && shown === slider.wanted) || performance.now() > slider.until) slider.wanted = null;
    if (!slider.held && slider.wanted === null) range.value = place(steps, pinned, shown);
    setAttribute(range, "aria-valuetext", text);
  };
  return { element: range, show };
}

/** Where the thumb stands: at the far end while the run is followed. */
function place(steps, pinned, shown) {
  if (!pinned || !steps.length) return Math.max(steps.length - 1, 1);
  let at = 0;
  while (at + 1 < steps.length && steps[at + 1] <= shown) at += 1;
  return at;
}
