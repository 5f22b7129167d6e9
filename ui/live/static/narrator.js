// What the curves did and why, in words under the charts; the server chooses them by rules.

import { element, setAttribute, setText } from "./element.js";

const BETWEEN = 2000;

/**
 * The sentences in sight follow the run. A screen reader hears them when they begin to be about
 * something else and when the run comes to rest: numbers that change all the time are no news.
 * @returns {{element: HTMLElement, show: (frame: Object) => void}}
 */
export function narrator() {
  const text = element("p", { class: "sl-narrator", "data-testid": "narrator" });
  const said = element("span", { class: "sl-hidden", role: "status", "aria-live": "polite" });
  const heard = { about: null, when: -BETWEEN, first: true };
  const show = (frame) => {
    // A run that had to stop says so above the charts already.
    const narration = frame.status === "stopped" ? "" : frame.narration ?? "";
    setText(text, narration);
    setAttribute(text, "data-kinds", (frame.narration_kinds ?? []).join(" "));
    if (frame.ready) tell(said, heard, frame, narration);
  };
  return { element: element("div", {}, text, said), show };
}

function tell(said, heard, { narration_kinds: kinds, status }, narration) {
  const about = `${status} ${kinds}`;
  if (heard.about === about || performance.now() - heard.when < BETWEEN) return;
  const isFirst = heard.about === null; // the page is being read from its top as it is
  Object.assign(heard, { about, when: performance.now() });
  if (!isFirst) setText(said, narration);
}
