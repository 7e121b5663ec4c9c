/**
 * Takes one channel of pixels with several, or their grey: ITU-R 601-2 luma in 16-bit fixed point, as in Pillow. Alpha
 * is dropped, not blended. Samples may have 8 or 16 bits.
 */

import type { Samples } from "./wanted-pixels.js";

/** Grey of one colour. */
export function greyOf(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >>> 16;
}

/** Grey of pixels that begin with red, green and blue, and have `step` samples each. */
export function rgbToGrey(source: Samples, step: 3 | 4, target: Samples): void {
  for (let i = 0, o = 0; o < target.length; i += step, o++) {
    target[o] = greyOf(source[i] as number, source[i + 1] as number, source[i + 2] as number);
  }
}

/** Takes sample `place` of pixels that have `step` samples each. */
export function takeChannel(source: Samples, step: number, place: number, target: Samples): void {
  if (step === 1) target.set(source.subarray(0, target.length));
  else for (let i = place, o = 0; o < target.length; i += step, o++) target[o] = source[i] as number;
}
