// A brush that rubs out pixels of a picture: with the pointer, a finger, or the keyboard.

import { element, setAttribute } from "./element.js";

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const LEAP = 4;

/**
 * @param {{changed: () => void, erased: (mask: Uint8Array) => void}} ears `changed` when there is
 *   something to draw, `erased` when a stroke has ended
 * @returns {{element: HTMLElement, canvas: HTMLCanvasElement, mask: () => Uint8Array|null,
 *   show: (given: {shape: number[], size: number, enabled: boolean, label: string}) => void,
 *   clear: () => void}} mask holds the pixels of the stroke that is being drawn
 */
export function brush(ears) {
  const state = { ears, shape: [1, 1], size: 3, enabled: false, at: null, mask: null, last: null, drawing: false };
  const canvas = element("canvas", { class: "sl-picture sl-brushed", "data-testid": "brush" });
  const ring = element("span", { class: "sl-ring", hidden: true, "aria-hidden": "true" });
  const frame = element("div", { class: "sl-brush" }, canvas, ring);
  Object.assign(state, { canvas, ring });
  listen(state);
  const show = (given) => {
    Object.assign(state, given);
    setAttribute(canvas, "tabindex", given.enabled ? 0 : null);
    setAttribute(canvas, "role", given.enabled ? "application" : "img");
    setAttribute(canvas, "aria-label", given.label);
    canvas.classList.toggle("sl-enabled", given.enabled);
    placeRing(state);
  };
  const clear = () => {
    if (!state.drawing) state.mask = null;
  };
  return { element: frame, canvas, mask: () => state.mask, show, clear };
}

function listen(state) {
  const { canvas } = state;
  canvas.addEventListener("pointerdown", (event) => begin(state, event));
  canvas.addEventListener("pointermove", (event) => move(state, event));
  canvas.addEventListener("pointerup", () => end(state));
  canvas.addEventListener("pointercancel", () => end(state));
  canvas.addEventListener("pointerleave", () => leave(state));
  canvas.addEventListener("keydown", (event) => key(state, event));
  canvas.addEventListener("focus", () => focus(state));
  canvas.addEventListener("blur", () => leave(state));
}

function begin(state, event) {
  if (!state.enabled || event.button > 0) return;
  state.canvas.setPointerCapture(event.pointerId);
  state.last = state.at = place(state, event);
  state.drawing = true;
  stamp(state, state.at);
}

function move(state, event) {
  if (!state.enabled) return;
  state.at = place(state, event);
  placeRing(state);
  if (!state.drawing) return;
  const [from, to] = [state.last, state.at];
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  for (let i = 1; i <= steps; i += 1) {
    stamp(state, from.map((value, axis) => value + ((to[axis] - value) * i) / steps));
  }
  state.last = to;
}

function end(state) {
  if (!state.drawing) return;
  state.drawing = false;
  if (state.mask?.some(Boolean)) state.ears.erased(state.mask);
}

function leave(state) {
  if (state.drawing) return;
  state.at = null;
  placeRing(state);
}

function focus(state) {
  state.at ??= state.shape.map((length) => length / 2);
  placeRing(state);
}

function key(state, event) {
  if (!state.enabled || event.altKey || event.ctrlKey || event.metaKey) return;
  const arrow = ARROWS[event.key];
  if (!arrow && event.key !== " " && event.key !== "Enter") return;
  event.preventDefault(); // neither the page's scrolling nor another key's meaning
  focus(state);
  if (arrow) {
    const far = event.shiftKey ? LEAP : 1;
    state.at = state.at.map((value, axis) => (
      Math.min(Math.max(value + far * arrow[axis], 0.5), state.shape[axis] - 0.5)));
    placeRing(state);
  } else if (!event.repeat) {
    state.drawing = true;
    stamp(state, state.at);
    end(state);
  }
}

/** Row and column in the picture's own pixels. */
function place({ canvas, shape }, event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientY - box.top) / box.height) * shape[0],
    ((event.clientX - box.left) / box.width) * shape[1]];
}

/** Rub out what lies under a round brush. */
function stamp(state, [row, column]) {
  const [height, width] = state.shape;
  state.mask ??= new Uint8Array(height * width);
  const radius = state.size / 2;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (Math.hypot(y + 0.5 - row, x + 0.5 - column) <= radius) state.mask[y * width + x] = 1;
    }
  }
  state.ears.changed();
}

function placeRing({ ring, canvas, at, shape, size, enabled }) {
  setAttribute(ring, "hidden", !at || !enabled);
  if (!at) return;
  const scale = canvas.clientWidth / shape[1];
  ring.style.width = ring.style.height = `${size * scale}px`;
  ring.style.left = `${at[1] * scale}px`;
  ring.style.top = `${at[0] * scale}px`;
}
