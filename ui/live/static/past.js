// The time machine: a bar under the curves that shows earlier steps, goes back to them, makes films.

import { labAddress } from "./address.js";
import { element, setAttribute, setText } from "./element.js";
import { count, isNumber } from "./format.js";
import { hurry, subscribe } from "./frames.js";
import { filmMaker } from "./past_film.js";
import { looker } from "./past_look.js";
import { player } from "./past_play.js";
import { stepSlider } from "./past_slider.js";
import { tell } from "./past_words.js";
import { redrawer } from "./redraw.js";
import { linkStyle } from "./style.js";

const SETTLE = 500;
const SAID_FOR = 6000;

/**
 * @returns {{element: HTMLElement, update: (component: Object) => void, stop: () => void}} update takes
 *   what Streamlit calls the live view with: {data: {token, pinned}, setTriggerValue}
 */
export function pastBar() {
  linkStyle("past");
  const view = {
    component: null, token: null, frame: {}, film: { busy: false }, said: "", saying: 0, forget: () => {}, timer: 0,
    look: () => Promise.resolve(),
  };
  view.player = player((step) => view.look(step), () => view.redraw.request());
  view.maker = filmMaker((film) => heard(view, film));
  view.parts = parts(view);
  view.redraw = redrawer(view.parts.root, () => draw(view));
  const stop = () => {
    clearTimeout(view.timer);
    clearTimeout(view.saying);
    view.player.stop();
    view.maker.stop();
    view.forget();
    view.redraw.stop();
  };
  return { element: view.parts.root, update: (given) => update(view, given), stop };
}

function parts(view) {
  const button = (kind, onClick) => {
    const made = element("button", { type: "button", class: `sl-past-button sl-past-${kind}` });
    made.addEventListener("click", onClick);
    return made;
  };
  const look = (step) => {
    view.player.stop();
    view.said = "";
    view.look(step);
  };
  const made = {
    play: button("play", () => view.player.toggle()),
    slider: stepSlider(look, "sl-past-range"),
    where: element("span", { class: "sl-past-where" }),
    follow: button("follow", () => look(null)),
    goOn: button("go-on", () => goOn(view)),
    film: button("film", () => view.maker.toggle(view.token)),
    said: element("p", { class: "sl-past-said", role: "status" }),
  };
  made.root = element("div", { class: "sl-root sl-past", "data-testid": "past", role: "group", hidden: true },
    made.play, made.slider.element, made.where, made.follow, made.goOn, made.film, made.said);
  return made;
}

function update(view, component) {
  view.component = component;
  if (view.token !== component.data.token) follow(view, component.data.token);
  view.redraw.request();
}

function follow(view, token) {
  view.forget();
  view.player.stop();
  Object.assign(view, { token, frame: {}, said: "", look: looker(token) });
  view.forget = subscribe(token, (frame) => {
    view.frame = frame;
    view.player.hear(frame);
    publish(view);
    tellPage(view);
    view.redraw.request();
  });
}

/** Once it has settled: what the page itself says of the step shown is then brought up to date. */
function tellPage(view) {
  const { frame } = view;
  if (!frame.ready || frame.gone) return;
  const pinned = frame.pinned ? frame.shown_step : null;
  clearTimeout(view.timer);
  if (pinned === view.component.data.pinned || view.player.playing()) return;
  view.timer = setTimeout(() => view.component.setTriggerValue("settled", frame.version), SETTLE);
}

async function goOn(view) {
  const { frame: { shown_step: step, pinned }, token } = view;
  if (!pinned) return;
  view.player.stop();
  const response = await fetch(labAddress("go-on", { t: token, s: step }), { method: "POST" }).catch(() => null);
  const { data } = view.component;
  const why = response?.status === 409 ? (await response.json()).error : tell(data, "failed");
  say(view, response?.ok ? tell(data, "gone_back", { step: count(step) }) : why);
  hurry(token);
  // The page's own buttons may still say Pause.
  if (response?.ok) view.component.setTriggerValue("settled", view.frame.version);
  view.redraw.request();
}

function heard(view, film) {
  view.film = film;
  const { data } = view.component;
  if (film.ready) say(view, tell(data, "film_done"));
  else if (film.error !== undefined) say(view, film.error || tell(data, "failed"));
  view.redraw.request();
}

/** It lies over other words, so it goes again. */
function say(view, text) {
  clearTimeout(view.saying);
  view.said = text;
  if (text) view.saying = setTimeout(() => say(view, ""), SAID_FOR);
  view.redraw.request();
}

/** The numbers on screen, for tests and for other scripts: empty where there is none. */
function publish({ parts: { root }, frame }) {
  const exact = (value) => (isNumber(value) ? value : "");
  setAttribute(root, "data-pinned", String(Boolean(frame.pinned)));
  setAttribute(root, "data-shown", exact(frame.shown_step));
  setAttribute(root, "data-newest", exact(frame.step));
  setAttribute(root, "data-test-loss", exact(frame.shown_test_loss));
  setAttribute(root, "data-test-accuracy", exact(frame.shown_test_accuracy));
}

function draw(view) {
  if (!view.component) return;
  const { parts: made, frame, film, component: { data } } = view;
  const { snapshot_steps: steps = [], pinned = false, shown_step: shown = 0 } = frame;
  setAttribute(made.root, "hidden", steps.length < 2);
  setAttribute(made.root, "aria-label", tell(data, "past_label"));
  made.root.classList.toggle("sl-past-pinned", Boolean(pinned));
  const where = { step: count(shown), newest: count(frame.step) };
  const text = tell(data, pinned ? "where" : "now", where);
  made.slider.show({ steps, pinned, shown }, { label: tell(data, "slider"), text });
  setText(made.where, text);
  const playing = view.player.playing();
  setText(made.play, playing ? "❚❚" : "▶");
  setAttribute(made.play, "aria-label", tell(data, playing ? "pause" : "play"));
  setAttribute(made.play, "title", tell(data, playing ? "pause" : "play"));
  label(made.follow, tell(data, "follow"), tell(data, "follow_why"), !pinned);
  label(made.goOn, tell(data, "go_on"), tell(data, "go_on_why"), !pinned || shown === frame.step);
  const done = { done: film.done, of: film.of };
  if (film.busy) label(made.film, film.of ? tell(data, "film_doing", done) : "… ✕", tell(data, "film_cancel", done));
  else label(made.film, tell(data, "film"), tell(data, "film_why"));
  setText(made.said, view.said);
  setAttribute(made.said, "hidden", !view.said);
}

function label(button, text, why, disabled = false) {
  setText(button, text);
  setAttribute(button, "title", why);
  setAttribute(button, "disabled", disabled);
}
