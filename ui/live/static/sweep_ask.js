// The question before a run of a sweep takes the place of the one in the Lab.

import { element, setText } from "./element.js";
import { count } from "./format.js";
import { runAt, runName } from "./sweep_runs.js";
import { say } from "./sweep_words.js";

/**
 * @param {(place: number[]) => void} onOpen
 * @param {() => void} onClose where the focus goes back to
 * @returns {{element: HTMLElement, ask: Function, close: () => void}} ask takes (data, frame, place)
 */
export function question(onOpen, onClose) {
  const text = element("span", { "data-testid": "sweep-question" });
  const yes = element("button", { type: "button", class: "sl-button sl-button-strong" });
  const no = element("button", { type: "button", class: "sl-button" });
  const box = element("div", { class: "sl-sweep-ask", role: "alertdialog", hidden: true }, text, yes, no);
  let place = null;
  const close = (back) => {
    if (box.hidden) return;
    box.hidden = true;
    if (back) onClose();
  };
  yes.addEventListener("click", () => {
    close(false);
    onOpen(place);
  });
  no.addEventListener("click", () => close(true));
  box.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
  const ask = (data, frame, asked) => {
    place = asked;
    const run = runName(data, frame, runAt(frame, ...asked));
    const key = frame.run_step > 0 ? "ask_trained" : "ask";
    setText(text, say(data, key, { run, step: count(frame.run_step) }));
    setText(yes, say(data, "open"));
    setText(no, say(data, frame.run_step > 0 ? "stay" : "not_now"));
    box.setAttribute("aria-label", text.textContent);
    box.hidden = false;
    yes.focus();
  };
  return { element: box, ask, close: () => close(false) };
}
