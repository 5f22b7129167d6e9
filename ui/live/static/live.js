// The counters and the curves of the run on screen.

import { chartTools } from "./chart_tools.js";
import { curveView } from "./curve_view.js";
import { element, setAttribute } from "./element.js";
import { isNumber } from "./format.js";
import { hurry, subscribe } from "./frames.js";
import { closeMenuOnChoice } from "./menu.js";
import { keptRuns } from "./kept.js";
import { mounted } from "./mounted.js";
import { narrator } from "./narrator.js";
import { pastBar } from "./past.js";
import { batchDialog } from "./past_batch.js";
import { accuracyChart, lossChart } from "./plots.js";
import { readouts } from "./readouts.js";
import { redrawer } from "./redraw.js";
import { teller } from "./settled.js";
import { strips } from "./strips.js";
import { linkStyle } from "./style.js";
import { word } from "./words.js";

/** Called by Streamlit with {data: {token, running, version}, parentElement, setTriggerValue}. */
export default mounted(build);

function build() {
  closeMenuOnChoice();
  const view = { component: null, token: null, frame: {}, forget: () => {}, tell: teller() };
  const counters = readouts();
  const [story, more] = [narrator(), strips()];
  linkStyle("dynamics");
  const request = () => view.redraw?.request();
  const [batch, past] = [batchDialog(), pastBar()];
  view.past = past;
  const choose = (step) => batch.open(view.token, step, view.component.data);
  const charts = [lossChart, accuracyChart].map((chart) => curveView(chart, request, choose));
  const kept = keptRuns(request);
  const tools = chartTools(
    () => view.component.setTriggerValue("keep", view.frame.version),
    (open) => {
      more.show(open);
      request();
    },
  );
  const [row, progress, words] = counters.nodes;
  view.root = element("div", { class: "sl-root sl-live", "data-testid": "live", role: "group" },
    row, progress, element("div", { class: "sl-under" }, words, tools.element),
    element("div", { class: "sl-charts" }, ...charts.map((chart) => chart.element)),
    past.element, story.element, more.element, batch.element);
  view.redraw = redrawer(view.root, (theme) => {
    const { data } = view.component;
    counters.show(data, view.frame);
    const frame = { ...view.frame, kept: kept(data, view.frame) };
    for (const chart of charts) chart.draw(theme, data, frame);
    more.draw(theme, data, frame);
    tools.show(data, frame);
    story.show(view.frame);
  });
  const stop = () => {
    past.stop();
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
  view.past.update(component);
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
