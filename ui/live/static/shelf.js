// The drawings that were added to the training pictures: how each was read before, and is read now.

import { element, setAttribute, setText } from "./element.js";
import { percent } from "./format.js";
import { subscribe } from "./frames.js";
import { mounted } from "./mounted.js";
import { paintDigit } from "./paint_digit.js";
import { redrawer } from "./redraw.js";
import { taughtDigit } from "./taught.js";
import { word } from "./words.js";

/** Called by Streamlit with {data: {token, taught_before}, parentElement, setTriggerValue}. */
export default mounted(build);

function build() {
  const view = { component: null, token: null, frame: {}, shown: "", cards: [], forget: () => {} };
  view.list = element("ul", { class: "sl-shelf" });
  view.root = element("div", { class: "sl-root", "data-testid": "shelf" }, view.list);
  view.redraw = redrawer(view.root, () => draw(view));
  const stop = () => {
    view.forget();
    view.redraw.stop();
  };
  return { element: view.root, update: (component) => update(view, component), stop };
}

function update(view, component) {
  view.component = component;
  const { data } = component;
  setAttribute(view.list, "aria-label", word(data, "shelf_label"));
  if (view.token !== data.token) {
    view.forget();
    Object.assign(view, { token: data.token, frame: {}, shown: "" });
    view.forget = subscribe(data.token, (frame) => {
      view.frame = frame;
      view.redraw.request();
    });
  }
  view.redraw.request();
}

function draw(view) {
  const taught = view.frame.taught ?? [];
  const shown = taught.map(({ id, name }) => `${id} ${name}`).join();
  if (shown !== view.shown) fill(view, taught);
  view.shown = shown;
  taught.forEach((drawing, i) => write(view.cards[i], view.component.data, drawing));
}

function fill(view, taught) {
  view.cards = taught.map((drawing, i) => card(view, drawing, i));
  view.list.replaceChildren(...view.cards.map(({ row }) => row));
}

function card(view, drawing, i) {
  const { data } = view.component;
  const canvas = element("canvas", {
    role: "img", "aria-label": word(data, "shelf_picture", { name: drawing.name }),
  });
  paintDigit(canvas, taughtDigit(view.frame, i), view.frame.image_shape);
  const label = word(data, "shelf_remove", { name: drawing.name });
  const remove = element("button", { type: "button", "aria-label": label, title: label }, "×");
  remove.addEventListener("click", () => view.component.setTriggerValue("removed", drawing.id));
  const made = { name: element("strong"), change: element("span"), read: element("span") };
  const words = element("div", {}, made.name, made.change, made.read);
  return { ...made, row: element("li", {}, canvas, words, remove) };
}

function write(made, data, { id, name, now, read_as: readAs }) {
  const before = data.taught_before?.[id];
  setText(made.name, word(data, "shelf_name", { name }));
  setText(made.change, before === undefined
    ? word(data, "shelf_now", { now: percent(now) })
    : word(data, "shelf_change", { before: percent(before), now: percent(now) }));
  setText(made.read, word(data, "shelf_read", { name: readAs }));
}
