// A plane with points on a canvas: the ground the model gives to each class, names, points, rings.

import { sharpContext } from "./chart.js";
import { drawMarker } from "./markers.js";
import { classColours, tintPixels } from "./palette.js";
import { linearTicks } from "./ticks.js";

const MARGIN = { left: 26, right: 6, top: 6, bottom: 22 };
const FULL = 65535;
const TICKS = 5;
const FONT = 11;
const SMALL = 2.2;
const LARGE = 4;
const RING = 7;

/**
 * @param {HTMLCanvasElement} canvas what is drawn on
 * @param {HTMLCanvasElement} ground a hidden one of one pixel per cell
 * @param {number} size side of the square in CSS pixels
 * @param {Object} frame a merged frame with regions
 * @param {Object} theme from themeOf
 */
export function drawPlane(canvas, ground, size, frame, theme) {
  Object.assign(canvas.style, { width: `${size}px`, height: `${size}px` });
  const place = placed(sharpContext(canvas, size, size), size, frame.regions_bounds);
  drawGround(frame, ground, place, theme);
  drawScales(place, theme);
  drawTraining(place, frame, theme);
  drawNames(place, frame, theme);
  drawTest(place, frame, theme);
}

/**
 * The signs of the legend: a class's shape, or the ring of a misread point.
 * @param {HTMLCanvasElement} canvas
 * @param {number} size side of the square in CSS pixels
 * @param {{index: number|null, colour: string}} sign index null for the ring
 */
export function drawSign(canvas, size, { index, colour }) {
  const context = sharpContext(canvas, size, size);
  const middle = [size / 2, size / 2];
  if (index === null) {
    drawRing(context, middle, colour);
    return;
  }
  drawMarker(context, index, middle, LARGE + 1);
  context.fillStyle = colour;
  context.fill();
}

/** Where a point of the plane lies on the canvas. */
function placed(context, size, [left, right, bottom, top]) {
  const box = {
    left: MARGIN.left, top: MARGIN.top, right: size - MARGIN.right, bottom: size - MARGIN.bottom,
  };
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  return {
    context, ...box, width, height,
    bounds: { x: [left, right], y: [bottom, top] },
    x: (value) => box.left + (width * (value - left)) / (right - left),
    y: (value) => box.bottom - (height * (value - bottom)) / (top - bottom),
    // A point comes as two whole numbers: from the left and from the bottom, of FULL.
    at: (points, i) => [
      box.left + (width * points[2 * i]) / FULL, box.bottom - (height * points[2 * i + 1]) / FULL,
    ],
  };
}

function drawGround(frame, ground, { context, left, top, width, height }, theme) {
  const side = frame.regions_side;
  const colours = tintPixels(theme, classColours(frame, theme));
  const image = new ImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  for (let p = 0; p < pixels.length; p += 1) {
    pixels[p] = colours[256 * frame.regions[p] + frame.regions_confidence[p]];
  }
  if (ground.width !== side) Object.assign(ground, { width: side, height: side });
  ground.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(ground, left, top, width, height);
}

function drawScales(place, theme) {
  const { context, left, right, bottom, top, bounds } = place;
  context.strokeStyle = theme.muted;
  context.fillStyle = theme.muted;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, right - left - 1, bottom - top - 1);
  context.font = `${FONT}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const tick of linearTicks(...bounds.x, TICKS)) context.fillText(signed(tick), place.x(tick), bottom + 5);
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of linearTicks(...bounds.y, TICKS)) context.fillText(signed(tick), left - 5, place.y(tick));
}

function drawTraining(place, { train_points: points, train_labels: labels, ...frame }, theme) {
  const { context } = place;
  const colours = classColours(frame, theme);
  context.globalAlpha = 0.5;
  for (let i = 0; i < labels.length; i += 1) {
    context.fillStyle = colours[labels[i]];
    drawMarker(context, labels[i], place.at(points, i), SMALL);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Each class's name in the middle of its ground, so that no region is told by its colour alone. */
function drawNames(place, frame, theme) {
  const { context, left, top, width, height } = place;
  const side = frame.regions_side;
  context.font = `700 22px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  frame.class_names.forEach((name, k) => {
    const cell = middleOf(frame.regions, k, side);
    if (!cell) return;
    const [x, y] = [left + (width * (cell.x + 0.5)) / side, top + (height * (cell.y + 0.5)) / side];
    context.lineWidth = 5;
    context.strokeStyle = theme.background;
    context.strokeText(name, x, y);
    context.fillStyle = theme.text;
    context.fillText(name, x, y);
  });
}

/** The cell of class k that lies deepest in its ground: nearest to the mean of all its cells. */
function middleOf(regions, k, side) {
  let [n, sumX, sumY] = [0, 0, 0];
  for (let p = 0; p < regions.length; p += 1) {
    if (regions[p] !== k) continue;
    n += 1;
    sumX += p % side;
    sumY += Math.floor(p / side);
  }
  if (!n) return null;
  const [x, y] = [Math.round(sumX / n), Math.round(sumY / n)];
  return regions[y * side + x] === k ? { x, y } : null;
}

function drawTest(place, { test_points: points, test_labels: labels, test_predictions: read, ...frame }, theme) {
  const { context } = place;
  const colours = classColours(frame, theme);
  for (let i = 0; i < labels.length; i += 1) {
    const at = place.at(points, i);
    drawMarker(context, labels[i], at, LARGE);
    context.fillStyle = colours[labels[i]];
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = theme.background;
    context.stroke();
    if (read[i] !== labels[i]) drawRing(context, at, theme.text);
  }
}

function drawRing(context, [x, y], colour) {
  context.beginPath();
  context.arc(x, y, RING, 0, 2 * Math.PI);
  context.lineWidth = 1.75;
  context.strokeStyle = colour;
  context.stroke();
}

function signed(value) {
  return String(value).replace("-", "−");
}
