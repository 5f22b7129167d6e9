// The colours of the live view, fitted to the page's own light or dark theme.

const LIGHT = { blue: "#1d5fbf", orange: "#b25008", warning: "#8a4b00" };
const DARK = { blue: "#6ea8fe", orange: "#f5a04f", warning: "#ffc27a" };
const MUTED = { light: 0.3, dark: 0.32 };
const FAINT = 0.86;
const FAINTEST_TINT = 0.06;
const STRONGEST_TINT = 0.42;
const PROBES = [
  "--st-background-color", "--st-text-color", "--st-font", "--st-blue-color", "--st-orange-color",
];

/**
 * A short text that changes exactly when the theme does; cheap enough to ask every second.
 * @param {HTMLElement} place an element below Streamlit's theme variables
 * @returns {string}
 */
export function themeKey(place) {
  const style = getComputedStyle(place);
  return PROBES.map((name) => style.getPropertyValue(name).trim()).join("|");
}

/**
 * @param {HTMLElement} place an element below Streamlit's theme variables
 * @returns {Object} CSS colours background, text, muted, faint, train, test, warning, pro, con,
 *   `font` (a CSS font family) and `dark`
 */
export function themeOf(place) {
  const style = getComputedStyle(place);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const background = rgb(read("--st-background-color", "#ffffff"));
  const text = rgb(read("--st-text-color", "#31333f"));
  const dark = luminance(background) < 0.3;
  const own = dark ? DARK : LIGHT;
  // Blue and orange are the page's, which are those of every saved figure too.
  const [blue, orange] = [read("--st-blue-color", own.blue), read("--st-orange-color", own.orange)];
  return {
    train: blue, test: orange, pro: blue, con: orange, warning: own.warning,
    dark,
    background: css(background),
    text: css(text),
    muted: css(mixed(text, background, dark ? MUTED.dark : MUTED.light)),
    faint: css(mixed(text, background, FAINT)),
    font: read("--st-font", style.fontFamily),
  };
}

/**
 * Hand the colours to the style sheet as --sl-* variables.
 * @param {HTMLElement} root
 * @param {Object} theme from themeOf
 */
export function dress(root, theme) {
  root.style.colorScheme = theme.dark ? "dark" : "light";
  for (const name of ["background", "text", "muted", "faint", "train", "test", "warning", "pro", "con"]) {
    root.style.setProperty(`--sl-${name}`, theme[name]);
  }
}

/**
 * Colours of the weights -127...127: against orange, zero the page's background, for blue.
 * @param {Object} theme from themeOf
 * @returns {Uint32Array} 256 RGBA pixels, indexed by the weight's byte (weight & 255)
 */
export function divergingPixels(theme) {
  const zero = rgb(theme.background);
  const pro = rgb(theme.pro);
  const con = rgb(theme.con);
  const pixels = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(pixels.buffer);
  for (let weight = -128; weight < 128; weight += 1) {
    const share = Math.min(Math.abs(weight) / 127, 1);
    bytes.set([...mixed(zero, weight > 0 ? pro : con, share), 255], 4 * (weight & 255));
  }
  return pixels;
}

/**
 * A colour for each class, from the list of the saved figures that comes with a frame.
 * @param {{class_names: string[], class_colours: Object<string, string[]>}} frame
 * @param {Object} theme from themeOf
 * @returns {string[]} CSS colours
 */
export function classColours({ class_names: names, class_colours: lists }, theme) {
  const list = lists[theme.dark ? "dark" : "light"];
  return names.map((name, i) => list[i % list.length]);
}

/**
 * Tints of the page's background with each class's colour: the surer the model, the stronger.
 * @param {Object} theme from themeOf
 * @param {string[]} colours one per class
 * @returns {Uint32Array} RGBA pixels, indexed by 256 * class + confidence byte
 */
export function tintPixels(theme, colours) {
  const background = rgb(theme.background);
  const pixels = new Uint32Array(256 * colours.length);
  const bytes = new Uint8ClampedArray(pixels.buffer);
  colours.forEach((colour, k) => {
    for (let sure = 0; sure < 256; sure += 1) {
      const share = FAINTEST_TINT + (STRONGEST_TINT - FAINTEST_TINT) * (sure / 255);
      bytes.set([...mixed(background, rgb(colour), share), 255], 4 * (256 * k + sure));
    }
  });
  return pixels;
}

/**
 * @param {string} color any CSS colour
 * @param {number} alpha in [0, 1]
 * @returns {string} the same colour, see-through
 */
export function withAlpha(color, alpha) {
  return `rgba(${rgb(color).join(", ")}, ${alpha})`;
}

const known = new Map();
const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Red, green and blue of any CSS colour: the browser itself is asked by painting one pixel. */
function rgb(color) {
  if (!known.has(color)) {
    probe.fillStyle = "#888888";
    probe.fillStyle = color;
    probe.fillRect(0, 0, 1, 1);
    known.set(color, [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  }
  return known.get(color);
}

function mixed(from, to, share) {
  return from.map((value, i) => Math.round(value + (to[i] - value) * share));
}

function css(color) {
  return `rgb(${color.join(", ")})`;
}

/** Relative luminance of WCAG 2: 0 is black, 1 is white. */
function luminance(color) {
  const [r, g, b] = color.map((v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
