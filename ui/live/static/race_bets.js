// How many have bet on each lane: counted here at once, told to the page a moment later.

const TELL_AFTER = 250;
const MOST = 999;

/**
 * @param {(tally: Object<string, number>) => void} tell the page, which keeps them
 * @param {() => void} redraw
 * @returns {{hear: (bets: Object) => void, of: (name: string) => number, add: Function,
 *   clear: (names: string[]) => void, total: (names: string[]) => number, stop: () => void}}
 */
export function tally(tell, redraw) {
  const state = { bets: {}, timer: 0, told: null };
  const later = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(() => {
      state.timer = 0;
      state.told = text(state.bets);
      tell({ ...state.bets });
    }, TELL_AFTER);
    redraw();
  };
  return {
    // What the page knows counts, but for what it has not been told or has not yet taken.
    hear: (bets) => {
      if (state.timer || (state.told !== null && state.told !== text(bets))) return;
      Object.assign(state, { bets: { ...bets }, told: null });
    },
    of: (name) => state.bets[name] ?? 0,
    add: (name, more) => {
      state.bets[name] = Math.min(Math.max((state.bets[name] ?? 0) + more, 0), MOST);
      later();
    },
    clear: (names) => {
      for (const name of names) delete state.bets[name];
      later();
    },
    total: (names) => names.reduce((sum, name) => sum + (state.bets[name] ?? 0), 0),
    stop: () => clearTimeout(state.timer),
  };
}

/** The same for the same counts, in whatever order and with or without zeros. */
function text(bets) {
  return JSON.stringify(Object.entries(bets).filter(([, n]) => n > 0).sort());
}
