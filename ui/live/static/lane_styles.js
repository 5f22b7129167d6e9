// The look of one line among many: a colour and a dash pattern, as in the saved figures.

const DASHES = [[], [6, 2], [1.5, 1.5], [6, 2, 1.5, 2], [3, 1.5], [9, 3]];

/**
 * @param {number} index of the line: 0, 1, ...; no two of the first 36 are alike
 * @param {string[]} colours of the theme
 * @returns {{color: string, dash: number[]}}
 */
export function laneStyle(index, colours) {
  const place = index % colours.length;
  const turn = Math.floor(index / colours.length);
  // Later turns pair a colour with other dashes.
  const dash = DASHES[(place + turn) % DASHES.length].map((length) => 1.6 * length);
  return { color: colours[place], dash };
}
