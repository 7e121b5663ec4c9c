import { damagedData } from "../../damaged-data.js";

const probabilityBits = 11;
const adaptShift = 5;

/** Reads bits that take less space the more probable they are, and adapts the probabilities. */
export class RangeDecoder {
  readonly #file: Uint8Array;
  readonly #probabilities: Uint16Array;
  #at = 0;
  #end = 0;
  #range = 0;
  #code = 0;

  constructor(file: Uint8Array, probabilities: Uint16Array) {
    this.#file = file;
    this.#probabilities = probabilities;
  }

  /** Starts at the beginning of `[start, end)` of the file. */
  begin(start: number, end: number): void {
    if (start + 5 > end || this.#file[start] !== 0) throw damagedData("LZMA data do not begin as such");
    this.#at = start + 1;
    this.#end = end;
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | (this.#file[this.#at++] as number)) >>> 0;
  }

  /** Throws unless the data were used up exactly. */
  finish(): void {
    this.#normalize();
    if (this.#at !== this.#end || this.#code !== 0)
      throw damagedData("LZMA data do not end where they should");
  }

  /** Reads a bit with the probability at an index. */
  bit(place: number): 0 | 1 {
    this.#normalize();
    const probability = this.#probabilities[place] as number;
    const bound = (this.#range >>> probabilityBits) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      this.#probabilities[place] = probability + (((1 << probabilityBits) - probability) >>> adaptShift);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    this.#probabilities[place] = probability - (probability >>> adaptShift);
    return 1;
  }

  /** Reads `count` bits, the highest first. The probability of each depends on the bits before it. */
  tree(place: number, count: number): number {
    let symbol = 1;
    for (let i = 0; i < count; i++) symbol = (symbol << 1) | this.bit(place + symbol);
    return symbol - (1 << count);
  }

  /** Like `tree`, but the lowest bit comes first. */
  reverseTree(place: number, count: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < count; i++) {
      const bit = this.bit(place + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** Reads `count` bits that are 0 or 1 with equal probability, the highest first. */
  evenBits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#normalize();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= 0x1000000) return;
    if (this.#at >= this.#end) throw damagedData("LZMA data end early");
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#file[this.#at++] as number)) >>> 0;
  }
}
