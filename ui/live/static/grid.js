// How many pictures stand in a row, and how large: whole screen pixels per picture pixel.

const GAP = 8;
const LARGEST = 112;
const SIZES = [[10, 112], [20, 64], [30, 52], [Infinity, 42]];

/**
 * @param {number} n how many pictures
 * @param {number} width of the grid in CSS pixels
 * @param {number} pixels columns of one picture
 * @returns {{columns: number, size: number}} pictures per row, width of one in CSS pixels
 */
export function fittedGrid(n, width, pixels) {
  const [, wanted] = SIZES.find(([most]) => n <= most);
  const most = Math.max(1, Math.floor((width + GAP) / (Math.min(wanted, 84) * 0.7 + GAP)));
  const columns = evenColumns(n, Math.min(most, n === 10 ? 5 : n));
  const room = Math.min(width / columns - GAP, columns * (LARGEST + 40) < width ? LARGEST : wanted);
  const ratio = window.devicePixelRatio || 1;
  const whole = Math.floor((room * ratio) / pixels) * pixels;
  return { columns, size: whole > 0 ? whole / ratio : Math.max(room, 8) };
}

/** As few columns as keep the number of rows: 10 in rows of at most 7 stand 5 and 5. */
function evenColumns(n, most) {
  const rows = Math.ceil(n / Math.max(most, 1));
  return Math.ceil(n / rows);
}
