// Telling the page, once, that training ended by itself, so that its buttons can follow.

const ENDED = ["finished", "stopped"];

/**
 * The page draws its Train or Pause button in a script run; a run that finishes or stops by itself
 * happens between two script runs. A pause by the user needs no telling: the script did it.
 * @returns {(frame: Object, component: Object, since: number) => void} to be called with every
 *   frame; since: when Streamlit last called the component (a frame asked for before is too old)
 */
export function teller() {
  let before = null;
  let told = null;
  return (frame, { data, setTriggerValue }, since) => {
    if (frame.gone) {
      if (told !== "gone") setTriggerValue("gone", true);
      told = "gone";
      return;
    }
    if (!frame.ready || frame.offline || frame.asked < since) return;
    if (frame.status === "running") told = null;
    if (endedAlone(before, frame, data) && told !== data) {
      told = data;
      setTriggerValue("settled", frame.version);
    }
    before = frame.status;
  };
}

/** `data.running`, when Python gives it, says which of the two buttons is on the page. */
function endedAlone(before, frame, data) {
  if (typeof data.running === "boolean") return data.running && frame.status !== "running";
  return before !== null && before !== frame.status && ENDED.includes(frame.status);
}
