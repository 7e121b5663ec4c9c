/** Entropy-coded data, freed of its stuffing, from one marker to the next. */

import { DecodeFailure } from "../../../src/errors.js";
import { corrupt } from "./jpeg-failure.js";

/** More than any unit of blocks can take, so that one check behind each unit keeps reads inside the data. */
const padding = 4096;

/** The stretch between two markers. */
export class EntropySegment {
  /** The data from `position` on, followed by room for reading too far. */
  readonly view: DataView;
  /** How far the view was read, in bits; whoever reads counts on. */
  position = 0;
  /** Where in the file the marker stands that ends it. */
  end = 0;
  // Where in the view the data ends, in bytes.
  #viewEnd = 0;
  readonly #bytes: Uint8Array;
  readonly #first: number;
  readonly #data: Uint8Array;

  /** Reads the first stretch of a scan. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#first = start;
    this.#data = new Uint8Array(bytes.length - start + padding);
    this.#data.set(bytes.subarray(start));
    this.view = new DataView(this.#data.buffer);
    this.#read(start);
  }

  // Closes the gaps of the stuffing where the data lies: up to the next marker of the file.
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

  /** Steps over the restart marker that ends this stretch, the `count`-th of its scan, and reads the next. */
  restart(count: number): void {
    const bytes = this.#bytes;
    let position = this.end;
    while (bytes[position] === 0xff) position++;
    if (bytes[position] !== 0xd0 + (count & 7))
      throw corrupt(`no restart marker ${count & 7} at byte ${this.end}`);
    this.#read(position + 1);
  }

  /**
   * Checks that the stretch was used up to its last byte, or that what is left has no part in the image. That begins
   * behind a padding of ones, and is not units (MCUs) to the last bit, of which `nextUnit` decodes one: units for which
   * the image has no place are the way in which a damaged file most often shows.
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
    // Zeros, which are what fills files most often, are units by some tables.
    if (nextUnit === undefined || rest.every((byte) => byte === 0)) return false;
    try {
      while (!this.#isUsedUp()) nextUnit();
      return this.#isPadded();
    } catch (error) {
      if (error instanceof DecodeFailure) return false;
      throw error;
    }
  }

  /** Checks that no more bits were read than there are. */
  check(): void {
    if (this.position > 8 * this.#viewEnd) {
      throw corrupt(`its image data ends too early, before byte ${this.end}`);
    }
  }
}

/** Steps over the entropy-coded data of a scan that is not needed; returns where the marker stands that ends it. */
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
