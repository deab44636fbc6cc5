// How a page looks, in 64 bits: files sent again, recompressed or made smaller are found by it. It cannot see an edited amount.

export const LOOK_WIDTH = 9;
export const LOOK_HEIGHT = 8;
/** Paper is never of one grey after compression: what differs by less would be a bit by chance. Of 255. */
const STEP = 2;

/**
 * Difference hash of a page brought to 9 × 8 grey pixels: one bit for each pixel that is darker than its right neighbour, 16
 * hex digits.
 * Null: all of one grey, of which there is nothing to compare.
 */
export function differenceHash(grey: Uint8Array): string | null {
  let bits = 0n;
  for (let row = 0; row < LOOK_HEIGHT; row += 1) {
    for (let column = 0; column < LOOK_WIDTH - 1; column += 1) {
      const at = row * LOOK_WIDTH + column;
      bits = (bits << 1n) | ((grey[at] ?? 0) + STEP < (grey[at + 1] ?? 0) ? 1n : 0n);
    }
  }
  return new Set(grey.subarray(0, LOOK_WIDTH * LOOK_HEIGHT)).size > 1 ? bits.toString(16).padStart(16, "0") : null;
}
