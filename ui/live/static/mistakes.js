// The page Mistakes: what is taken for what, class by class, and averages beside the weights.

import { averagesView } from "./mistakes_averages.js";
import { classesView } from "./mistakes_classes.js";
import { courseView } from "./mistakes_course.js";
import { element, setAttribute, setText } from "./element.js";
import { followJudged } from "./judged.js";
import { matrixView } from "./mistakes_matrix.js";
import { mounted } from "./mounted.js";
import { picturesView } from "./mistakes_pictures.js";
import { pinBar } from "./mistakes_pin.js";
import { redrawer } from "./redraw.js";
import { teller } from "./settled.js";
import { linkStyle } from "./style.js";
import { say } from "./mistakes_words.js";

const FIRST_PICTURES = 24;
const MORE_PICTURES = 48;
const LATE = 1000;

/**
 * Called by Streamlit with {data: {token, running, version, section, words?}, parentElement,
 * setTriggerValue}; `section` is matrix, classes or averages.
 */
export default mounted(build);

function build() {
  linkStyle("mistakes");
  const view = {
    component: null, data: {}, token: null, judged: null, frame: {}, feed: null, tell: teller(),
    cell: null, most: FIRST_PICTURES, timer: 0, late: false,
  };
  view.parts = parts(view);
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  const stop = () => {
    clearTimeout(view.timer);
    view.feed?.stop();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: (component) => update(view, component), stop };
}

function parts(view) {
  const request = () => view.redraw.request();
  const made = {
    pin: pinBar((step) => view.feed?.look(step)),
    note: element("p", { class: "sl-message", hidden: true }),
    trouble: element("p", { class: "sl-message", role: "status", hidden: true }),
    matrix: matrixView((cell) => {
      open(view, cell);
      // In one column the pictures may be out of sight below the matrix.
      if (cell) made.pictures.reveal();
    }, request),
    pictures: picturesView({
      back: () => open(view, null),
      more: () => more(view),
      why: (index) => view.component.setTriggerValue("why", index),
    }, request),
    course: courseView(request),
    averages: averagesView(request),
  };
  made.classes = classesView((index) => made.course.toggle(index, view.judged));
  made.sections = {
    matrix: element("div", { class: "sl-mistakes-two" }, made.matrix.element, made.pictures.element),
    classes: element("div", { class: "sl-mistakes-two" }, made.classes.element, made.course.element),
    averages: made.averages.element,
  };
  made.root = element("div", { class: "sl-root sl-mistakes", "data-testid": "mistakes", role: "group" },
    made.pin.element, made.note, made.trouble, ...Object.values(made.sections));
  return made;
}

function update(view, component) {
  Object.assign(view, { component, data: component.data });
  setAttribute(view.parts.root, "aria-label", say(view.data, "mistakes_label"));
  if (view.token !== view.data.token) follow(view, view.data.token);
  else view.tell(view.frame, component);
  wish(view);
  view.redraw.request();
}

function follow(view, token) {
  view.feed?.stop();
  Object.assign(view, { token, judged: null, frame: {}, cell: null, most: FIRST_PICTURES, tell: teller() });
  const hear = (judged) => {
    // Of another run's classes no cell can stay open.
    if (view.judged && view.judged.run !== judged.run && view.cell) open(view, null);
    watchForDelay(view, judged);
    view.judged = judged;
    publish(view);
    view.redraw.request();
  };
  view.feed = followJudged(token, hear, (frame) => {
    view.frame = frame;
    view.tell(frame, view.component);
    view.redraw.request();
  });
}

/** While training the matrix is always a moment behind; only one that stays behind is marked. */
function watchForDelay(view, judged) {
  if (!judged.stale || view.judged?.step !== judged.step) {
    clearTimeout(view.timer);
    Object.assign(view, { timer: 0, late: false });
  }
  if (!judged.stale || view.timer) return;
  view.timer = setTimeout(() => {
    view.late = true;
    view.redraw.request();
  }, LATE);
}

function open(view, cell) {
  Object.assign(view, { cell, most: FIRST_PICTURES });
  wish(view);
  view.redraw.request();
}

function more(view) {
  view.most += MORE_PICTURES;
  wish(view);
}

function wish(view) {
  const query = { n: view.most };
  if (view.cell) query.cell = view.cell.join(".");
  if (view.data.section === "classes") query.course = 1;
  if (view.data.section === "averages") query.mistaken = 1;
  view.feed?.wish(query);
}

/** The numbers on screen, for tests and for other scripts: empty where there is none. */
function publish({ parts: { root }, judged }) {
  const known = judged.judged;
  setAttribute(root, "data-step", known ? judged.step : "");
  setAttribute(root, "data-right", known ? judged.right : "");
  setAttribute(root, "data-total", known ? judged.n : "");
  setAttribute(root, "data-newest", judged.newest_step);
  setAttribute(root, "data-pinned", String(judged.pinned));
  setAttribute(root, "data-stale", String(judged.stale));
}

function draw(view, theme) {
  const { data, judged, frame, parts: made } = view;
  // What was learned from is no test: no accuracies of it are shown.
  const hidden = (name) => name !== data.section || (name === "classes" && Boolean(judged?.seen));
  for (const [name, part] of Object.entries(made.sections)) setAttribute(part, "hidden", hidden(name));
  made.pin.show(data, judged, view.late);
  made.root.classList.toggle("sl-late", view.late);
  for (const name of ["note", "trouble"]) {
    setText(made[name], judged?.[name] ?? "");
    setAttribute(made[name], "hidden", !judged?.[name]);
  }
  if (data.section === "averages") made.averages.draw(theme, data, frame, judged);
  if (!judged) return;
  if (data.section === "matrix") {
    made.matrix.draw(theme, data, judged, view.cell);
    made.pictures.draw(data, judged, view.cell, view.token);
  }
  if (!hidden("classes")) {
    made.course.draw(theme, data, judged);
    made.classes.draw(theme, data, judged, made.course);
  }
}
