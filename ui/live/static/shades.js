// Shades as CSS: a cell's background between orange and blue with readable text on it, and ink.

import { divergingPixels } from "./palette.js";

/**
 * @param {Object} theme from themeOf
 * @returns {(level: number) => {background: string, color: string}} for levels -127 (orange) over 0
 *   (the page's background) to 127 (blue); the text is the page's or its background, as stands out
 */
export function shadesOf(theme) {
  const bytes = new Uint8Array(divergingPixels(theme).buffer);
  const inks = [theme.text, theme.background].map((css) => [css, luminance(channels(css))]);
  return (level) => {
    const rgb = [...bytes.subarray(4 * (level & 255), 4 * (level & 255) + 3)];
    const here = luminance(rgb);
    const [text, page] = inks.map(([, ink]) => contrast(here, ink));
    return { background: `rgb(${rgb.join(", ")})`, color: inks[text >= page ? 0 : 1][0] };
  };
}

/**
 * @param {Object} theme from themeOf
 * @returns {Uint32Array} 256 RGBA pixels from the page's background (no ink) to its text (full ink)
 */
export function inkPixels(theme) {
  const [page, text] = [channels(theme.background), channels(theme.text)];
  const pixels = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(pixels.buffer);
  for (let ink = 0; ink < 256; ink += 1) {
    bytes.set([...page.map((from, i) => Math.round(from + ((text[i] - from) * ink) / 255)), 255], 4 * ink);
  }
  return pixels;
}

/** Red, green and blue of a colour written "rgb(r, g, b)", as a theme's text and background are. */
function channels(css) {
  return css.match(/\d+/g).slice(0, 3).map(Number);
}

/** Contrast of two luminances by WCAG 2: 1 to 21. */
function contrast(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** Relative luminance of WCAG 2: 0 is black, 1 is white. */
function luminance(rgb) {
  const [r, g, b] = rgb.map((v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
