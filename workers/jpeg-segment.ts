/** Entropy-coded data, freed of its stuffing, from one marker to the next. */

import { corrupt } from "./jpeg-failure.js";

/** More than any unit of blocks can take, so that one check behind each unit keeps reads inside the data. */
const padding = 4096;

/** The stretch between two markers. */
export class EntropySegment {
  /** The data, followed by room for reading too far. */
  readonly view: DataView;
  /** Length of the data, in bytes. */
  length = 0;
  /** Where in the file the marker stands that ends it. */
  end: number;
  readonly #data: Uint8Array;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#data = new Uint8Array(bytes.length - start + padding);
    this.view = new DataView(this.#data.buffer);
    this.end = start;
  }

  /** Reads on from a position of the file up to the next marker. */
  read(start: number): void {
    const bytes = this.#bytes;
    const data = this.#data;
    let from = start;
    let length = 0;
    for (;;) {
      const found = bytes.indexOf(0xff, from);
      if (found < 0 || found + 1 >= bytes.length) {
        throw corrupt(`it is truncated, as it ends after ${bytes.length} bytes inside the image data`);
      }
      const stuffed = bytes[found + 1] === 0;
      const to = stuffed ? found + 1 : found;
      for (let n = from; n < to; n++) data[length++] = bytes[n] ?? 0;
      if (!stuffed) {
        this.end = found;
        break;
      }
      from = found + 2;
    }
    this.length = length;
  }

  /** Steps over the restart marker that ends this stretch, the `count`-th of its scan, and reads the next. */
  restart(count: number): void {
    const bytes = this.#bytes;
    let position = this.end;
    while (bytes[position] === 0xff) position++;
    if (bytes[position] !== 0xd0 + (count & 7))
      throw corrupt(`no restart marker ${count & 7} at byte ${this.end}`);
    this.read(position + 1);
  }

  /** Checks that a stretch was used up to its last byte, given the number of bits that were read. */
  finish(bits: number): void {
    if ((bits + 7) >> 3 !== this.length) {
      throw corrupt(`its image data before byte ${this.end} does not hold what the header says`);
    }
  }

  /** Checks that no more bits were read than there are. */
  check(bits: number): void {
    if (bits > this.length * 8) throw corrupt(`its image data ends too early, before byte ${this.end}`);
  }
}

/** Steps over the entropy-coded data of a scan that is not needed; returns where the marker stands that ends it. */
export function skipEntropy(bytes: Uint8Array, start: number): number {
  let position = start;
  for (;;) {
    const found = bytes.indexOf(0xff, position);
    const next = bytes[found + 1];
    if (found < 0 || next === undefined) {
      throw corrupt(`it is truncated, as it ends after ${bytes.length} bytes inside the image data`);
    }
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return found;
    position = next === 0xff ? found + 1 : found + 2;
  }
}
