// Draw at most once per screen refresh, and only after a new frame, a new size or a new theme.

import { dress, themeKey, themeOf } from "./palette.js";

const THEME_CHECK = 1000;

/**
 * @param {HTMLElement} root what is drawn; its width and its theme are watched
 * @param {(theme: Object) => void} draw
 * @returns {{request: () => void, stop: () => void}}
 */
export function redrawer(root, draw) {
  let asked = 0;
  let key = "";
  let theme = null;
  const paint = () => {
    asked = 0;
    if (!root.isConnected) return;
    if (key !== themeKey(root)) {
      key = themeKey(root);
      theme = themeOf(root);
      dress(root, theme);
    }
    draw(theme);
  };
  const request = () => {
    asked ||= requestAnimationFrame(paint);
  };
  const sizes = new ResizeObserver(request);
  sizes.observe(root);
  const timer = setInterval(() => root.isConnected && key !== themeKey(root) && request(), THEME_CHECK);
  const stop = () => {
    cancelAnimationFrame(asked);
    clearInterval(timer);
    sizes.disconnect();
  };
  return { request, stop };
}
