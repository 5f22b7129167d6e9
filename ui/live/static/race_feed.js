// The frames of a race: whole curves every time, the lanes' weights about once a second.

import { labAddress } from "./address.js";
import { subscribe } from "./frames.js";

const WEIGHTS_EVERY = 1000;
const RACE = { address, merge };

/**
 * Hear every new frame of a race; see `subscribe`.
 * @param {string} token the race's secret token
 * @param {(frame: Object) => void} listener
 * @returns {() => void} unsubscribe
 */
export function followRace(token, listener) {
  return subscribe(token, listener, RACE);
}

function address(token, frame) {
  const due = performance.now() - (frame?.weights_at ?? -Infinity) >= WEIGHTS_EVERY;
  return labAddress("race", { t: token, e: frame?.tag ?? "", w: due ? 1 : 0 });
}

/** Between two sets of weights the last ones stay on screen. */
function merge(held, { header, arrays }) {
  const frame = { ...header, ...arrays, ready: true };
  if (arrays.weights_0) return { ...frame, weights_at: performance.now() };
  const fits = held?.weights_0 && held.lanes.length === frame.lanes.length
    && String(held.image_shape) === String(frame.image_shape);
  if (!fits) return frame;
  frame.lanes.forEach((lane, i) => {
    frame[`weights_${i}`] = held[`weights_${i}`];
    lane.weight_limit = held.lanes[i].weight_limit;
  });
  return { ...frame, weights_at: held.weights_at };
}
