/** The coefficients of one component of a progressive JPEG, which accumulate over its scans. */

import { corrupt } from "./jpeg-failure.js";
import { type JpegPlane, zigzag } from "./jpeg-plane.js";
import type { JpegScan } from "./jpeg-reader.js";

/** Coefficients below this number must be complete. libjpeg smooths if they are not, which would be guessing. */
const firstOptional = 10;

/** The coefficients of one component, as far as the scans have sent them. */
export class CoefficientStore {
  /** 64 values in zigzag order for each block of the plane, and one more block that takes all blocks beyond the edge. */
  readonly values: Int16Array;
  readonly plane: JpegPlane;
  quant: Uint16Array | undefined;
  // For each coefficient, the lowest bit position that was sent; -1 if none was.
  readonly #sent = new Int8Array(64).fill(-1);

  constructor(plane: JpegPlane) {
    this.plane = plane;
    this.values = new Int16Array(64 * (plane.blocksWide * plane.blocksHigh + 1));
  }

  /** Where the coefficients of a block begin. */
  offset(blockX: number, blockY: number): number {
    const { blocksWide, blocksHigh } = this.plane;
    const inside = blockX < blocksWide && blockY < blocksHigh;
    return 64 * (inside ? blockY * blocksWide + blockX : blocksWide * blocksHigh);
  }

  /** Notes what a scan sends. Each scan must continue where the one before ended. */
  begin({ spectralStart, spectralEnd, high, low }: JpegScan, quant: Uint16Array | undefined): void {
    this.quant ??= quant;
    for (let k = spectralStart; k <= spectralEnd; k++) {
      const sent = this.#sent[k] ?? -1;
      const first = sent < 0 && high === 0;
      const finer = sent > 0 && high === sent;
      if (!first && !finer) throw corrupt("its progressive scans do not follow from one another");
      this.#sent[k] = low;
    }
  }

  /** Transforms all blocks into the plane. */
  finish(): void {
    const { plane, values, quant } = this;
    if (quant === undefined) throw corrupt("a component names a quantisation table that was not defined");
    for (let k = 0; k < firstOptional; k++) {
      if (this.#sent[k] !== 0) throw corrupt("its progressive scans are incomplete");
    }
    const block = new Int32Array(64);
    const steps = Int32Array.from(quant);
    let offset = 0;
    for (let y = 0; y < plane.blocksHigh; y++) {
      for (let x = 0; x < plane.blocksWide; x++, offset += 64) {
        let sum = 0;
        for (let k = 1; k < 64; k++) {
          const value = Math.imul(values[offset + k] as number, steps[k] as number);
          block[zigzag[k] as number] = value;
          sum += (value ^ (value >> 31)) - (value >> 31);
        }
        const level = Math.imul(values[offset] as number, steps[0] as number);
        block[0] = level;
        plane.put(block, sum === 0 ? 0 : sum + Math.abs(level), x, y);
      }
    }
  }
}
