// One poller per run or race for the whole page: it fetches frames while anyone listens.

import { labAddress } from "./address.js";
import { decode } from "./decode.js";
import { merge } from "./merge.js";

const INTERVAL = 230;
const HURRIED_INTERVAL = 80;
const HURRIED_POLLS = 4;
const HIDDEN_INTERVAL = 2000;
const LONGEST_PAUSE = 5000;
const PATIENCE = 10000;

/**
 * @typedef {Object} Source of frames
 * @property {(token: string, frame: Object|null) => string} address to ask at, with the frame held
 * @property {(held: Object|null, received: Object) => Object} merge what is held and what came
 */
const RUN = { address: frameAddress, merge };

const pollers = new Map();

/**
 * Hear every new frame of a run; a frame already held is told at once.
 *
 * A frame is the merged header and arrays with `ready` (there is data), `offline` (the server does
 * not answer, the data are the last known), `gone` (no such run; polling has ended), `moved`
 * (it is gone because another tab goes on with it) and `asked` (performance.now() when it was requested).
 * @param {string} token the run's secret token
 * @param {(frame: Object) => void} listener
 * @param {Source} [source] for anything else than a run
 * @returns {() => void} unsubscribe
 */
export function subscribe(token, listener, source = RUN) {
  if (!pollers.has(token)) pollers.set(token, started(token, source));
  const poller = pollers.get(token);
  poller.listeners.add(listener);
  if (poller.frame) listener(poller.frame);
  return () => {
    poller.listeners.delete(listener);
    if (poller.listeners.size === 0) stop(poller);
  };
}

/**
 * Look at once, and a few times shortly after: the user has just pressed or moved something.
 * @param {string} token
 */
export function hurry(token) {
  const poller = pollers.get(token);
  if (!poller) return;
  poller.hurried = HURRIED_POLLS;
  if (!poller.request) schedule(poller, 0);
}

function started(token, source) {
  const poller = {
    token, source, listeners: new Set(), frame: null, failures: 0, timer: 0, request: null, ended: false,
    hurried: 0,
    life: new AbortController(),
  };
  const { signal } = poller.life;
  document.addEventListener("visibilitychange", () => wake(poller), { signal });
  window.addEventListener("online", () => wake(poller), { signal });
  // A page that comes back, as by the browser's Back, asks again and is there again.
  window.addEventListener("pagehide", () => navigator.sendBeacon(labAddress("leave", { t: token })), { signal });
  schedule(poller, 0);
  return poller;
}

function stop(poller) {
  poller.ended = true;
  clearTimeout(poller.timer);
  poller.life.abort();
  poller.request?.abort();
  if (pollers.get(poller.token) === poller) pollers.delete(poller.token);
}

function wake(poller) {
  if (!document.hidden && !poller.request) schedule(poller, 0);
}

function schedule(poller, delay) {
  clearTimeout(poller.timer);
  if (!poller.ended) poller.timer = setTimeout(() => poll(poller), delay);
}

async function poll(poller) {
  const asked = performance.now();
  const request = new AbortController();
  const impatience = setTimeout(() => request.abort(), PATIENCE);
  poller.request = request;
  try {
    const response = await fetch(poller.source.address(poller.token, poller.frame), { cache: "no-store", signal: request.signal });
    await accept(poller, response, asked);
    poller.failures = 0;
  } catch {
    poller.failures += 1;
    if (!poller.ended && !poller.frame?.offline) tell(poller, { ...poller.frame, offline: true });
  }
  clearTimeout(impatience);
  poller.request = null;
  // Counted from question to question; a server that is slow to answer is left some time in between.
  const rest = pause(poller);
  if (!poller.frame?.gone) schedule(poller, Math.max(rest / 4, rest - (performance.now() - asked)));
}

function frameAddress(token, frame) {
  const steps = frame?.curve_step;
  return labAddress("frame", {
    t: token,
    v: frame?.version ?? -1,
    g: frame?.generation ?? -1,
    s: steps?.length ? steps[steps.length - 1] : 0,
  });
}

async function accept(poller, response, asked) {
  if (response.status === 200) {
    const merged = poller.source.merge(poller.frame, decode(await response.arrayBuffer()));
    if (!poller.ended) tell(poller, { ...merged, asked });
  } else if (response.status === 410) {
    const moved = response.headers.get("Softmax-Lab-Run") === "moved";
    tell(poller, { ...poller.frame, offline: false, gone: true, moved });
  } else if (response.status !== 204) {
    throw new Error(`frame: ${response.status}`);
  } else if (poller.frame?.offline) {
    tell(poller, { ...poller.frame, offline: false });
  }
}

function tell(poller, frame) {
  poller.frame = frame;
  for (const listener of [...poller.listeners]) listener(frame);
}

function pause(poller) {
  const { frame, failures } = poller;
  if (failures > 0) return Math.min(INTERVAL * 2 ** failures, LONGEST_PAUSE);
  if (poller.hurried > 0) {
    poller.hurried -= 1;
    return HURRIED_INTERVAL;
  }
  return document.hidden ? HIDDEN_INTERVAL : frame?.poll_ms ?? INTERVAL;
}
