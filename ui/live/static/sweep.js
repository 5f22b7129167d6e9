// The section Sweep: its progress, the curves or the map, what they say, and opening a run of it.

import { labAddress } from "./address.js";
import { sharpContext } from "./chart.js";
import { element, setAttribute, setText } from "./element.js";
import { hurry, subscribe } from "./frames.js";
import { mounted } from "./mounted.js";
import { redrawer } from "./redraw.js";
import { teller } from "./settled.js";
import { linkStyle } from "./style.js";
import { question } from "./sweep_ask.js";
import { drawSweep } from "./sweep_chart.js";
import { drawMap } from "./sweep_map.js";
import { picker } from "./sweep_pick.js";
import { runAt, runFacts, runName } from "./sweep_runs.js";
import { say } from "./sweep_words.js";

const HEIGHT = 470;
const MAP_ROW = 64;
const MAP_REST = 108;
const SWEEP = {
  address: (token, frame) => labAddress("sweep", { t: token, v: frame?.version ?? -1, s: frame?.run_step ?? -1 }),
  merge: (held, { header, arrays }) => ({ ...header, ...arrays, ready: true }),
};

/**
 * Called by Streamlit with {data: {token, running, version, note, rates, own_rate}, parentElement,
 * setTriggerValue}.
 */
export default mounted(build);

function build() {
  linkStyle("sweep");
  const view = { component: null, token: null, frame: {}, forget: () => {}, tell: teller(), plotted: null };
  view.parts = parts(view);
  view.pick = picker(view.parts.canvas, {
    placeAt: (x, y) => view.plotted?.placeAt(x, y) ?? null,
    size: () => (view.frame.rate ? [view.frame.batches.length, view.frame.rate.length] : [0, 0]),
    first: () => view.frame.best_cell ?? [0, view.frame.best?.[0] ?? view.frame.rate.length >> 1],
    onMove: () => view.redraw.request(),
    onAsk: (place, byTouch) => ask(view, place, byTouch),
  });
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  const stop = () => {
    view.forget();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: (component) => update(view, component), stop };
}

function parts(view) {
  const made = {
    message: element("p", { class: "sl-message", role: "status", hidden: true }),
    fill: element("span", { class: "sl-bar-fill" }),
    canvas: element("canvas", { class: "sl-curve", role: "img", tabindex: 0, "data-testid": "sweep-chart" }),
    invite: element("div", { class: "sl-invite" }, element("strong"), element("span")),
    summary: element("p", { class: "sl-sweep-says", "data-testid": "sweep-summary" }),
    how: element("p", { class: "sl-summary" }),
    said: element("span", { class: "sl-hidden", "aria-live": "polite" }),
  };
  made.bar = element("div", { class: "sl-progress", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 }, made.fill);
  made.question = question((place) => open(view, place), () => made.canvas.focus());
  made.root = element("div", { class: "sl-root sl-sweep", "data-testid": "sweep", role: "group" },
    made.message, made.summary, made.bar, element("div", { class: "sl-stage" }, made.canvas, made.invite),
    made.question.element, made.how, made.said);
  return made;
}

function update(view, component) {
  view.component = component;
  const { data } = component;
  setAttribute(view.parts.root, "aria-label", say(data, "sweep_label"));
  if (view.token !== data.token) follow(view, data.token);
  else {
    view.tell(view.frame, component);
    if (view.token) hurry(view.token);
  }
  view.redraw.request();
}

function follow(view, token) {
  view.forget();
  view.parts.question.close();
  Object.assign(view, { token, frame: {}, tell: teller(), forget: () => {} });
  if (!token) return;
  view.forget = subscribe(token, (frame) => {
    view.frame = frame;
    publish(view.parts.root, frame);
    view.tell(frame, view.component);
    view.redraw.request();
  }, SWEEP);
}

function publish(root, frame) {
  setAttribute(root, "data-status", frame.gone ? "gone" : frame.status ?? "");
  setAttribute(root, "data-progress", frame.progress ?? "");
  setAttribute(root, "data-rows", frame.batches?.length ?? "");
  setAttribute(root, "data-measured", frame.phase ? frame.phase.filter((phase) => phase > 0).length : 0);
}

/** A run that has made no step is nothing that could be lost; a finger may only have wanted to look. */
function ask(view, place, byTouch) {
  const { frame, parts: made, component } = view;
  if (frame.run_step > 0 || byTouch) made.question.ask(component.data, frame, place);
  else open(view, place);
}

function open(view, place) {
  view.component.setTriggerValue("open", place);
}

function draw(view, theme) {
  const { component: { data }, frame, parts: made } = view;
  const message = messageOf(data, frame);
  setText(made.message, message);
  setAttribute(made.message, "hidden", !message);
  const running = frame.status === "running";
  made.bar.style.visibility = running ? "visible" : "hidden";
  setAttribute(made.bar, "aria-label", say(data, "progress"));
  setAttribute(made.bar, "aria-valuenow", Math.round(100 * (frame.progress ?? 0)));
  made.fill.style.transform = `scaleX(${frame.progress ?? 0})`;
  setText(made.summary, frame.sentence ?? say(data, "intro"));
  setAttribute(made.invite, "hidden", Boolean(frame.rate));
  setText(made.invite.firstChild, say(data, "invite"));
  setText(made.invite.lastChild, say(data, "invite_more"));
  const isMap = frame.batches?.length > 1;
  setText(made.how, frame.rate ? say(data, isMap ? "how_map" : "how") : "");
  setAttribute(made.canvas, "aria-label", `${say(data, isMap ? "map_label" : "chart_label")}. ${frame.sentence ?? ""}`);
  picture(view, theme, isMap);
  speak(view);
}

function picture(view, theme, isMap) {
  const { component: { data }, frame, parts: { canvas } } = view;
  const width = canvas.parentElement.clientWidth;
  if (width < 120) return;
  const height = isMap ? MAP_REST + MAP_ROW * frame.batches.length : HEIGHT;
  canvas.style.height = `${height}px`;
  const context = sharpContext(canvas, width, height);
  const shown = { data, frame, place: view.pick.place() };
  view.plotted = (isMap ? drawMap : drawSweep)(context, { width, height }, theme, shown);
}

/** What the keyboard has reached, for whoever does not see it. */
function speak({ component: { data }, frame, parts: made, pick }) {
  const place = pick.place();
  if (!place || !frame.rate || !pick.byKey()) return;
  const run = runAt(frame, ...place);
  setText(made.said, [runName(data, frame, run), ...runFacts(data, run)].join(", "));
}

function messageOf(data, frame) {
  if (frame.gone) return say(data, "gone");
  if (frame.offline) return say(data, "offline");
  return frame.message || data.note || "";
}
