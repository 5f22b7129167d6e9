// The drawing canvas's companion: while the pen moves, its ink goes to the server for a prediction.

import { labAddress } from "./address.js";
import { holdLinks } from "./hold_links.js";
import { sampler } from "./ink.js";
import { secure, watchSurface } from "./surface.js";
import { answerUndo } from "./undo.js";
import { word } from "./words.js";

const PERIOD = 60;
const AFTER = [0, 120, 350];
const PATIENCE = 5000;
const LONGEST_PAUSE = 5000;
const GONE = 410;
// After a failure nobody knows what the server holds: any ink differs from this, blank paper too.
const UNKNOWN = new Uint8Array(0);

/**
 * Where no canvas is found, or the server does not answer, nothing is said: the drawing still
 * reaches the model through Streamlit when the pen is lifted.
 * @param {(result: Object) => void} onResult the server's answer to one posted drawing
 * @returns {{update: (data: Object) => void, stop: () => void}} update: at every call of the reader,
 *   with data {token, canvas_side, ink_side}
 */
export function companion(onResult) {
  const pen = {
    onResult, data: {}, surface: null, sample: null, down: false, posted: null, postedAt: 0,
    busy: false, again: false, failures: 0, quietUntil: 0, timer: 0, retry: 0, checks: [],
    listening: null,
  };
  const watch = watchSurface((surface) => adopt(pen, surface), () => check(pen));
  const forgetUndo = answerUndo(() => pen.surface?.root, () => check(pen));
  const stop = () => {
    forgetUndo();
    watch.stop();
    release(pen);
    pen.data = {};
  };
  return { update: (data) => update(pen, data, watch), stop };
}

function update(pen, data, watch) {
  if (data.token !== pen.data.token) Object.assign(pen, { posted: null, failures: 0, quietUntil: 0 });
  if (data.canvas_side !== pen.data.canvas_side || data.ink_side !== pen.data.ink_side) {
    pen.sample = sampler(data.canvas_side, data.ink_side);
  }
  pen.data = data;
  watch.look();
  if (pen.surface) secure(pen.surface, word(data, "canvas_label"));
  check(pen);
}

function adopt(pen, surface) {
  release(pen);
  pen.surface = surface;
  if (!surface) return;
  secure(surface, word(pen.data, "canvas_label"));
  pen.listening = new AbortController();
  const quiet = { capture: true, passive: true, signal: pen.listening.signal };
  surface.container.addEventListener("pointerdown", () => penDown(pen), quiet);
  surface.container.addEventListener("pointermove", () => pen.down && soon(pen), quiet);
  check(pen);
}

function release(pen) {
  pen.listening?.abort();
  pen.checks.forEach(clearTimeout);
  clearTimeout(pen.timer);
  clearTimeout(pen.retry);
  Object.assign(pen, { surface: null, down: false, timer: 0, retry: 0, checks: [], listening: null });
}

/** A stroke may end outside the canvas, so its end is heard on the document, until it comes. */
function penDown(pen) {
  if (pen.down) return;
  pen.down = true;
  const ended = new AbortController();
  const quiet = { capture: true, passive: true, signal: ended.signal };
  const up = () => {
    ended.abort();
    pen.down = false;
    clearTimeout(pen.timer);
    pen.timer = 0;
    holdLinks();
    check(pen);
  };
  document.addEventListener("pointerup", up, quiet);
  document.addEventListener("pointercancel", up, quiet);
  pen.listening?.signal.addEventListener("abort", () => ended.abort());
  soon(pen);
}

/** Sample at the next period, after the canvas has drawn the newest piece of the stroke. */
function soon(pen) {
  const wait = Math.max(0, pen.postedAt + PERIOD - performance.now());
  pen.timer ||= setTimeout(() => {
    pen.timer = 0;
    if (pen.down) offer(pen, false);
  }, wait);
}

/**
 * Look at the canvas now and a little later, when it has drawn what it was told to. A blank canvas
 * counts only at the last look: one that is being restored is blank for a moment.
 */
function check(pen) {
  if (!pen.surface || pen.down) return;
  pen.checks.forEach(clearTimeout);
  pen.checks = AFTER.map((delay, i) => setTimeout(() => {
    const last = i === AFTER.length - 1;
    requestAnimationFrame(() => requestAnimationFrame(() => !pen.down && offer(pen, last)));
  }, delay));
}

function offer(pen, blankCounts) {
  if (!pen.surface || !pen.data.token) return;
  if (performance.now() < pen.quietUntil) {
    later(pen);
    return;
  }
  if (pen.busy) {
    pen.again = true;
    return;
  }
  const ink = pen.sample([pen.surface.lower, pen.surface.upper]);
  if (!ink || !isNews(ink, pen.posted, blankCounts)) return;
  post(pen, ink);
}

/** Look again when the quiet time after a failure is over, so that the last drawing is always read. */
function later(pen) {
  if (pen.quietUntil === Infinity) return;
  pen.retry ||= setTimeout(() => {
    pen.retry = 0;
    check(pen);
  }, Math.max(0, pen.quietUntil - performance.now()));
}

function isNews(ink, posted, blankCounts) {
  const blank = ink.every((value) => value === 0);
  if (blank && (!posted || !blankCounts)) return false;
  return !posted || ink.some((value, i) => value !== posted[i]);
}

async function post(pen, ink) {
  const { token } = pen.data;
  const request = new AbortController();
  const impatience = setTimeout(() => request.abort(), PATIENCE);
  Object.assign(pen, { busy: true, again: false, posted: ink, postedAt: performance.now() });
  try {
    const response = await fetch(labAddress("ink", { t: token }), {
      method: "POST", body: ink, signal: request.signal,
      headers: { "Content-Type": "application/octet-stream" },
    });
    if (response.status !== GONE && !response.ok) throw new Error(`ink: ${response.status}`);
    const result = response.ok ? await response.json() : null;
    if (token === pen.data.token) accept(pen, result);
  } catch {
    if (token === pen.data.token) fail(pen);
  }
  clearTimeout(impatience);
  pen.busy = false;
  if (pen.down) soon(pen);
  else if (pen.again || pen.failures > 0) check(pen);
}

/** `result` is null when there is no such run any more: then only another run is worth asking about. */
function accept(pen, result) {
  pen.failures = 0;
  if (result) pen.onResult(result);
  else pen.quietUntil = Infinity;
}

function fail(pen) {
  pen.failures += 1;
  pen.posted = UNKNOWN;
  pen.quietUntil = performance.now() + Math.min(250 * 2 ** pen.failures, LONGEST_PAUSE);
}
