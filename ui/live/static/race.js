// The page Race: the chart, the table of lanes with the class's bets, and what each has learned.

import { element, setAttribute, setText } from "./element.js";
import { hurry } from "./frames.js";
import { mounted } from "./mounted.js";
import { raceChart } from "./race_chart.js";
import { tally } from "./race_bets.js";
import { followRace } from "./race_feed.js";
import { laneTable } from "./race_lanes.js";
import { laneWeights } from "./race_weights.js";
import { say } from "./race_words.js";
import { redrawer } from "./redraw.js";
import { teller } from "./settled.js";
import { linkStyle } from "./style.js";

/**
 * Called by Streamlit with {data: {token, running, version, fairness, bets, result}, parentElement,
 * setTriggerValue}.
 */
export default mounted(build);

function build() {
  linkStyle("race");
  const view = { component: null, token: null, frame: {}, forget: () => {}, tell: teller() };
  const request = () => view.redraw?.request();
  view.bets = tally((bets) => view.component.setTriggerValue("bets", bets), request);
  view.parts = parts(view, request);
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  const stop = () => {
    view.forget();
    view.bets.stop();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: (component) => update(view, component), stop };
}

function parts(view, request) {
  const made = {
    fair: element("p", { class: "sl-race-fair" }),
    message: element("p", { class: "sl-message", role: "status", hidden: true }),
    chart: raceChart(request),
    result: element("p", { class: "sl-race-result", role: "status", "data-testid": "race-result" }),
    lanes: laneTable(view.bets, (index) => view.component.setTriggerValue("open", index)),
    weights: laneWeights(request),
  };
  made.root = element("div", { class: "sl-root sl-race", "data-testid": "race", role: "group" },
    made.fair, made.message, made.chart.element, made.result, made.lanes.element, made.weights.element);
  return made;
}

function update(view, component) {
  const { data } = component;
  view.component = component;
  view.bets.hear(data.bets);
  setAttribute(view.parts.root, "aria-label", say(data, "race_label"));
  if (view.token !== data.token) follow(view, data.token);
  else {
    view.tell(view.frame, component);
    hurry(view.token);
  }
  view.redraw.request();
}

function follow(view, token) {
  view.forget();
  Object.assign(view, { token, frame: {}, tell: teller() });
  view.forget = followRace(token, (frame) => {
    view.frame = frame;
    publish(view.parts.root, frame);
    view.tell(frame, view.component);
    view.redraw.request();
  });
}

function publish(root, frame) {
  setAttribute(root, "data-status", frame.gone ? "gone" : frame.status ?? "");
  setAttribute(root, "data-examples", frame.examples_seen ?? "");
  setAttribute(root, "data-lanes", frame.lanes?.length ?? "");
}

function draw({ component: { data }, frame, parts: made }, theme) {
  setText(made.fair, data.fairness);
  const message = messageOf(data, frame);
  setText(made.message, message);
  setAttribute(made.message, "hidden", !message);
  // Told of the race's end; one that goes on again has none.
  const isOver = frame.status === "finished" || frame.status === "stopped";
  setText(made.result, isOver ? data.result : "");
  setAttribute(made.result, "hidden", !isOver || !data.result);
  if (!frame.ready || !frame.lanes) return;
  made.chart.draw(theme, data, frame);
  made.lanes.draw(theme, data, frame);
  made.weights.draw(theme, data, frame);
}

function messageOf(data, frame) {
  if (frame.gone) return say(data, "gone");
  if (frame.offline) return say(data, "offline");
  return frame.message || "";
}
