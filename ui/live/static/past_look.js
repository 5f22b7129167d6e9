// Asking for the weights of a step: of many asked for in a hurry only the last is sent.

import { labAddress } from "./address.js";
import { hurry } from "./frames.js";

/**
 * @param {string} token the run's secret token
 * @param {() => void} [told] called when the server has it
 * @returns {(step: number|null) => Promise<void>} null follows the run again
 */
export function looker(token, told = () => {}) {
  const state = { token, wanted: [], posting: false };
  return async (step) => {
    state.wanted = [step];
    if (state.posting) return;
    state.posting = true;
    while (state.wanted.length) {
      const [next] = state.wanted.splice(0);
      const query = next === null ? { t: token } : { t: token, s: next };
      await fetch(labAddress("look", query), { method: "POST" }).catch(() => null);
      hurry(token);
      told();
    }
    state.posting = false;
  };
}
