// Sliding a picture by pulling it with the pointer or a finger.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => {right: number, down: number}} place where it lies now, in its own pixels
 * @param {(place: {right: number, down: number}) => void} onPull
 */
export function pulled(canvas, place, onPull) {
  let from = null;
  canvas.classList.add("sl-pulled");
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    const { right, down } = place();
    from = { right, down, x: event.clientX, y: event.clientY };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from) return;
    const scale = canvas.width / canvas.clientWidth;
    onPull({
      right: from.right + (event.clientX - from.x) * scale,
      down: from.down + (event.clientY - from.y) * scale,
    });
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, () => { from = null; });
  }
}
