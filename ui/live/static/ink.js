// From canvas pixels to ink: how dark each small block is, exactly as the server computes it.

const WHITE = "#ffffff";

/**
 * Ink of an opaque RGBA picture, in integer arithmetic so that browser and server agree bit for bit:
 * grey = floor((299 R + 587 G + 114 B + 500) / 1000), ink = floor((sum of 255 - grey + n/2) / n).
 * @param {Uint8ClampedArray} rgba side * side * 4 bytes
 * @param {number} side of the picture in pixels, a multiple of inkSide
 * @param {number} inkSide of the result
 * @returns {Uint8Array} inkSide * inkSide bytes, 0 blank paper, 255 full ink
 */
export function inkOf(rgba, side, inkSide) {
  const block = side / inkSide;
  const area = block * block;
  const sums = new Uint32Array(inkSide * inkSide);
  for (let y = 0, p = 0; y < side; y += 1) {
    const row = Math.floor(y / block) * inkSide;
    for (let x = 0; x < side; x += 1, p += 4) {
      const grey = Math.floor((299 * rgba[p] + 587 * rgba[p + 1] + 114 * rgba[p + 2] + 500) / 1000);
      sums[row + Math.floor(x / block)] += 255 - grey;
    }
  }
  return Uint8Array.from(sums, (sum) => Math.floor((sum + Math.floor(area / 2)) / area));
}

/**
 * A sampler that lays canvas layers on white paper and reads their ink.
 * @param {number} side of the canvases in pixels
 * @param {number} inkSide of the result
 * @returns {(layers: HTMLCanvasElement[]) => Uint8Array|null} null when a layer has another size
 */
export function sampler(side, inkSide) {
  const paper = document.createElement("canvas");
  [paper.width, paper.height] = [side, side];
  const context = paper.getContext("2d", { willReadFrequently: true });
  return (layers) => {
    if (layers.some(({ width, height }) => width !== side || height !== side)) return null;
    context.fillStyle = WHITE;
    context.fillRect(0, 0, side, side);
    for (const layer of layers) context.drawImage(layer, 0, 0);
    return inkOf(context.getImageData(0, 0, side, side).data, side, inkSide);
  };
}
