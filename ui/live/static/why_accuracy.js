// The whole test set nudged like the picture: asked of a worker when the hand rests.

import { labAddress } from "./address.js";
import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { word } from "./words.js";

const REST = 150;
const LOOK = 200;
const WHILE_TRAINING = 2000;

/**
 * @param {{data: () => Object, redraw: () => void}} context of the page
 * @param {() => Object} nudge as the sliders stand
 * @returns {{element: HTMLElement, moved: () => void, hear: (answer: Object) => void,
 *   show: (data: Object, answer: Object) => void, stop: () => void}}
 */
export function testAccuracy(context, nudge) {
  const state = { context, nudge, turn: 0, timer: 0, found: null, of: "", working: false, doneAt: 0, text: "" };
  const made = parts();
  return {
    element: made.root,
    moved: () => moved(state),
    hear: (answer) => hear(state, answer),
    show: (data, answer) => show(made, state, data, answer),
    stop: () => forget(state),
  };
}

function parts() {
  const made = {
    title: element("h3", { class: "sl-why-heading" }),
    before: line("plain"),
    after: line("nudged"),
    fell: element("p", { class: "sl-why-fell", role: "status" }),
    progress: element("div", { class: "sl-working", hidden: true }, element("span")),
    note: element("p", { class: "sl-summary" }),
  };
  made.root = element("div", { class: "sl-why-accuracy", "data-testid": "nudged-accuracy" },
    made.title, made.before.element, made.after.element, made.fell, made.progress, made.note);
  return made;
}

function line(kind) {
  const name = element("span");
  const value = element("strong", { class: `sl-big sl-${kind}` });
  const fill = element("span", { class: "sl-bar-fill" });
  return {
    element: element("div", { class: "sl-why-share-line" }, name, value,
      element("span", { class: "sl-bar-track" }, fill)),
    name, value, fill,
  };
}

function moved(state) {
  forget(state);
  Object.assign(state, { found: null, working: true, text: "" });
  state.timer = setTimeout(() => measure(state), REST);
}

/** Newer weights are measured as well, but not at every step of a run. */
function hear(state, answer) {
  const of = `${answer.generation} ${answer.step} ${answer.edits}`;
  if (of === state.of) return;
  state.of = of;
  if (!answer.is_nudged || state.timer) return;
  const wait = answer.running ? Math.max(REST, state.doneAt + WHILE_TRAINING - performance.now()) : REST;
  const { turn } = state;
  state.timer = setTimeout(() => turn === state.turn && measure(state), wait);
}

function forget(state) {
  state.turn += 1;
  clearTimeout(state.timer);
  state.timer = 0;
}

async function measure(state) {
  const { turn } = state;
  const nudge = state.nudge();
  const query = { t: state.context.data().token, section: "nudge", ...nudge };
  const answer = isNothing(nudge) ? { state: "nothing" }
    : await fetch(labAddress("why/accuracy", query), { cache: "no-store" })
      .then((response) => (response.status === 410 ? { state: "nothing" } : response.json()))
      .catch(() => ({ state: "working" }));
  if (turn !== state.turn) return; // the hand has moved on
  if (answer.state === "working") {
    state.working = true;
    state.timer = setTimeout(() => measure(state), LOOK);
  } else {
    const found = answer.state === "done" ? answer : null;
    Object.assign(state, {
      found, working: false, timer: 0, doneAt: performance.now(), text: answer.text ?? answer.error ?? "",
    });
  }
  state.context.redraw();
}

function isNothing({ down, right, scale, thickness, tilt, invert }) {
  return !down && !right && scale === 1 && !thickness && !tilt && !invert;
}

function show(made, { found, working, text }, data, answer) {
  const plain = found?.plain ?? answer.accuracy;
  const title = answer.has_seen_test_set ? "nudge_seen" : "nudge_test";
  setText(made.title, word(data, title, { n: count(answer.n_test) }));
  write(made.before, word(data, "nudge_plain"), plain);
  write(made.after, word(data, "nudge_after"), found?.nudged ?? null);
  const points = found ? 100 * (found.nudged - found.plain) : 0;
  const signed = `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
  setText(made.fell, found ? word(data, "nudge_fell", { points: signed })
    : text || word(data, working ? "nudge_measuring" : "nudge_move"));
  setAttribute(made.progress, "hidden", !working);
  setText(made.note, answer.has_seen_test_set ? word(data, "why_seen") : "");
  setAttribute(made.root, "data-plain", plain);
  setAttribute(made.root, "data-nudged", found?.nudged ?? "");
  setAttribute(made.root, "data-state", working ? "working" : found ? "done" : "");
}

function write({ name, value, fill }, label, share) {
  setText(name, label);
  setText(value, percent(share));
  fill.style.transform = `scaleX(${share ?? 0})`;
}
