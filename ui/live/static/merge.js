// A frame carries only the new part of the curves: here it joins the part the page already holds.

const CURVES = [
  "curve_step", "curve_mean", "curve_min", "curve_max", "curve_accuracy", "curve_norm", "curve_rate",
];

/**
 * @param {Object|null} held the merged frame so far
 * @param {{header: Object, arrays: Object}} received one decoded frame
 * @returns {Object} header fields and arrays in one object, curves complete
 */
export function merge(held, { header, arrays }) {
  const frame = { ...header, ...arrays, ready: true };
  const continues = Boolean(held?.ready) && held.generation === header.generation;
  if (!continues) return frame;
  const kept = bucketsBefore(held.curve_step, header.curve_from);
  for (const name of CURVES) frame[name] = joined(held[name], kept, arrays[name]);
  return frame;
}

/** How many held buckets end before step `from`; the others are sent again, more complete. */
function bucketsBefore(steps, from) {
  let kept = steps.length;
  while (kept > 0 && steps[kept - 1] >= from) kept -= 1;
  return kept;
}

function joined(old, kept, fresh) {
  const whole = new fresh.constructor(kept + fresh.length);
  whole.set(old.subarray(0, kept));
  whole.set(fresh, kept);
  return whole;
}
