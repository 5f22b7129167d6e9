// One picture of learned weights per class: blue for the class, orange against it.

import { element, setAttribute, setText } from "./element.js";
import { count, isNumber, twoDigits } from "./format.js";
import { subscribe } from "./frames.js";
import { fittedGrid } from "./grid.js";
import { mounted } from "./mounted.js";
import { divergingPixels } from "./palette.js";
import { redrawer } from "./redraw.js";
import { word } from "./words.js";

/** Called by Streamlit with {data: {token}, parentElement}. */
export default mounted(build);

function build() {
  const view = { data: {}, token: null, frame: {}, cells: [], drawn: {}, forget: () => {} };
  view.parts = parts();
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  const stop = () => {
    view.forget();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: ({ data }) => update(view, data), stop };
}

function parts() {
  const made = {
    grid: element("div", { class: "sl-pictures" }),
    against: element("span", { class: "sl-against" }),
    zero: element("span", { class: "sl-zero" }),
    pro: element("span", { class: "sl-for" }),
    caption: element("p", { class: "sl-summary" }),
    dead: element("p", { class: "sl-dead-line", role: "status", hidden: true }),
  };
  made.scale = element("div", { class: "sl-scale", role: "img", style: "visibility: hidden" },
    made.against,
    element("span", { class: "sl-ramp" }, made.zero),
    made.pro);
  made.root = element("div", { class: "sl-root", "data-testid": "pictures", role: "group" },
    made.grid, made.dead, made.scale, made.caption);
  return made;
}

function update(view, data) {
  view.data = data;
  setAttribute(view.parts.root, "aria-label", word(data, "pictures_label"));
  if (view.token !== data.token) {
    view.forget();
    Object.assign(view, { token: data.token, frame: {}, drawn: {} });
    view.forget = subscribe(data.token, (frame) => {
      view.frame = frame;
      view.redraw.request();
    });
  }
  view.redraw.request();
}

function draw(view, theme) {
  const { frame, drawn } = view;
  if (!frame.weights) return;
  if (view.cells.length !== frame.class_names.length) makeCells(view);
  fit(view);
  if (drawn.weights !== frame.weights || drawn.theme !== theme) paintAll(view, divergingPixels(theme));
  Object.assign(drawn, { weights: frame.weights, theme });
  view.cells.forEach((cell, i) => label(cell, i, view));
  writeScale(view);
  writeDead(view);
}

function makeCells(view) {
  view.cells = view.frame.class_names.map(() => {
    const canvas = element("canvas", { class: "sl-picture", role: "img" });
    const name = element("figcaption");
    return { canvas, name, figure: element("figure", {}, canvas, name) };
  });
  view.parts.grid.replaceChildren(...view.cells.map((cell) => cell.figure));
  view.drawn = {};
}

function fit({ parts: { grid }, cells, frame }) {
  const [rows, columns] = frame.image_shape;
  const fitted = fittedGrid(cells.length, grid.clientWidth, columns);
  grid.style.gridTemplateColumns = `repeat(${fitted.columns}, minmax(0, 1fr))`;
  for (const { canvas } of cells) {
    canvas.style.width = `${fitted.size}px`;
    canvas.style.height = `${(fitted.size * rows) / columns}px`;
  }
}

function paintAll({ cells, frame }, colours) {
  const [height, width] = frame.image_shape;
  const bytes = new Uint8Array(frame.weights.buffer, frame.weights.byteOffset, frame.weights.length);
  cells.forEach(({ canvas }, i) => {
    const image = new ImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let p = 0; p < pixels.length; p += 1) pixels[p] = colours[bytes[i * pixels.length + p]];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.getContext("2d").putImageData(image, 0, 0);
  });
}

function label({ canvas, name, figure }, i, { data, frame }) {
  const chosen = Boolean(frame.has_drawing) && frame.prediction === i;
  const className = frame.class_names[i];
  const since = deadIn(frame).find(({ index }) => index === i)?.since_step;
  const isDead = since !== undefined;
  figure.classList.toggle("sl-chosen", chosen);
  figure.classList.toggle("sl-dead", isDead);
  setText(name, isDead ? word(data, "dead", { name: className }) : className);
  setAttribute(name, "title", className);
  const key = chosen ? "picture_predicted" : isDead ? "picture_dead" : "picture_of";
  setAttribute(canvas, "aria-label", word(data, key, { name: className, step: count(since) }));
}

function deadIn(frame) {
  return frame.dead ?? [];
}

/** Which classes no picture can raise any more, and since when: beside their pictures, in words. */
function writeDead({ parts, data, frame }) {
  const dead = deadIn(frame).map(({ index, since_step: step }) => (
    { name: frame.class_names[index], step: count(step) }));
  const list = dead.map((one) => word(data, "dead_since", one)).join(", ");
  const text = dead.length === 1 ? word(data, "dead_one", dead[0]) : word(data, "dead_many", { list });
  setText(parts.dead, dead.length ? text : "");
  setAttribute(parts.dead, "hidden", !dead.length);
  setAttribute(parts.root, "data-dead", deadIn(frame).map(({ index }) => index).join(","));
}

function writeScale({ parts, data, frame }) {
  const learned = isNumber(frame.weight_limit) && frame.weight_limit > 0;
  const limit = twoDigits(learned ? frame.weight_limit : 0);
  setText(parts.against, word(data, "scale_against", { limit }));
  setText(parts.zero, word(data, "scale_zero"));
  setText(parts.pro, word(data, "scale_for", { limit }));
  setAttribute(parts.scale, "aria-label", word(data, "scale_label", { limit }));
  parts.scale.style.visibility = learned ? "" : "hidden";
  const look = word(data, learned ? "pictures_look" : "pictures_empty");
  setText(parts.caption, [frame.weights_caption, look].filter(Boolean).join(" "));
}
