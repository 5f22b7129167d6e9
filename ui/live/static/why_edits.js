// Sending edits of the weights, one after the other, and what the server says to them.

import { labAddress } from "./address.js";

const TROUBLE = "The server did not answer.";

/**
 * @param {{data: () => Object, changed: () => void, say: (sentence: string) => void}} context
 * @returns {{send: (path: string, query?: Object, body?: Uint8Array) => void, busy: () => boolean}}
 */
export function edits(context) {
  const state = { context, waiting: [], busy: false };
  const send = (path, query = {}, body = undefined) => {
    state.waiting.push({ path, query, body });
    if (!state.busy) work(state);
  };
  return { send, busy: () => state.busy };
}

async function work(state) {
  state.busy = true;
  while (state.waiting.length) {
    const { path, query, body } = state.waiting.shift();
    const address = labAddress(`why/${path}`, { t: state.context.data().token, ...query });
    state.context.say(await post(address, body));
  }
  state.busy = false;
  state.context.changed();
}

/** Returns what was refused, nothing when all is well. */
async function post(address, body) {
  try {
    const response = await fetch(address, { method: "POST", body });
    return response.status === 400 ? (await response.json()).error : "";
  } catch {
    return TROUBLE;
  }
}
