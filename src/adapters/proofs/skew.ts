// By how many degrees the lines of a photographed page lie askew. Recognition of letters and bar codes fail from three degrees on.

/** A page photographed by hand lies within this; what is turned further is turned by quarters, which the readers see themselves. */
const ANGLE_MAX = 20;
const COARSE = 1;
const FINE = 0.25;
/** What is this much darker than its neighbourhood is ink. */
const INK = 24;
/** Ink that is looked at: enough for an angle, few enough for a tenth of a second. */
const DOTS_MAX = 20_000;
/** How much sharper the lines must be at an angle than as they lie, before the page is turned: below it, there were no lines, only chance. */
const CLEARLY = 1.3;

/**
 * Degrees by which the page must be turned clockwise for its lines to lie level; 0 when no angle is clearly better. Some 500 pixels of width
 * are enough.
 */
export function skewOf(grey: Uint8Array, width: number, height: number): number {
  const dots = inkOf(grey, width, height);
  if (dots.length < 200) return 0;
  const score = (angle: number): number => sharpness(dots, width, height, angle);
  const level = score(0);
  let [best, most] = [0, level];
  const consider = (angle: number): void => {
    const here = score(angle);
    if (here > most) [best, most] = [angle, here];
  };
  for (let angle = -ANGLE_MAX; angle <= ANGLE_MAX; angle += COARSE) consider(angle);
  const near = best;
  for (let angle = near - COARSE; angle <= near + COARSE; angle += FINE) consider(angle);
  return most > CLEARLY * level ? -best : 0;
}

/** Pixels darker than the mean of the square around them, thinned out by chance: every third in reading order would make all rows alike. */
function inkOf(grey: Uint8Array, width: number, height: number): { x: number; y: number }[] {
  const reach = Math.max(4, Math.round(width / 40));
  const sums = integral(grey, width, height);
  const at = (x: number, y: number): number => sums[y * (width + 1) + x] ?? 0;
  const dots: { x: number; y: number }[] = [];
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const mean = (at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top)) / ((right - left) * (bottom - top));
      if ((grey[y * width + x] ?? 0) < mean - INK) dots.push({ x, y });
    }
  }
  const every = Math.ceil(dots.length / DOTS_MAX);
  return every <= 1 ? dots : dots.filter(({ x, y }) => ((Math.imul(x, 73_856_093) ^ Math.imul(y, 19_349_663)) >>> 8) % every === 0);
}

function integral(grey: Uint8Array, width: number, height: number): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += grey[y * width + x] ?? 0;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

/** Along lines of text at the right angle, rows of ink and rows of paper alternate: their differences, squared and summed. */
function sharpness(dots: readonly { x: number; y: number }[], width: number, height: number, angle: number): number {
  const slope = Math.tan((angle * Math.PI) / 180);
  const margin = Math.ceil(width * Math.tan((ANGLE_MAX + 1) * (Math.PI / 180)));
  const rows = new Float64Array(height + 2 * margin + 2);
  for (const { x, y } of dots) {
    const row = Math.round(y - x * slope) + margin;
    rows[row] = (rows[row] ?? 0) + 1;
  }
  let sum = 0;
  for (let row = 1; row < rows.length; row += 1) sum += ((rows[row] ?? 0) - (rows[row - 1] ?? 0)) ** 2;
  return sum;
}
