// The counters and the curves of the run on screen.

import { curveView } from "./curve_view.js";
import { element, setAttribute } from "./element.js";
import { isNumber } from "./format.js";
import { hurry, subscribe } from "./frames.js";
import { mounted } from "./mounted.js";
import { accuracyChart, lossChart } from "./plots.js";
import { readouts } from "./readouts.js";
import { redrawer } from "./redraw.js";
import { teller } from "./settled.js";
import { word } from "./words.js";

/** Called by Streamlit with {data: {token, running, version}, parentElement, setTriggerValue}. */
export default mounted(build);

function build() {
  const view = { component: null, token: null, frame: {}, forget: () => {}, tell: teller() };
  const counters = readouts();
  const request = () => view.redraw?.request();
  const charts = [curveView(lossChart, request), curveView(accuracyChart, request)];
  view.root = element("div", { class: "sl-root sl-live", "data-testid": "live", role: "group" },
    ...counters.nodes,
    element("div", { class: "sl-charts" }, ...charts.map((chart) => chart.element)));
  view.redraw = redrawer(view.root, (theme) => {
    const { data } = view.component;
    counters.show(data, view.frame);
    for (const chart of charts) chart.draw(theme, data, view.frame);
  });
  const stop = () => {
    view.forget();
    view.redraw.stop();
  };
  return { element: view.root, update: (component) => update(view, component), stop };
}

function update(view, component) {
  view.component = component;
  setAttribute(view.root, "aria-label", word(component.data, "live_label"));
  if (view.token !== component.data.token) follow(view, component.data.token);
  else {
    // What is settled may be known already, and no later frame need come to say so.
    view.tell(view.frame, component);
    hurry(view.token);
  }
  view.redraw.request();
}

function follow(view, token) {
  view.forget();
  view.token = token;
  view.frame = {};
  view.tell = teller();
  publish(view.root, view.frame);
  view.forget = subscribe(token, (frame) => {
    view.frame = frame;
    publish(view.root, frame);
    view.tell(frame, view.component);
    view.redraw.request();
  });
}

/** The numbers on screen, for tests and for other scripts: empty where there is none. */
function publish(root, frame) {
  const exact = (value) => (isNumber(value) ? value : "");
  setAttribute(root, "data-step", exact(frame.step));
  setAttribute(root, "data-epoch", exact(frame.epoch));
  setAttribute(root, "data-train-loss", exact(frame.train_loss));
  setAttribute(root, "data-test-accuracy", exact(frame.test_accuracy));
  setAttribute(root, "data-samples-per-second", exact(frame.samples_per_second));
  setAttribute(root, "data-status", frame.gone ? "gone" : frame.status ?? "");
}
