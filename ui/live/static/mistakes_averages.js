// The average picture of each class, its weights, and the average of what is wrongly taken for it.

import { labAddress } from "./address.js";
import { element, setAttribute, setText } from "./element.js";
import { isNumber, twoDigits } from "./format.js";
import { divergingPixels } from "./palette.js";
import { inkPixels } from "./shades.js";
import { pictureSize } from "./test_pictures.js";
import { say } from "./mistakes_words.js";

const AGAIN = 200;
const LARGEST = 112;
const FEW = 10;
const COLUMNS_OF_MANY = 6;
const PHONE = 560;
const PHONE_COLUMNS = 2;
const GAP = 8;

/**
 * @param {() => void} redraw asks for a new drawing
 * @returns {{element: HTMLElement, draw: (theme: Object, data: Object, frame: Object,
 *   judged: Object|null) => void}}
 */
export function averagesView(redraw) {
  const view = { of: "", means: null, cells: [], names: "", drawn: {}, redraw, made: parts() };
  return {
    element: view.made.root,
    draw: (theme, data, frame, judged) => draw(view, theme, data, frame, judged),
  };
}

function parts() {
  const made = {
    title: element("h3", { class: "sl-title" }),
    grid: element("div", { class: "sl-averages", "data-testid": "averages" }),
    low: element("span"),
    high: element("span"),
    against: element("span", { class: "sl-against" }),
    pro: element("span", { class: "sl-for" }),
    summary: element("p", { class: "sl-summary" }),
  };
  const zero = element("span", { class: "sl-zero" }, "0");
  made.ink = element("div", { class: "sl-scale", role: "img" },
    made.low, element("span", { class: "sl-ramp sl-ink-ramp" }), made.high);
  made.scale = element("div", { class: "sl-scale", role: "img" },
    made.against, element("span", { class: "sl-ramp" }, zero), made.pro);
  made.root = element("section", {}, made.title, made.summary, made.grid,
    element("div", { class: "sl-scales" }, made.ink, made.scale));
  return made;
}

function draw(view, theme, data, frame, judged) {
  const { made } = view;
  setText(made.title, say(data, "averages_title"));
  if (!frame.weights || frame.gone) return;
  const names = frame.class_names;
  getMeans(view, data.token, `${data.token} ${frame.dataset_title} ${names.join(" ")}`);
  if (view.names !== names.join("\n")) fill(view, names);
  const columns = fit(view, frame.image_shape);
  const look = say(data, columns.beside ? "averages_look_beside" : "averages_look");
  // Through a hidden layer what is shown as weights is a product, and only part of the truth.
  setText(made.summary, frame.network === "mlp" ? `${look} ${frame.weights_caption}` : look);
  paint(view, theme, frame, judged);
  view.cells.forEach((cell, k) => {
    setAttribute(cell.mean, "aria-label", say(data, "averages_mean", { name: names[k] }));
    setAttribute(cell.weights, "aria-label", say(data, "averages_weights", { name: names[k] }));
    setAttribute(cell.mistaken, "aria-label", say(data, "averages_mistaken", { name: names[k] }));
  });
  writeScales(made, data, frame);
}

function writeScales(made, data, { weight_limit: known }) {
  const limit = twoDigits(isNumber(known) ? known : 0);
  setText(made.low, say(data, "averages_ink_low"));
  setText(made.high, say(data, "averages_ink_high"));
  setAttribute(made.ink, "aria-label", say(data, "averages_ink"));
  setText(made.against, say(data, "averages_against", { limit }));
  setText(made.pro, say(data, "averages_for", { limit }));
  setAttribute(made.scale, "aria-label", say(data, "averages_scale", { limit }));
}

/** They are the data set's own and do not change: asked for once. */
async function getMeans(view, token, of) {
  if (view.of === of) return;
  Object.assign(view, { of, means: null, drawn: {} });
  while (view.of === of && !view.means) {
    const response = await fetch(labAddress("averages", { t: token }), { cache: "no-store" })
      .catch(() => null);
    if (response?.status === 200) view.means = new Uint8Array(await response.arrayBuffer());
    else if (response && response.status !== 202) return;
    else await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
  }
  view.redraw();
}

function fill(view, names) {
  view.names = names.join("\n");
  view.cells = names.map((name) => {
    const made = ["mean", "weights", "mistaken"].map(
      (kind) => element("canvas", { class: "sl-picture", role: "img", "data-kind": kind }));
    const [mean, weights, mistaken] = made;
    const figure = element("figure", {},
      element("figcaption", { title: name }, name), element("div", { class: "sl-pair" }, ...made));
    return { mean, weights, mistaken, figure };
  });
  view.made.grid.replaceChildren(...view.cells.map(({ figure }) => figure));
  view.drawn = {};
}

/** Ten classes stand in one row where there is room; else a class's three stand side by side. */
function fit({ made: { grid }, cells }, shape) {
  const room = grid.clientWidth;
  const beside = room < PHONE || cells.length > FEW;
  const wide = cells.length <= FEW ? FEW : COLUMNS_OF_MANY;
  const columns = room < PHONE ? PHONE_COLUMNS : wide;
  const each = (room + GAP) / columns - GAP;
  const size = pictureSize(shape, Math.min(beside ? each / 3 - 2 : each, LARGEST));
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  grid.classList.toggle("sl-side", beside);
  for (const { mean, weights, mistaken } of cells) {
    for (const canvas of [mean, weights, mistaken]) Object.assign(canvas.style, size);
  }
  return { beside };
}

function paint(view, theme, frame, judged) {
  const { drawn } = view;
  const ink = () => inkPixels(theme);
  if (drawn.theme !== theme) Object.assign(drawn, { theme, mean: null, weights: null, mistaken: null });
  paintAll(view, "mean", frame.image_shape, view.means, ink);
  paintAll(view, "mistaken", frame.image_shape, judged?.mistaken, ink);
  paintAll(view, "weights", frame.image_shape, frame.weights, () => divergingPixels(theme));
}

/** Paint one picture of every class, unless these very bytes are there already. */
function paintAll({ drawn, cells }, kind, shape, values, colours) {
  const size = shape[0] * shape[1];
  if (values?.length !== size * cells.length || drawn[kind] === values) return;
  drawn[kind] = values;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
  const made = colours();
  cells.forEach((cell, k) => paintOne(cell[kind], shape, made, bytes, k * size));
}

function paintOne(canvas, [height, width], colours, bytes, from) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let p = 0; p < pixels.length; p += 1) pixels[p] = colours[bytes[from + p]];
  canvas.getContext("2d").putImageData(image, 0, 0);
}
