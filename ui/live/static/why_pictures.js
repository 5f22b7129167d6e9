// Small signed pictures on one scale, the scale itself, and a row of pictures to choose from.

import { element, setAttribute, setText } from "./element.js";
import { isNumber, twoDigits } from "./format.js";
import { fittedGrid } from "./grid.js";
import { divergingPixels } from "./palette.js";
import { word } from "./words.js";

const CELL = 6;
const NARROW = 560;
const colours = new WeakMap();

/**
 * Draw one picture of the values -127...127: orange against, the page's background, blue for.
 * @param {HTMLCanvasElement} canvas
 * @param {Int8Array} values height * width
 * @param {[number, number]} shape
 * @param {Object} theme from themeOf
 */
export function paintSigned(canvas, values, [height, width], theme) {
  if (!colours.has(theme)) colours.set(theme, divergingPixels(theme));
  const shades = colours.get(theme);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  values.forEach((value, i) => { pixels[i] = shades[value & 255]; });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/**
 * Give a picture the largest size that has whole screen pixels for each of its own.
 * @param {HTMLCanvasElement} canvas
 * @param {number} room in CSS pixels
 * @param {[number, number]} shape
 * @returns {number} the width it has got
 */
export function fit(canvas, room, [height, width]) {
  const ratio = window.devicePixelRatio || 1;
  const longest = Math.max(height, width);
  const scale = Math.max(1, Math.floor((room * ratio) / longest)) / ratio;
  canvas.style.width = `${scale * width}px`;
  canvas.style.height = `${scale * height}px`;
  return scale * width;
}

/**
 * @param {Int8Array|Uint8Array|Float32Array} array
 * @param {number} i which part
 * @param {number} size of one part
 */
export function part(array, i, size) {
  return array.subarray(i * size, (i + 1) * size);
}

/**
 * @returns {{element: HTMLElement, show: (data: Object, limit: number, ends?: Object) => void}} the
 *   colour scale; `ends` are {against, pro}, other words at its ends
 */
export function scaleBar() {
  const against = element("span", { class: "sl-against" });
  const zero = element("span", { class: "sl-zero" });
  const pro = element("span", { class: "sl-for" });
  const bar = element("div", { class: "sl-scale", role: "img" },
    against, element("span", { class: "sl-ramp" }, zero), pro);
  const show = (data, limit, ends = {}) => {
    const text = twoDigits(isNumber(limit) ? limit : 0);
    setText(against, ends.against ?? word(data, "scale_against", { limit: text }));
    setText(zero, word(data, "scale_zero"));
    setText(pro, ends.pro ?? word(data, "scale_for", { limit: text }));
    setAttribute(bar, "aria-label", word(data, "scale_label", { limit: text }));
    setAttribute(bar, "data-limit", limit);
  };
  return { element: bar, show };
}

/**
 * One button for each class: its name, its picture, and a value below.
 * @param {(k: number) => void} onPick
 * @returns {{element: HTMLElement, show: (row: Object, theme: Object) => void}} show takes
 *   {names, pictures, shape, values, labels, chosen, marked}
 */
export function classRow(onPick) {
  const list = element("div", { class: "sl-why-row", role: "group" });
  let cells = [];
  const show = (row, theme) => {
    if (cells.length !== row.names.length) {
      cells = row.names.map((_name, k) => classCell(k, onPick));
      list.replaceChildren(...cells.map((cell) => cell.button));
    }
    const fitted = fittedRow(cells.length, list.clientWidth, row.shape[1]);
    list.style.gridTemplateColumns = `repeat(${fitted.columns}, minmax(0, 1fr))`;
    const size = row.shape[0] * row.shape[1];
    cells.forEach((cell, k) => {
      setText(cell.name, row.names[k]);
      setText(cell.value, row.values?.[k] ?? "");
      setAttribute(cell.button, "title", row.names[k]);
      setAttribute(cell.button, "aria-label", row.labels[k]);
      setAttribute(cell.button, "aria-pressed", String(k === row.chosen));
      cell.button.classList.toggle("sl-marked", k === row.marked);
      fit(cell.canvas, fitted.size, row.shape);
      paintSigned(cell.canvas, part(row.pictures, k, size), row.shape, theme);
    });
  };
  return { element: list, show };
}

function classCell(k, onPick) {
  const cell = {
    name: element("span", { class: "sl-why-name" }),
    canvas: element("canvas", { class: "sl-picture", "aria-hidden": "true" }),
    value: element("span", { class: "sl-why-value" }),
  };
  cell.button = element("button", { type: "button", class: "sl-why-class", "data-class": k },
    cell.name, cell.canvas, cell.value);
  cell.button.addEventListener("click", () => onPick(k));
  return cell;
}

function fittedRow(n, width, pixels) {
  if (n > 12) return fittedGrid(n, width, pixels);
  const columns = width < NARROW ? Math.ceil(n / 2) : n;
  return { columns, size: Math.min(width / columns - CELL, 112) };
}
