// Finding the drawing surface of streamlit-drawable-canvas in the page, and making it safe to touch.

const HOSTS = ".stBidiComponent, .stBidiComponent *";
const STYLE = "sl-surface";
const WATCHED = ["data-pinned", "disabled"];
const SETTLE = 30;

/**
 * @typedef {Object} Surface
 * @property {ShadowRoot} root
 * @property {HTMLElement} container receives the pointers
 * @property {HTMLCanvasElement} lower the finished strokes
 * @property {HTMLCanvasElement} upper the stroke being drawn
 */

/**
 * Watch the page for a drawing surface: one that appears, is replaced, goes away, or whose content
 * is changed by something else than the pointer (undo, redo, clear, a new initial drawing).
 * @param {(surface: Surface|null) => void} onSurface
 * @param {() => void} onChange the content may have changed
 * @returns {{look: () => void, stop: () => void}}
 */
export function watchSurface(onSurface, onChange) {
  let surface = null;
  let timer = 0;
  const roots = new WeakSet();
  const look = () => {
    timer = 0;
    if (surface?.lower.isConnected && surface.upper.isConnected) return;
    const found = findSurface((root) => {
      if (!roots.has(root)) observer.observe(root, inShadow);
      roots.add(root);
    });
    if (found || surface) onSurface((surface = found));
  };
  const inShadow = { childList: true, subtree: true, attributes: true, attributeFilter: WATCHED };
  const observer = new MutationObserver((records) => {
    if (records.some(({ type }) => type === "attributes")) onChange();
    timer ||= setTimeout(look, SETTLE);
  });
  observer.observe(document.body, { childList: true, subtree: true });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  return { look, stop };
}

/**
 * Take the invisible toolbar out of reach (it lies over the canvas, a tap on it erases the drawing)
 * and say what the canvas is; safe to repeat.
 * @param {Surface} surface
 * @param {string} label for screen readers
 */
export function secure({ root, lower, upper }, label) {
  hideToolbar(root);
  lower.setAttribute("aria-hidden", "true");
  upper.setAttribute("role", "img");
  upper.setAttribute("aria-label", label);
  upper.style.touchAction = "none";
}

function findSurface(onRoot) {
  for (const host of document.querySelectorAll(HOSTS)) {
    const root = host.shadowRoot;
    if (!root) continue;
    onRoot(root);
    const container = root.querySelector(".dc-root .dc-container");
    if (root.querySelector(".dc-toolbar")) hideToolbar(root);
    const upper = container?.querySelector("canvas.upper-canvas");
    // Beside it, not anywhere: the layer for background pictures is called lower-canvas as well.
    const lower = upper?.parentElement.querySelector("canvas.lower-canvas");
    if (lower && upper) return { root, container, lower, upper };
  }
  return null;
}

function hideToolbar(root) {
  if (root.getElementById(STYLE)) return;
  const style = document.createElement("style");
  style.id = STYLE;
  style.textContent = ".dc-toolbar { display: none !important; }";
  root.append(style);
}
