import { zigzag } from "./jpeg-tables.js";

/** Samples, row by row. Width and height are multiples of 8. */
export interface JpegPlaneSamples {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The quantised coefficients of a plane: 64 per block in zigzag order, block by block, row by row. */
export interface JpegBlocks {
  readonly coefficients: Int16Array;
  readonly across: number;
  readonly down: number;
}

// cosines[8 k + n] is the contribution of the n-th sample to the k-th coefficient.
const cosines = Float64Array.from({ length: 64 }, (_, index) => {
  const k = index >> 3;
  const n = index & 7;
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * n + 1) * k * Math.PI) / 16);
});

/** Transforms and quantises a plane. `steps` is in zigzag order. */
export function blocksOf({ data, width, height }: JpegPlaneSamples, steps: readonly number[]): JpegBlocks {
  const across = width >> 3;
  const down = height >> 3;
  const coefficients = new Int16Array(64 * across * down);
  const rows = new Float64Array(64);
  const factors = steps.map((step) => 1 / step);
  for (let block = 0; block < across * down; block++) {
    const corner = Math.floor(block / across) * 8 * width + (block % across) * 8;
    transformRows(data, corner, width, rows);
    for (let n = 0; n < 64; n++) {
      const position = zigzag[n] as number;
      const column = position & 7;
      const basis = position & 56;
      let sum = 0;
      for (let y = 0; y < 8; y++) sum += (cosines[basis + y] as number) * (rows[8 * y + column] as number);
      coefficients[64 * block + n] = Math.round(sum * (factors[n] as number));
    }
  }
  return { coefficients, across, down };
}

function transformRows(data: Uint8Array, corner: number, width: number, rows: Float64Array): void {
  for (let y = 0; y < 8; y++) {
    const from = corner + y * width;
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += (cosines[8 * k + x] as number) * ((data[from + x] as number) - 128);
      rows[8 * y + k] = sum;
    }
  }
}
