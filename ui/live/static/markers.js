// A shape for each class, so that no point is told by its colour alone; the saved figures use the same.

const NAMES = ["circle", "square", "triangle", "diamond", "triangle_down", "plus"];
const CORNERS = {
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
  triangle_down: [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
  plus: [
    [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
    [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
  ],
};

/** @param {number} index of a class @returns {string} a key of the words: what its shape is called */
export function markerName(index) {
  return NAMES[index % NAMES.length];
}

/**
 * Make the outline of a class's shape the context's path, to be filled or stroked.
 * @param {CanvasRenderingContext2D} context
 * @param {number} index of the class
 * @param {[number, number]} at its middle
 * @param {number} radius in CSS pixels
 */
export function drawMarker(context, index, [x, y], radius) {
  const name = markerName(index);
  context.beginPath();
  if (name === "circle") {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of CORNERS[name]) context.lineTo(x + radius * dx, y + radius * dy);
  context.closePath();
}
