// The page's Undo button, answered in the browser: at once, and with the strokes that are really there.

const BUTTON = ".st-key-undo button";
const CANVAS_UNDO = ".dc-toolbar button[aria-label='Undo']";

/**
 * Streamlit's Undo takes the last stroke off those the server has heard of, and it hears of a stroke
 * 200 ms late. The canvas has an undo of its own; where that has something to take back, a click on
 * the page's button goes there instead, and the canvas then sends the server what is left. A drawing
 * the canvas began with, after a visit to another page, is not in its history: there the click goes
 * on to the server, which knows that drawing.
 * @param {() => ShadowRoot|undefined} rootOf the drawing surface's root, if there is one
 * @param {() => void} onUndone the canvas has taken a stroke back
 * @returns {() => void} stop
 */
export function answerUndo(rootOf, onUndone) {
  const listening = new AbortController();
  const hear = (event) => {
    if (!event.target.closest?.(BUTTON)) return;
    const own = rootOf()?.querySelector(CANVAS_UNDO);
    if (!own?.isConnected || own.disabled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    own.click();
    onUndone();
  };
  // On the window and while the click is on its way down: before anything of Streamlit's hears it.
  window.addEventListener("click", hear, { capture: true, signal: listening.signal });
  return () => listening.abort();
}
