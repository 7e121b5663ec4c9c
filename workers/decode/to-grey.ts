/**
 * Grey from colour: ITU-R 601-2 luma in 16-bit fixed point, as Pillow computes it. Alpha is dropped, not blended.
 * Works on 8-bit and on 16-bit samples alike.
 */

/** Samples of one byte or two. */
export type Samples = Uint8Array | Uint16Array;

/** Grey of one colour. */
export function greyOf(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >>> 16;
}

/** Grey of pixels that begin with red, green and blue and have `step` samples each. */
export function rgbToGrey(source: Samples, step: 3 | 4, target: Samples): void {
  for (let i = 0, o = 0; o < target.length; i += step, o++) {
    target[o] = greyOf(source[i] as number, source[i + 1] as number, source[i + 2] as number);
  }
}

/** Grey of pixels of grey and alpha. */
export function greyAlphaToGrey(source: Samples, target: Samples): void {
  for (let o = 0; o < target.length; o++) target[o] = source[2 * o] as number;
}

/** Grey of each colour of a palette of red, green, blue. */
export function paletteToGrey(palette: Uint8Array): Uint8Array {
  const grey = new Uint8Array(palette.length / 3);
  rgbToGrey(palette, 3, grey);
  return grey;
}
