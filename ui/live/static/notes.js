// What is written into a chart: where a setting changed, which line is which, values at the pointer.

const FONT = 11;
const ROWS = 2;
const ROW_HEIGHT = 14;
const LINE_HEIGHT = 16;

/**
 * A vertical line where a setting changed, its text beside it; texts that would overlap go lower,
 * and when all rows are taken the older text gives way. None reaches into the room of the names.
 * @param {Object} plot from plotArea
 * @param {{step: number, text: string}[]} marks
 * @param {Object} theme from themeOf
 */
export function drawMarks(plot, marks, theme) {
  const { context, left, right, top, bottom } = plot;
  const free = Array(ROWS).fill(Infinity);
  context.font = `${FONT}px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const { step, text } of [...marks].reverse()) {
    const x = Math.round(plot.x(step)) + 0.5;
    if (x < left || x > right + 1) continue;
    drawRule(context, theme.muted, x, [top, bottom]);
    const width = context.measureText(text).width + 8;
    const start = Math.max(left, Math.min(x + 1, right + 2 - width));
    const row = free.findIndex((edge) => start + width <= edge);
    if (row < 0) continue;
    free[row] = start;
    const y = top + 7 + row * ROW_HEIGHT;
    context.fillStyle = theme.background;
    context.globalAlpha = 0.85;
    context.fillRect(start, y - 7, width, 14);
    context.globalAlpha = 1;
    context.fillStyle = theme.text;
    context.fillText(text, start + 4, y);
  }
}

/**
 * The step whose weights are looked at: a line with a flag at the bottom, where no text stands.
 * @param {Object} plot from plotArea
 * @param {number} step
 * @param {string} text
 * @param {Object} theme from themeOf
 */
export function drawPin(plot, step, text, theme) {
  const { context, left, right, top, bottom } = plot;
  const x = Math.round(plot.x(step)) + 0.5;
  if (x < left || x > right + 1) return;
  context.strokeStyle = theme.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const width = context.measureText(text).width + 10;
  const start = x + width > right ? x - width : x;
  context.fillStyle = theme.text;
  context.fillRect(start, bottom - 18, width, 16);
  context.fillStyle = theme.background;
  context.fillText(text, start + 5, bottom - 10);
}

/**
 * The name of each line at its right end, moved apart where they would overlap.
 * @param {Object} plot from plotArea
 * @param {{text: string, color: string, value: number}[]} names
 * @param {Object} theme from themeOf
 * @param {number} [end] where the lines end, if not at the right
 */
export function drawNames(plot, names, theme, end = plot.right) {
  const { context, top, bottom } = plot;
  const placed = names
    .map((name) => ({ ...name, y: Math.min(Math.max(plot.y(name.value), top + 6), bottom - 6) }))
    .filter(({ y }) => Number.isFinite(y))
    .sort((a, b) => a.y - b.y);
  spread(placed, bottom - 6);
  context.font = `600 ${FONT}px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const { text, color, y } of placed) {
    context.fillStyle = color;
    context.fillText(text, end + 6, y);
  }
}

/**
 * A hair line at a step and a small card with what the lines say there.
 * @param {Object} plot from plotArea
 * @param {number} step
 * @param {{text: string, color: string, value?: number}[]} lines the first is the heading
 * @param {Object} theme from themeOf
 */
export function drawReadout(plot, step, lines, theme) {
  const { context, right, top, bottom } = plot;
  const x = plot.x(step);
  drawRule(context, theme.text, Math.round(x) + 0.5, [top, bottom]);
  for (const { value, color } of lines) {
    if (Number.isFinite(value)) drawDot(context, x, plot.y(value), color, theme.background);
  }
  context.font = `${FONT}px ${theme.font}`;
  const width = Math.max(...lines.map(({ text }) => context.measureText(text).width)) + 16;
  const height = lines.length * LINE_HEIGHT + 8;
  const cardX = x + 10 + width > right + 30 ? x - 10 - width : x + 10;
  drawCard(context, [cardX, top + 4, width, height], theme);
  context.textAlign = "left";
  lines.forEach(({ text, color }, row) => {
    context.fillStyle = color;
    context.fillText(text, cardX + 8, top + 8 + (row + 0.5) * LINE_HEIGHT);
  });
}

/** Each pass moves neighbours apart by half of what they lack; a crowd takes a few. */
function spread(placed, lowest) {
  for (let pass = 0; pass < placed.length; pass += 1) spreadOnce(placed, lowest);
  for (let i = placed.length - 2; i >= 0; i -= 1) {
    placed[i].y = Math.min(placed[i].y, placed[i + 1].y - FONT);
  }
}

function spreadOnce(placed, lowest) {
  const gap = FONT + 2;
  for (let i = 1; i < placed.length; i += 1) {
    const short = gap - (placed[i].y - placed[i - 1].y);
    if (short <= 0) continue;
    placed[i - 1].y -= short / 2;
    placed[i].y += short / 2;
    const over = Math.max(placed[i].y - lowest, 0);
    placed[i].y -= over;
    placed[i - 1].y -= over;
  }
}

function drawRule(context, color, x, [top, bottom]) {
  context.save();
  context.globalAlpha = 0.6;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash([1, 3]);
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
  context.restore();
}

function drawDot(context, x, y, color, edge) {
  context.fillStyle = color;
  context.strokeStyle = edge;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function drawCard(context, box, theme) {
  context.fillStyle = theme.background;
  context.strokeStyle = theme.faint;
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(...box, 6);
  context.fill();
  context.stroke();
}
