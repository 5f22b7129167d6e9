// What the weights shown get wrong: asked for only when the run's frames tell of something new.

import { labAddress } from "./address.js";
import { decode } from "./decode.js";
import { subscribe } from "./frames.js";
import { looker } from "./past_look.js";

const AGAIN = 120;
const HIDDEN_AGAIN = 2000;
const AFTER_FAILURE = 2000;

/**
 * @param {string} token the run's secret token
 * @param {(judged: Object) => void} listener hears header and arrays of each new answer in one object
 * @param {(frame: Object) => void} onFrame hears the frames of the run itself
 * @returns {{wish: (wish: Object) => void, look: (step: number|null) => void, stop: () => void}}
 */
export function followJudged(token, listener, onFrame) {
  const state = {
    token, listener, tag: "", query: {}, busy: false, again: false, timer: 0, ended: false,
  };
  const forget = subscribe(token, (frame) => {
    onFrame(frame);
    if (!frame.gone && !frame.offline) ask(state);
  });
  return {
    wish: (query) => {
      if (JSON.stringify(query) === JSON.stringify(state.query)) return;
      state.query = query;
      ask(state);
    },
    look: looker(token, () => ask(state)),
    stop: () => {
      state.ended = true;
      clearTimeout(state.timer);
      forget();
    },
  };
}

async function ask(state) {
  clearTimeout(state.timer);
  if (state.ended) return;
  if (state.busy) {
    state.again = true;
    return;
  }
  Object.assign(state, { busy: true, again: false });
  const pause = await answer(state).catch(() => AFTER_FAILURE);
  state.busy = false;
  if (state.again) ask(state);
  else if (pause !== null) {
    state.timer = setTimeout(() => ask(state), document.hidden ? HIDDEN_AGAIN : pause);
  }
}

/** Ask once; returns after how many milliseconds to ask again, null when all is said. */
async function answer(state) {
  const query = { t: state.token, e: state.tag, ...state.query };
  const response = await fetch(labAddress("judged", query), { cache: "no-store" });
  if (response.status === 202) return AGAIN;
  if (response.status === 204 || response.status === 410) return null;
  if (response.status !== 200) throw new Error(`judged: ${response.status}`);
  const { header, arrays } = decode(await response.arrayBuffer());
  state.tag = response.headers.get("ETag") ?? "";
  if (!state.ended) state.listener({ ...header, ...arrays });
  return header.stale ? AGAIN : null;
}
