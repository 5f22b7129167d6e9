// Finding the drawings that were added to the training pictures in a frame.

/**
 * @param {Object} frame a merged frame
 * @param {number} i which of the drawings
 * @returns {Uint8Array} its picture, 255 = ink
 */
export function taughtDigit({ taught_digits: digits, image_shape: [rows, columns] }, i) {
  const size = rows * columns;
  return digits.subarray(i * size, (i + 1) * size);
}

/**
 * @param {Object} frame a merged frame
 * @param {Uint8Array|null|undefined} digit a picture the model sees
 * @returns {Object|null} what the frame says of that very drawing, null when it was not added
 */
export function taughtAs(frame, digit) {
  const taught = frame.taught ?? [];
  if (!digit || !taught.length) return null;
  const found = taught.findIndex((_, i) => isSame(taughtDigit(frame, i), digit));
  return found < 0 ? null : taught[found];
}

function isSame(one, other) {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}
