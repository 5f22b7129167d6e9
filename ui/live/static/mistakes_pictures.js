// The pictures behind a cell of the matrix, or the mistakes the model is surest of.

import { labAddress } from "./address.js";
import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { cellSentence } from "./mistakes_matrix.js";
import { say } from "./mistakes_words.js";
import { paintPicture, pictureSize, pictureStore } from "./test_pictures.js";

const ROOM = 84;
const SHORT_NAME = 2;

/**
 * @param {{back: () => void, more: () => void, why: (index: number) => void}} on what the buttons do
 * @param {() => void} redraw asks for a new drawing
 * @returns {{element: HTMLElement, draw: (data: Object, judged: Object, cell: [number, number]|null,
 *   token: string) => void, reveal: () => void}}
 */
export function picturesView(on, redraw) {
  const view = { cards: new Map(), data: {}, judged: null, token: null, chosen: null, on, redraw };
  view.store = pictureStore(redraw);
  view.parts = parts(view);
  return {
    element: view.parts.root,
    draw: (data, judged, cell, token) => draw(view, data, judged, cell, token),
    reveal: () => view.parts.title.scrollIntoView({ block: "nearest", behavior: "smooth" }),
  };
}

function parts({ on }) {
  const button = (name, act) => {
    const made = element("button", { type: "button", class: `sl-button ${name}` });
    made.addEventListener("click", act);
    return made;
  };
  const made = {
    title: element("h3", { class: "sl-title", "data-testid": "pictures-title" }),
    note: element("p", { class: "sl-summary" }),
    back: button("sl-back", on.back),
    grid: element("ul", { class: "sl-cards" }),
    more: button("sl-more", on.more),
    chosen: element("span", { role: "status" }),
  };
  made.why = button("sl-why", () => on.why(Number(made.why.dataset.index)));
  made.foot = element("p", { class: "sl-cards-foot" }, made.chosen, made.why);
  made.scroll = element("div", { class: "sl-cards-box" }, made.grid, made.more);
  made.root = element("section", { class: "sl-pictures-section", "data-testid": "listed" },
    element("div", { class: "sl-matrix-head" }, made.title, made.back),
    made.note, made.scroll, made.foot);
  return made;
}

function draw(view, data, judged, cell, token) {
  Object.assign(view, { data, judged, token });
  if (!judged.judged) return;
  const { parts: made } = view;
  const size = judged.image_shape[0] * judged.image_shape[1];
  view.store.use(token, judged.run, size);
  const answered = JSON.stringify(judged.cell) === JSON.stringify(cell);
  made.root.classList.toggle("sl-waiting", !answered);
  if (!answered) return;
  writeHead(view);
  place(view, [...judged.listed_index]);
  const pixels = view.store.get([...judged.listed_index]);
  [...judged.listed_index].forEach((index, i) => write(view, view.cards.get(index), i, pixels));
  const most = Math.min(judged.n_listed, judged.most_listed);
  setAttribute(made.more, "hidden", judged.listed_index.length >= most);
  setText(made.more, say(data, "more"));
  writeChosen(view);
}

function writeHead({ parts: made, data, judged }) {
  const { cell, n_listed: n, listed_index: { length } } = judged;
  const title = cell ? cellSentence(data, judged, cell) : say(data, "surest");
  const key = cell ? "cell_shown" : "surest_of";
  setText(made.title, title);
  const shown = { shown: count(length), n: count(n) };
  setText(made.note, n ? say(data, key, shown) : cell ? "" : say(data, "surest_none"));
  setText(made.back, say(data, "surest_back"));
  setAttribute(made.back, "hidden", !cell);
  setAttribute(made.root, "data-listed", n);
  setAttribute(made.root, "data-cell", cell ? cell.join(".") : "");
}

/** Put the cards in order; one that is there already is kept, with its picture and its focus. */
function place(view, indices) {
  const { grid } = view.parts;
  const wanted = indices.map((index) => cardOf(view, index).item);
  for (const index of [...view.cards.keys()]) {
    if (!indices.includes(index)) {
      view.cards.get(index).item.remove();
      view.cards.delete(index);
    }
  }
  wanted.forEach((item, i) => {
    if (grid.children[i] === item) return;
    const focused = item.contains(document.activeElement) ? document.activeElement : null;
    grid.insertBefore(item, grid.children[i] ?? null);
    focused?.focus({ preventScroll: true });
  });
}

function cardOf(view, index) {
  if (!view.cards.has(index)) view.cards.set(index, makeCard(view, index));
  return view.cards.get(index);
}

function makeCard(view, index) {
  const made = {
    canvas: element("canvas", { class: "sl-picture" }),
    first: element("span"),
    second: element("span"),
    sure: element("span", { class: "sl-sure" }),
    painted: null,
  };
  made.button = element("button", { type: "button", class: "sl-card", "data-index": index },
    made.canvas, made.first, made.second, made.sure);
  made.button.addEventListener("click", () => choose(view, index));
  made.item = element("li", {}, made.button);
  return made;
}

function write(view, card, i, pixels) {
  const { data, judged } = view;
  const names = judged.class_names;
  const index = judged.listed_index[i];
  const values = {
    index,
    true: names[judged.listed_label[i]],
    read: names[judged.listed_prediction[i]],
    share: percent(judged.listed_confidence[i]),
    own: percent(judged.listed_label_probability[i]),
  };
  const isShort = Math.max(values.true.length, values.read.length) <= SHORT_NAME;
  setText(card.first, say(data, isShort ? "card_short" : "card_true", values));
  setText(card.second, isShort ? "" : say(data, "card_read", values));
  setText(card.sure, say(data, "card_sure", values));
  setAttribute(card.button, "aria-label", say(data, "card_label", values));
  setAttribute(card.button, "title", say(data, "card_label", values));
  setAttribute(card.button, "aria-pressed", String(index === chosenOf(view)));
  paint(view, card, pixels.get(index));
}

function paint({ judged }, card, pixels) {
  if (!pixels || card.painted === pixels) return;
  card.painted = pixels;
  paintPicture(card.canvas, pixels, judged.image_shape);
  Object.assign(card.canvas.style, pictureSize(judged.image_shape, ROOM));
}

/** A click shows at once; when the server has taken it, its own word counts again. */
async function choose(view, index) {
  view.chosen = index;
  view.redraw();
  await fetch(labAddress("picture", { t: view.token, i: index }), { method: "POST" }).catch(() => null);
  if (view.chosen === index) view.chosen = null;
  if (view.judged) view.judged.test_picture = index;
  view.redraw();
}

function chosenOf({ chosen, judged }) {
  return chosen ?? judged.test_picture;
}

function writeChosen(view) {
  const { parts: made, data, judged } = view;
  const index = chosenOf(view);
  const at = [...judged.listed_index].indexOf(index);
  setText(made.chosen, at < 0 ? say(data, "pick_one") : say(data, "chosen", { index }));
  setAttribute(made.why, "hidden", at < 0);
  if (at < 0) return;
  made.why.dataset.index = index;
  setText(made.why, say(data, "why", { read: judged.class_names[judged.listed_prediction[at]] }));
}
