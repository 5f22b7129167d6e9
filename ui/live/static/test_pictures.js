// Pictures of the test set: each is fetched once, and painted wherever it is wanted.

import { labAddress } from "./address.js";

const AT_ONCE = 64;

/**
 * @param {() => void} onNews called when pictures that were asked for have come
 * @returns {{use: (token: string, run: number, size: number) => void,
 *   get: (indices: number[]) => Map<number, Uint8Array>}} `use` before `get`: of which run, and how
 *   many pixels a picture has; `get` returns what is here and has the others fetched
 */
export function pictureStore(onNews) {
  const store = { token: null, run: null, size: 0, here: new Map(), busy: false, wanted: [], onNews };
  const use = (token, run, size) => {
    if (store.token === token && store.run === run && store.size === size) return;
    Object.assign(store, { token, run, size, here: new Map(), wanted: [] });
  };
  const get = (indices) => {
    store.wanted = indices.filter((index) => !store.here.has(index));
    fetchWanted(store);
    return store.here;
  };
  return { use, get };
}

async function fetchWanted(store) {
  if (store.busy) return;
  store.busy = true;
  while (store.wanted.length) {
    const { token, run, size, here } = store;
    const indices = store.wanted.splice(0, AT_ONCE);
    const address = labAddress("test-pictures", { t: token, i: indices.join(",") });
    const pixels = await fetch(address).then(
      (response) => (response.ok ? response.arrayBuffer() : null), () => null);
    if (store.token !== token || store.run !== run) continue;
    if (pixels?.byteLength !== indices.length * size) break;
    indices.forEach((index, i) => here.set(index, new Uint8Array(pixels, i * size, size)));
    store.onNews();
  }
  store.busy = false;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} pixels 0 paper, drawn black, to 255 ink, drawn white
 * @param {[number, number]} shape rows and columns
 */
export function paintPicture(canvas, pixels, [height, width]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  pixels.forEach((grey, i) => image.data.set([grey, grey, grey, 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/**
 * @param {[number, number]} shape rows and columns
 * @param {number} room in CSS pixels
 * @returns {{width: string, height: string}} whole CSS pixels for a picture's pixel where they fit
 */
export function pictureSize([height, width], room) {
  const scale = room / Math.max(height, width);
  const whole = scale >= 1 ? Math.floor(scale) : scale;
  return { width: `${whole * width}px`, height: `${whole * height}px` };
}
