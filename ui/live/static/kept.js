// The curves of the runs that stay on the chart: fetched once, and again when others are kept.

import { labAddress } from "./address.js";
import { decode } from "./decode.js";

const AGAIN = 2000;

/**
 * @param {() => void} redraw called when curves have come
 * @returns {(data: Object, frame: Object) => Object[]} the kept runs: name, step, loss, accuracy
 */
export function keptRuns(redraw) {
  const held = { token: null, version: 0, arrays: {}, serials: [], asked: -AGAIN };
  return ({ token, kept: names = [] }, { kept_version: version = 0, gone }) => {
    if (held.token !== token) Object.assign(held, { token, version: 0, arrays: {}, serials: [], asked: -AGAIN });
    if (version !== held.version && !gone) ask(held, redraw);
    const called = new Map(names.map(({ serial, name }) => [serial, name]));
    return held.serials.filter((serial) => called.has(serial)).map((serial) => ({
      name: called.get(serial),
      step: held.arrays[`step_${serial}`],
      loss: held.arrays[`loss_${serial}`],
      accuracy: held.arrays[`accuracy_${serial}`],
    }));
  };
}

async function ask(held, redraw) {
  if (performance.now() - held.asked < AGAIN) return;
  held.asked = performance.now();
  const { token } = held;
  const answer = await fetch(labAddress("kept", { t: token }), { cache: "no-store" }).catch(() => null);
  if (!answer?.ok || held.token !== token) return;
  const { header, arrays } = decode(await answer.arrayBuffer());
  Object.assign(held, { version: header.kept_version, serials: header.serials, arrays, asked: -AGAIN });
  redraw();
}
