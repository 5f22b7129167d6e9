// The run as an animated picture to keep: drawn by the server while we wait, and then downloaded.

import { labAddress } from "./address.js";

const AGAIN = 250;

/**
 * @param {(state: {busy: boolean, done: number, of: number, error?: string, ready?: boolean}) => void} tell
 * @returns {{toggle: (token: string) => void, stop: () => void}} toggle begins it, or cancels it
 */
export function filmMaker(tell) {
  const film = { token: null, busy: false, timer: 0 };
  const cancel = () => {
    if (!film.busy) return;
    clearTimeout(film.timer);
    film.busy = false;
    fetch(labAddress("film", { t: film.token }), { method: "DELETE" }).catch(() => null);
    tell({ busy: false, done: 0, of: 0 });
  };
  const begin = (token) => {
    Object.assign(film, { token, busy: true });
    tell({ busy: true, done: 0, of: 0 });
    ask(film, tell);
  };
  return { toggle: (token) => (film.busy ? cancel() : begin(token)), stop: cancel };
}

async function ask(film, tell) {
  const response = await fetch(labAddress("film", { t: film.token }), { cache: "no-store" }).catch(() => null);
  if (!film.busy) return;
  if (response?.status === 202) {
    tell({ busy: true, ...(await response.json()) });
    if (film.busy) film.timer = setTimeout(() => ask(film, tell), AGAIN);
    return;
  }
  film.busy = false;
  if (response?.status === 200) {
    save(await response.blob(), nameOf(response));
    tell({ busy: false, done: 0, of: 0, ready: true });
    return;
  }
  const told = response?.status === 409 ? await response.json() : {};
  tell({ busy: false, done: 0, of: 0, error: told.error ?? "" });
}

function nameOf(response) {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "run.gif";
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
