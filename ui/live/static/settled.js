// Telling the page, once, that training ended by itself, so that its buttons can follow.

/**
 * The page draws its Train or Pause button in a script run; a run that finishes or stops by itself
 * happens between two script runs. A pause by the user needs no telling: the script did it.
 * @returns {(frame: Object, component: Object) => void} to be called with every frame, and with the
 *   last one whenever Streamlit calls the component; a frame older than the page says nothing
 */
export function teller() {
  let told = null;
  return (frame, { data, setTriggerValue }) => {
    if (frame.gone) {
      if (told !== "gone") setTriggerValue("gone", true);
      told = "gone";
      return;
    }
    if (!frame.ready || frame.offline || frame.version < data.version) return;
    if (frame.status === "running") told = null;
    if (data.running && frame.status !== "running" && told !== data) {
      told = data;
      setTriggerValue("settled", frame.version);
    }
  };
}

