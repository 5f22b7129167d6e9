// The two buttons above the charts: keep this run, and more on the chart.

import { say } from "./dynamics_words.js";
import { element, setAttribute, setText } from "./element.js";

/**
 * @param {() => void} keep called when the run is to stay on the chart
 * @param {(open: boolean) => void} more called when more is to be shown, or no longer
 * @returns {{element: HTMLElement, show: (data: Object, frame: Object) => void}}
 */
export function chartTools(keep, more) {
  const keeper = element("button", { type: "button", class: "sl-tool", "data-testid": "keep" });
  const opener = element("button", { type: "button", class: "sl-tool", "aria-expanded": "false" });
  keeper.addEventListener("click", () => keeper.getAttribute("aria-disabled") !== "true" && keep());
  opener.addEventListener("click", () => {
    const open = opener.getAttribute("aria-expanded") !== "true";
    setAttribute(opener, "aria-expanded", String(open));
    more(open);
  });
  const show = (data, frame) => {
    const [isEmpty, isFull] = [!frame.curve_step?.length, (data.kept ?? []).length >= data.most_kept];
    const why = isFull ? say(data, "keep_full", { most: data.most_kept }) : say(data, "keep_none");
    setAttribute(keeper, "hidden", !data.can_keep);
    setText(keeper, say(data, "keep"));
    setAttribute(keeper, "aria-disabled", String(isEmpty || isFull));
    setAttribute(keeper, "title", isEmpty || isFull ? why : say(data, "keep_help"));
    setText(opener, say(data, "more"));
  };
  return { element: element("div", { class: "sl-tools" }, keeper, opener), show };
}
