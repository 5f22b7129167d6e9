// Asking for explanations: whenever the run or the drawing moves on, and whenever the user asks.

import { labAddress } from "./address.js";
import { decode } from "./decode.js";
import { subscribe } from "./frames.js";

const PATIENCE = 10000;
const AGAIN = 1000;

/**
 * At most one request is under way; what was asked for meanwhile is asked next.
 * @param {() => Object<string, string|number>} question as it stands when it is asked
 * @param {{hear: (answer: Object) => void, refuse: (sentence: string) => void, gone: () => void}} ears
 * @returns {{update: (token: string) => void, look: () => void, stop: () => void}}
 */
export function feed(question, ears) {
  const state = {
    question, ears, token: null, version: -1, seen: -1, busy: false, again: false, notBefore: 0,
    timer: 0, forget: () => {}, ended: false,
  };
  const update = (token) => {
    if (token !== state.token) follow(state, token);
    else look(state);
  };
  const stop = () => {
    state.ended = true;
    clearTimeout(state.timer);
    state.forget();
  };
  return { update, look: () => look(state), stop };
}

function follow(state, token) {
  state.forget();
  Object.assign(state, { token, version: -1, seen: -1 });
  state.forget = subscribe(token, (frame) => {
    if (!frame.ready || frame.version === state.version) return;
    state.seen = frame.version;
    const wait = state.notBefore - performance.now();
    if (wait <= 0) look(state);
    else later(state, wait);
  });
}

function later(state, wait) {
  if (!state.timer) state.timer = setTimeout(() => look(state), wait);
}

async function look(state) {
  clearTimeout(state.timer);
  state.timer = 0;
  state.again = state.busy;
  if (state.busy || state.ended) return;
  state.busy = true;
  await fetched(state).catch(() => later(state, AGAIN));
  state.busy = false;
  if (state.again) look(state);
}

async function fetched(state) {
  const { token } = state;
  const query = { t: token, ...state.question() };
  const response = await fetch(labAddress("why", query),
    { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (state.ended || token !== state.token) return;
  if (response.status === 400) {
    state.ears.refuse((await response.json()).error);
  } else if (response.ok) {
    const { header, arrays } = decode(await response.arrayBuffer());
    if (state.ended || token !== state.token) return;
    state.version = header.version;
    state.notBefore = performance.now() + header.pause_ms;
    // Only an answer to what is asked now is shown: the user may have moved on meanwhile.
    if (!state.again || state.question().section === header.section) {
      state.ears.hear({ ...header, ...arrays });
    }
    if (state.seen > state.version) later(state, header.pause_ms);
  } else if (response.status === 410) {
    state.ears.gone();
  } else {
    throw new Error(`why: ${response.status}`);
  }
}
