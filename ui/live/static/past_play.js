// The run as a film: one kept step after the other, each shown before the next is asked for.

const PACE = 180;
const PATIENCE = 1200;

/**
 * @param {(step: number|null) => Promise<void>} look shows a step; null follows the run
 * @param {() => void} changed called when it begins and when it ends
 * @returns {{hear: (frame: Object) => void, toggle: () => void, stop: () => void, playing: () => boolean}}
 */
export function player(look, changed) {
  const film = { frame: {}, playing: false, waiting: null };
  const stop = () => {
    if (!film.playing) return;
    film.playing = false;
    film.waiting?.();
    changed();
  };
  return {
    hear: (frame) => {
      film.frame = frame;
      film.waiting?.();
    },
    toggle: () => (film.playing ? stop() : play(film, look, changed)),
    stop,
    playing: () => film.playing,
  };
}

async function play(film, look, changed) {
  film.playing = true;
  changed();
  for (let step = beginning(film.frame); film.playing && step !== undefined; step = next(film.frame, step)) {
    const began = performance.now();
    await look(step);
    await shown(film, step);
    await new Promise((resolve) => setTimeout(resolve, PACE - (performance.now() - began)));
  }
  if (!film.playing) return;
  film.playing = false;
  await look(null); // nothing stays pinned by a film that was seen to its end
  changed();
}

/** From the step that is looked at, or from the start. */
function beginning({ snapshot_steps: steps = [], pinned, shown_step: at }) {
  return pinned && at < steps[steps.length - 1] ? at : steps[0];
}

function next({ snapshot_steps: steps = [] }, step) {
  return steps.find((later) => later > step);
}

function shown(film, step) {
  const there = () => !film.playing || (film.frame.pinned && film.frame.shown_step === step);
  if (there()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      film.waiting = null;
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, PATIENCE);
    film.waiting = () => there() && done();
  });
}
