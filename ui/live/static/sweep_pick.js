// Choosing a run of a sweep, by pointer, finger or arrow keys, and asking for it.

const MOVES = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0],
  Home: [0, -Infinity], End: [0, Infinity],
};

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{placeAt: Function, size: () => [number, number], first: () => number[],
 *   onMove: Function, onAsk: Function}} told placeAt(x, y) gives [row, lane] or null; size the
 *   numbers of rows and lanes, 0 of them before the first frame; first where the keyboard begins
 * @returns {{place: () => number[]|null, byKey: () => boolean, forget: () => void}}
 */
export function picker(canvas, { placeAt, size, first, onMove, onAsk }) {
  const held = { place: null, byKey: false };
  const move = (place, byKey = false) => {
    if (String(place) === String(held.place)) return;
    Object.assign(held, { place, byKey });
    onMove();
  };
  const under = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return placeAt(clientX - box.left, clientY - box.top);
  };
  canvas.addEventListener("pointermove", (event) => move(under(event)));
  canvas.addEventListener("pointerdown", (event) => move(under(event)));
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("blur", () => move(null));
  canvas.addEventListener("click", (event) => {
    const place = under(event);
    if (place) onAsk(place, event.pointerType === "touch");
  });
  canvas.addEventListener("keydown", (event) => onKey(event, held, { size, first, move, onAsk }));
  return { place: () => held.place, byKey: () => held.byKey, forget: () => move(null) };
}

function onKey(event, held, { size, first, move, onAsk }) {
  const [rows, lanes] = size();
  if (!rows || !lanes) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (held.place) onAsk(held.place, false);
    return;
  }
  const step = MOVES[event.key];
  if (!step) return;
  event.preventDefault();
  if (!held.place) {
    move(first(), true);
    return;
  }
  const within = (at, by, count) => Math.min(Math.max(at + by, 0), count - 1);
  move([within(held.place[0], step[0], rows), within(held.place[1], step[1], lanes)], true);
}
