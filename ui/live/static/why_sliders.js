// The sliders of a nudge, as the browser makes them, with their values in words.

import { element, setAttribute, setText } from "./element.js";
import { word } from "./words.js";

const SMALL = 16;

/**
 * @param {() => void} onMove
 * @returns {{element: HTMLElement, nudge: () => Object, show: (data: Object, shape: number[]) => void,
 *   slide: (place: {right: number, down: number}) => void}}
 *   nudge gives the query {down, right, scale, thickness, tilt, invert}
 */
export function sliders(onMove) {
  const inputs = new Map(["right", "down", "scale", "thickness", "tilt"].map(
    (name) => [name, slider(name, onMove)]));
  const invert = element("input", { type: "checkbox", "data-testid": "nudge-invert" });
  const invertText = element("span");
  const reset = element("button", { type: "button", class: "sl-button" });
  invert.addEventListener("change", onMove);
  reset.addEventListener("click", () => {
    for (const [name, { input }] of inputs) input.value = name === "scale" ? 100 : 0;
    invert.checked = false;
    onMove();
  });
  const made = element("div", { class: "sl-sliders" }, ...[...inputs.values()].map(({ row }) => row),
    element("div", { class: "sl-sliders-end" },
      element("label", { class: "sl-check" }, invert, invertText), reset));
  const show = (data, shape) => {
    for (const [name, one] of inputs) showSlider(one, name, data, shape);
    setText(invertText, word(data, "nudge_invert"));
    setText(reset, word(data, "nudge_reset"));
  };
  // The browser keeps a value within its slider's range and on its steps.
  const slide = (place) => {
    for (const name of ["right", "down"]) inputs.get(name).input.value = place[name];
    onMove();
  };
  return { element: made, nudge: () => nudge(inputs, invert), show, slide };
}

function nudge(inputs, invert) {
  const value = (name) => Number(inputs.get(name).input.value);
  return {
    down: value("down"), right: value("right"), scale: value("scale") / 100,
    thickness: value("thickness"), tilt: value("tilt"), invert: Number(invert.checked),
  };
}

function slider(name, onMove) {
  const start = name === "scale" ? 100 : 0;
  const made = {
    input: element("input", { type: "range", value: start, "data-testid": `nudge-${name}` }),
    label: element("span"),
    value: element("output"),
  };
  made.row = element("label", { class: "sl-slider" }, made.label, made.input, made.value);
  made.input.addEventListener("input", onMove);
  // Back to the middle with a double click, as sliders of instruments do.
  made.input.addEventListener("dblclick", () => {
    made.input.value = start;
    onMove();
  });
  return made;
}

/** A slide goes as far as two sevenths of the picture; the rest is of any picture. */
function ranges(shape) {
  const side = Math.max(...shape);
  const slide = Math.round((2 * side) / 7);
  const thick = side < SMALL ? 1 : 2;
  return {
    right: [-slide, slide, 0.5], down: [-slide, slide, 0.5], scale: [50, 150, 5],
    thickness: [-thick, thick, 0.25], tilt: [-45, 45, 5],
  };
}

function showSlider({ input, label, value }, name, data, shape) {
  const [min, max, step] = ranges(shape)[name];
  setAttribute(input, "min", min);
  setAttribute(input, "max", max);
  setAttribute(input, "step", step);
  setText(label, word(data, `nudge_${name}`));
  const text = valueInWords(name, Number(input.value), data);
  setText(value, text);
  setAttribute(input, "aria-valuetext", text);
}

function valueInWords(name, value, data) {
  const signed = `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value)}`;
  if (name === "scale") return word(data, "nudge_percent", { n: value });
  return word(data, name === "tilt" ? "nudge_degrees" : "nudge_pixels", { n: signed });
}
