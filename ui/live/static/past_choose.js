// Choosing a step on a chart: a click on a spike, Enter at the step read out, or a second tap on it.

const REACH = 3;
const TAP_REACH = 24;

/**
 * @param {HTMLCanvasElement} canvas of the chart
 * @param {{area: Object|null, plotted: Object|null, cursor: number|null}} view of the chart
 * @param {(step: number) => void} choose
 */
export function listenForSteps(canvas, view, choose) {
  let cursorBefore = null;
  // Before the chart's own listener moves the cursor under the finger.
  canvas.addEventListener("pointerdown", () => { cursorBefore = view.cursor; }, { capture: true });
  canvas.addEventListener("click", (event) => {
    const x = event.clientX - canvas.getBoundingClientRect().left;
    const step = spikeAt(view, x);
    if (step === null) return;
    if (event.pointerType !== "touch") choose(step);
    else if (cursorBefore !== null && Math.abs(view.area.x(cursorBefore) - x) <= TAP_REACH) choose(cursorBefore);
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || view.cursor === null) return;
    event.preventDefault();
    choose(view.cursor);
  });
}

/** The step that sticks out most among those under the pointer: of the loss the highest. */
function spikeAt({ area, plotted }, x) {
  if (!area || !plotted?.steps.length || x < area.left - 4 || x > area.right + 8) return null;
  const { steps, raw, band } = plotted;
  const height = (i) => (band ? band.high[i] : -raw[i]);
  let [best, nearest] = [null, 0];
  for (let i = 0; i < steps.length; i += 1) {
    const away = Math.abs(area.x(steps[i]) - x);
    if (away < Math.abs(area.x(steps[nearest]) - x)) nearest = i;
    if (away <= REACH && (best === null || !(height(i) <= height(best)))) best = i;
  }
  return steps[best ?? nearest];
}
