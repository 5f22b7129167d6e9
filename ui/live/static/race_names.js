// The name of each lane at the end of its line, moved apart where two would overlap.

const FONT = 12;
const GAP = 15;
const PASSES = 12;
const CROSS = 4.5;

/**
 * @param {Object} plot from plotArea
 * @param {{text: string, color: string, x: number, y: number, stopped: boolean}[]} ends in CSS pixels
 * @param {Object} theme from themeOf
 */
export function drawLaneNames(plot, ends, theme) {
  const { context, top, bottom } = plot;
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const placed = ends.map((end) => ({
    ...end, at: Math.min(Math.max(end.y, top + 6), bottom - 7), wide: context.measureText(end.text).width,
  }));
  for (let pass = 0; pass < PASSES; pass += 1) apart(placed, top + 6, bottom - 7);
  for (const end of placed) {
    if (end.stopped) drawCross(context, end);
    context.fillStyle = theme.background;
    context.globalAlpha = 0.8;
    context.fillRect(end.x + 6, end.at - FONT / 2 - 1, end.wide + 4, FONT + 2);
    context.globalAlpha = 1;
    context.fillStyle = end.color;
    context.fillText(end.text, end.x + 8, end.at);
  }
}

/** How much room the longest name needs at the right. */
export function roomFor(context, texts, theme) {
  context.font = `600 ${FONT}px ${theme.font}`;
  return Math.max(...texts.map((text) => context.measureText(text).width)) + 16;
}

function apart(placed, highest, lowest) {
  const sorted = [...placed].sort((a, b) => a.at - b.at);
  for (let i = 0; i < sorted.length; i += 1) {
    for (let j = i + 1; j < sorted.length; j += 1) {
      const [upper, lower] = [sorted[i], sorted[j]];
      const short = GAP - (lower.at - upper.at);
      const beside = upper.x + upper.wide < lower.x || lower.x + lower.wide < upper.x;
      if (short <= 0 || beside) continue;
      upper.at = Math.max(upper.at - short / 2, highest);
      lower.at = Math.min(lower.at + short / 2, lowest);
      // At an edge only one of the two can give way.
      const left = GAP - (lower.at - upper.at);
      if (left > 0 && upper.at === highest) lower.at += left;
      else if (left > 0) upper.at -= left;
    }
  }
}

function drawCross(context, { x, y, color }) {
  context.strokeStyle = color;
  context.lineWidth = 2.5;
  context.setLineDash([]);
  context.beginPath();
  for (const turn of [-1, 1]) {
    context.moveTo(x - CROSS, y - turn * CROSS);
    context.lineTo(x + CROSS, y + turn * CROSS);
  }
  context.stroke();
}
