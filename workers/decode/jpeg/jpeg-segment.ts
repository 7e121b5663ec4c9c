/** The entropy-coded data between two markers, without the stuffed bytes. */

import { DecodeFailure } from "../../../src/errors.js";
import { corrupt } from "./jpeg-failure.js";

/** More than any unit of blocks can take, so that one check after each unit keeps reads inside the data. */
const padding = 4096;

/** The entropy-coded data between two markers. */
export class EntropySegment {
  /** The data from `position` on, followed by padding for reads beyond their end. */
  readonly view: DataView;
  /** How far the view was read, in bits. The reader advances it. */
  position = 0;
  /** Where the marker that ends the data stands in the file. */
  end = 0;
  // Where the data end in the view, in bytes.
  #viewEnd = 0;
  readonly #bytes: Uint8Array;
  readonly #first: number;
  readonly #data: Uint8Array;

  /** Reads the data up to the first marker of a scan. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#first = start;
    this.#data = new Uint8Array(bytes.length - start + padding);
    this.#data.set(bytes.subarray(start));
    this.view = new DataView(this.#data.buffer);
    this.#read(start);
  }

  // Removes the stuffed bytes in place, up to the next marker of the file.
  #read(position: number): void {
    const bytes = this.#bytes;
    const data = this.#data;
    const first = this.#first;
    let from = position;
    let to = position - first;
    this.position = 8 * to;
    for (;;) {
      const found = bytes.indexOf(0xff, from);
      const next = bytes[found + 1];
      if (found < 0 || next === undefined) throw truncated(bytes);
      const end = next === 0 ? found + 1 : found;
      if (to < from - first) data.copyWithin(to, from - first, end - first);
      to += end - from;
      if (next !== 0) {
        this.end = found;
        break;
      }
      from = found + 2;
    }
    this.#viewEnd = to;
  }

  /** Skips the restart marker that ends these data, the `count`-th of its scan, and reads the data after it. */
  restart(count: number): void {
    const bytes = this.#bytes;
    let position = this.end;
    while (bytes[position] === 0xff) position++;
    if (bytes[position] !== 0xd0 + (count & 7))
      throw corrupt(`no restart marker ${count & 7} at byte ${this.end}`);
    this.#read(position + 1);
  }

  /**
   * Checks that the data were used up to their last byte, or that the rest is no part of the image. Such a rest follows
   * a padding of ones, and cannot be decoded as units (MCUs) to its last bit; `nextUnit` decodes one unit. Surplus
   * units are the most frequent sign of a damaged file.
   */
  finish(nextUnit?: () => void): void {
    if (this.#isUsedUp()) return;
    if (this.#isPadded() && !this.#holdsUnits(nextUnit)) return;
    throw corrupt(`its image data before byte ${this.end} does not hold what the header says`);
  }

  #isUsedUp(): boolean {
    return (this.position + 7) >> 3 === this.#viewEnd;
  }

  #isPadded(): boolean {
    const ones = 0xff >> (this.position & 7);
    return ones === 0xff || (~(this.#data[this.position >> 3] ?? 0) & ones) === 0;
  }

  #holdsUnits(nextUnit: (() => void) | undefined): boolean {
    const rest = this.#data.subarray((this.position + 7) >> 3, this.#viewEnd);
    // A rest of zeros is the most frequent filling, but with some tables zeros are valid units.
    if (nextUnit === undefined || rest.every((byte) => byte === 0)) return false;
    try {
      while (!this.#isUsedUp()) nextUnit();
      return this.#isPadded();
    } catch (error) {
      if (error instanceof DecodeFailure) return false;
      throw error;
    }
  }

  /** Checks that no more bits were read than the data have. */
  check(): void {
    if (this.position > 8 * this.#viewEnd) {
      throw corrupt(`its image data ends too early, before byte ${this.end}`);
    }
  }
}

/** Skips the entropy-coded data of a scan that is not needed. Returns the position of the marker that ends them. */
export function skipEntropy(bytes: Uint8Array, start: number): number {
  let position = start;
  for (;;) {
    const found = bytes.indexOf(0xff, position);
    const next = bytes[found + 1];
    if (found < 0 || next === undefined) {
      throw truncated(bytes);
    }
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return found;
    position = next === 0xff ? found + 1 : found + 2;
  }
}

function truncated(bytes: Uint8Array): DecodeFailure {
  return corrupt(`it is truncated, as it ends after ${bytes.length} bytes inside the image data`);
}
