/** The samples of one component. Blocks of coefficients are transformed into it. */

import { calmBlock, calmSum, extremeBlock, flatBlock } from "./jpeg-idct.js";

/** Row and column of a coefficient (8 × row + column), by its position in the file. */
export const zigzag: Uint8Array = makeZigzag();

function makeZigzag(): Uint8Array {
  const order = new Uint8Array(64);
  let k = 0;
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    for (let n = Math.max(0, diagonal - 7); n <= Math.min(7, diagonal); n++) {
      order[k++] = diagonal % 2 === 0 ? 8 * (diagonal - n) + n : 8 * n + diagonal - n;
    }
  }
  return order;
}

/** The samples of a component. The plane is as large as the image, or smaller if the component is subsampled. */
export class JpegPlane {
  /** Samples, row by row, `width * height` of them. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Samples in a row. */
  readonly width: number;
  /** Samples in a column. */
  readonly height: number;
  /** Blocks in a row. */
  readonly blocksWide: number;
  /** Blocks in a column. */
  readonly blocksHigh: number;
  readonly #edge = new Uint8Array(64);

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.blocksWide = Math.ceil(width / 8);
    this.blocksHigh = Math.ceil(height / 8);
    this.data = new Uint8Array(width * height);
  }

  /**
   * Transforms a block into its place in the plane, and clears the block.
   *
   * @param block - Dequantised coefficients, row by row.
   * @param sum - Sum of their absolute values. It may leave out the first if all others are 0.
   */
  put(block: Int32Array, sum: number, blockX: number, blockY: number): void {
    const x = 8 * blockX;
    const y = 8 * blockY;
    const width = this.width;
    if (x + 8 <= width && y + 8 <= this.height) {
      transform(block, sum, this.data, y * width + x, width);
      return;
    }
    const edge = this.#edge;
    transform(block, sum, edge, 0, 8);
    const across = Math.min(8, width - x);
    for (let row = 0; row < Math.min(8, this.height - y); row++) {
      this.data.set(edge.subarray(8 * row, 8 * row + across), (y + row) * width + x);
    }
  }
}

function transform(block: Int32Array, sum: number, out: Uint8Array, offset: number, stride: number): void {
  if (sum === 0) {
    flatBlock(block[0] ?? 0, out, offset, stride);
    block[0] = 0;
  } else if (sum > calmSum) extremeBlock(block, out, offset, stride);
  else calmBlock(block, out, offset, stride);
}
