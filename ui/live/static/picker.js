// Test pictures to choose from, where drawing by hand makes no sense or no pen is at hand.

import { labAddress } from "./address.js";
import { element, setAttribute, setText } from "./element.js";
import { mounted } from "./mounted.js";
import { word } from "./words.js";

/**
 * Called by Streamlit with {data: {token, version, chosen, indices, names, image_shape, pixels,
 * words?}, parentElement}; `chosen` is the picture the model reads, as of `version` of the run.
 */
export default mounted(build);

function build() {
  const view = { data: {}, shown: "", version: null, posts: 0 };
  view.hint = element("p", { class: "sl-hint-line" });
  view.grid = element("div", { class: "sl-picker", role: "group" });
  view.truth = element("p", { class: "sl-hint-line", role: "status" });
  view.root = element("div", { class: "sl-root" }, view.hint, view.grid, view.truth);
  return { element: view.root, update: ({ data }) => update(view, data), stop: () => {} };
}

function update(view, data) {
  view.data = data;
  setText(view.hint, word(data, "pick_hint"));
  setAttribute(view.grid, "aria-label", word(data, "picker_label"));
  const shown = `${data.token} ${data.indices}`;
  const isOther = shown !== view.shown;
  if (isOther) fill(view, data);
  // Data seen before, or sent while a click is on its way, may be older than that click.
  const isNews = data.version !== view.version && view.posts === 0;
  if (isOther || isNews) mark(view, data.chosen);
  Object.assign(view, { shown, version: data.version });
}

function fill(view, data) {
  const pixels = Uint8Array.from(atob(data.pixels), (letter) => letter.charCodeAt(0));
  const size = data.image_shape[0] * data.image_shape[1];
  view.grid.replaceChildren(
    ...data.indices.map((index, i) => button(view, i, pixels.subarray(i * size, (i + 1) * size))));
}

function button(view, i, pixels) {
  const { data } = view;
  const canvas = element("canvas", { width: data.image_shape[1], height: data.image_shape[0] });
  paint(canvas, pixels);
  const label = word(data, "pick", { name: data.names[i] });
  const made = element("button", { type: "button", "aria-label": label, title: label }, canvas);
  made.dataset.index = data.indices[i];
  made.addEventListener("click", () => choose(view, data.indices[i]));
  return made;
}

function paint(canvas, pixels) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  pixels.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  context.putImageData(image, 0, 0);
}

/** A click shows at once; if the server does not take it, the picture it reads is marked again. */
async function choose(view, index) {
  const { token } = view.data;
  mark(view, index);
  view.posts += 1;
  const taken = await fetch(labAddress("picture", { t: token, i: index }), { method: "POST" })
    .then((response) => response.ok, () => false);
  view.posts -= 1;
  if (view.posts > 0 || view.data.token !== token || !view.data.indices.includes(index)) return;
  if (taken) view.data = { ...view.data, chosen: index };
  else mark(view, view.data.chosen);
}

function mark(view, index) {
  const name = view.data.names[view.data.indices.indexOf(index)];
  setText(view.truth, word(view.data, "pick_truth", { name }));
  for (const made of view.grid.children) {
    setAttribute(made, "aria-pressed", String(Number(made.dataset.index) === index));
  }
}
