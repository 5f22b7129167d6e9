// A row of buttons of which one is chosen, for keyboards a group of radio buttons.

import { element, setAttribute, setText } from "./element.js";

/**
 * @param {string[]} values
 * @param {(value: string) => void} onChoose
 * @returns {{element: HTMLElement, show: (texts: Object) => void}} show takes {label, chosen,
 *   text: (value) => string, help?: (value) => string}
 */
export function choice(values, onChoose) {
  const buttons = values.map((value) => element("button", { type: "button", role: "radio", "data-value": value }));
  const group = element("div", { class: "sl-choice", role: "radiogroup" }, ...buttons);
  buttons.forEach((button, i) => {
    button.addEventListener("click", () => onChoose(values[i]));
    button.addEventListener("keydown", (event) => {
      const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!move) return;
      event.preventDefault();
      const next = (i + move + values.length) % values.length;
      buttons[next].focus();
      onChoose(values[next]);
    });
  });
  const show = ({ label, chosen, text, help }) => {
    setAttribute(group, "aria-label", label);
    buttons.forEach((button, i) => {
      setText(button, text(values[i]));
      setAttribute(button, "title", help?.(values[i]));
      setAttribute(button, "aria-checked", String(values[i] === chosen));
      setAttribute(button, "tabindex", values[i] === chosen ? 0 : -1);
    });
  };
  return { element: group, show };
}
