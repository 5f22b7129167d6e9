// The page Why?: one section about the reading on screen, kept up to date while anything moves.

import { element, setAttribute, setText } from "./element.js";
import { count, percent } from "./format.js";
import { hurry } from "./frames.js";
import { labAddress } from "./address.js";
import { mounted } from "./mounted.js";
import { redrawer } from "./redraw.js";
import { linkStyle } from "./style.js";
import { contrast } from "./why_contrast.js";
import { evidence } from "./why_evidence.js";
import { feed } from "./why_feed.js";
import { nudge } from "./why_nudge.js";
import { operate } from "./why_operate.js";
import { word } from "./words.js";

const PARTS = { evidence, contrast, nudge, operate };

/** Called by Streamlit with {data: {token, version, section, words}, parentElement}. */
export default mounted(build);

function build() {
  linkStyle("why");
  const view = { data: {}, section: null, part: null, answer: null, trouble: "", said: "" };
  view.parts = frame(view);
  view.redraw = redrawer(view.parts.root, (theme) => draw(view, theme));
  view.feed = feed(() => ({ section: view.section, ...view.part.question() }), {
    hear: (answer) => hear(view, answer),
    refuse: (sentence) => refuse(view, sentence),
    gone: () => refuse(view, word(view.data, "why_gone")),
  });
  const stop = () => {
    view.part?.stop?.();
    view.feed.stop();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: ({ data }) => update(view, data), stop };
}

function frame(view) {
  const made = {
    says: element("p", { class: "sl-why-says", role: "status" }),
    note: element("p", { class: "sl-why-note" }),
    follow: element("button", { type: "button", class: "sl-button", hidden: true }),
    trouble: element("p", { class: "sl-message", role: "alert", hidden: true }),
    holder: element("div", { class: "sl-why-section" }),
  };
  made.follow.addEventListener("click", () => follow(view));
  made.top = element("div", { class: "sl-why-top" }, made.says, made.note, made.follow);
  made.root = element("div", { class: "sl-root sl-why", "data-testid": "why", role: "group" },
    made.top, made.trouble, made.holder);
  return made;
}

function update(view, data) {
  const isOther = data.section !== view.section || data.token !== view.data.token;
  view.data = data;
  setAttribute(view.parts.root, "aria-label", word(data, "why_label"));
  if (isOther) show(view);
  view.feed.update(data.token);
  view.redraw.request();
}

/** Put a section in the place of another; what was chosen in it begins anew. */
function show(view) {
  view.part?.stop?.();
  Object.assign(view, { section: view.data.section, answer: null, trouble: "", said: "" });
  view.part = PARTS[view.section]({
    data: () => view.data,
    ask: () => view.feed.look(),
    changed: () => {
      view.feed.look();
      hurry(view.data.token);
    },
    redraw: () => view.redraw.request(),
    say: (sentence) => {
      view.said = sentence;
      view.redraw.request();
    },
  });
  view.parts.holder.replaceChildren(view.part.element);
  setAttribute(view.parts.root, "data-section", view.section);
}

function hear(view, answer) {
  if (answer.section !== view.section) return;
  // The last good pictures stay beside the sentence that says why there are no newer ones.
  if (!answer.trouble || !view.answer) view.answer = answer;
  view.trouble = answer.trouble;
  if (!answer.trouble) view.part.hear?.(answer);
  setAttribute(view.parts.root, "data-step", answer.step);
  setAttribute(view.parts.root, "data-prediction", answer.class_names[answer.prediction]);
  view.redraw.request();
}

function refuse(view, sentence) {
  view.trouble = sentence;
  view.redraw.request();
}

async function follow(view) {
  await fetch(labAddress("look", { t: view.data.token }), { method: "POST" }).catch(() => {});
  hurry(view.data.token);
}

function draw(view, theme) {
  const { data, answer, parts } = view;
  setText(parts.trouble, view.trouble || view.said);
  setAttribute(parts.trouble, "hidden", !view.trouble && !view.said);
  parts.root.classList.toggle("sl-why-empty", !answer || Boolean(answer.trouble));
  setText(parts.says, answer ? reading(data, answer) : word(data, "why_wait"));
  setText(parts.note, answer ? note(data, answer) : "");
  setText(parts.follow, word(data, "why_follow"));
  setAttribute(parts.follow, "hidden", !answer?.pinned);
  if (answer && !answer.trouble) view.part.draw(answer, theme);
}

function reading(data, { class_names: names, prediction, confidence, step }) {
  return word(data, "why_reads",
    { name: names[prediction], percent: percent(confidence), step: count(step) });
}

function note(data, { pinned, step, ...answer }) {
  const weights = pinned ? word(data, "why_pinned", { step: count(step) })
    : step === 0 ? word(data, answer.begun_trained ? "why_begun" : "why_untrained") : "";
  return [picture(data, answer), weights].filter(Boolean).join(" ");
}

/** Which picture it is; a drawing stands beside it and needs no words. */
function picture(data, { is_example: isExample, test_picture: at, label, n_test: total }) {
  if (at === null) return "";
  return word(data, isExample ? "why_example" : "why_test_picture",
    { n: count(at + 1), total: count(total), label });
}
