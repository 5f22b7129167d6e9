// Numbers as people read them: with the digits that mean something.

const NONE = "–";
const SPACE = "\u00a0";

/** @param {number|null} value @returns {boolean} true for a real, finite number */
export function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** @param {number|null} share in [0, 1] @returns {string} "92.3 %" */
export function percent(share) {
  return isNumber(share) ? `${(100 * share).toFixed(1)}${SPACE}%` : NONE;
}

/** @param {number|null} value in nats @returns {string} "0.267" */
export function loss(value) {
  if (!isNumber(value)) return NONE;
  if (Math.abs(value) >= 1e5) return value.toExponential(1).replace("+", "");
  return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}

/** @param {number|null} value in nats @returns {string} "2.30", for sentences */
export function lossInWords(value) {
  return isNumber(value) && value >= 0.1 && value < 1e5 ? value.toFixed(2) : loss(value);
}

/** @param {number|null} value @returns {string} "12 480" */
export function count(value) {
  if (!isNumber(value)) return NONE;
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** @param {number|null} perSecond @returns {string} "1.2 M/s" */
export function speed(perSecond) {
  if (!isNumber(perSecond)) return NONE;
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)}${SPACE}M/s`;
  if (perSecond >= 1e3) return `${Math.round(perSecond / 1e3)}${SPACE}k/s`;
  return `${Math.round(perSecond)}${SPACE}/s`;
}

/**
 * Epochs done, rounded down so that "4.0" means four whole ones, of how many.
 * @param {{epoch: number, epoch_fraction: number, epochs_target: number|null}} frame
 * @returns {string} "3.4 / 20"
 */
export function epochs(frame) {
  if (!isNumber(frame.epoch)) return NONE;
  const done = frame.epoch + Math.min(frame.epoch_fraction || 0, 1);
  const shown = (Math.floor(done * 10 + 1e-6) / 10).toFixed(1);
  return isNumber(frame.epochs_target) ? `${shown} / ${frame.epochs_target}` : shown;
}

/** @param {number} value @returns {string} a setting as it was typed: "0.5", "0.025" */
export function setting(value) {
  return isNumber(value) ? String(Number(value.toPrecision(4))) : NONE;
}

/** @param {number} value @returns {string} two digits that mean something: "0.50", "2.8", "22" */
export function twoDigits(value) {
  if (!isNumber(value)) return NONE;
  return Math.abs(value) < 10 && value !== 0 ? value.toPrecision(2) : String(Math.round(value));
}
