// One prediction in one form, whether it came with a frame or as the answer to the pen.

/**
 * @typedef {Object} Verdict
 * @property {number} prediction class index
 * @property {string} name class name
 * @property {number|null} confidence in [0, 1]
 * @property {ArrayLike<number>} probabilities one per class
 * @property {Uint8Array|null} digit the picture the model sees, 255 = ink
 * @property {[number, number]} shape of that picture
 */

/** @param {Object} frame a merged frame @returns {Verdict|null} null without a drawing */
export function fromFrame(frame) {
  if (!frame.has_drawing || !isIndex(frame.prediction) || !frame.probabilities) return null;
  return {
    prediction: frame.prediction,
    name: String(frame.class_names?.[frame.prediction] ?? frame.prediction),
    confidence: frame.confidence ?? frame.probabilities[frame.prediction],
    probabilities: frame.probabilities,
    digit: frame.digit ?? null,
    shape: frame.image_shape,
  };
}

/**
 * @param {Object} answer the server's JSON for one posted drawing
 * @param {Object} frame the newest frame, for the class names
 * @returns {Verdict|null} null for a blank drawing
 */
export function fromAnswer(answer, frame) {
  if (!isIndex(answer.prediction) || !Array.isArray(answer.probabilities)) return null;
  const shape = answer.image_shape ?? frame.image_shape;
  return {
    prediction: answer.prediction,
    name: String(answer.prediction_name ?? frame.class_names?.[answer.prediction] ?? answer.prediction),
    confidence: answer.confidence ?? null,
    probabilities: answer.probabilities,
    digit: pixels(answer.digit, shape),
    shape,
  };
}

function isIndex(value) {
  return Number.isInteger(value) && value >= 0;
}

function pixels(base64, shape) {
  if (!base64 || !shape) return null;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return bytes.length === shape[0] * shape[1] ? bytes : null;
}
