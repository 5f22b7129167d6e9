// A digit on a canvas, one canvas pixel for each of its own: white ink on black, as the model sees it.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} digit 255 = ink
 * @param {[number, number]} shape rows and columns
 */
export function paintDigit(canvas, digit, [height, width]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  Array.from(digit).forEach((grey, i) => image.data.set([grey, grey, grey, 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}
