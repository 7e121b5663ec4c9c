/** Unpacks LZMA: literals and repetitions, whose bits are coded by their probability so far. */

import { damagedData } from "../../damaged-data.js";
import { copyMatch } from "../copy-match.js";
import { RangeDecoder } from "./range-decoder.js";

const stateCount = 12;
const firstStateAfterMatch = 7;
const lengthSlots = 4;
const alignBits = 4;
const firstModelledSlot = 4;
const endModelledSlot = 14;

// The index at which the probabilities of each kind begin.
const isMatchAt = 0;
const isRepeatAt = isMatchAt + stateCount * 16;
const isRepeat0At = isRepeatAt + stateCount;
const isRepeat1At = isRepeat0At + stateCount;
const isRepeat2At = isRepeat1At + stateCount;
const isLongRepeat0At = isRepeat2At + stateCount;
const slotAt = isLongRepeat0At + stateCount * 16;
const distanceAt = slotAt + lengthSlots * 64;
const alignAt = distanceAt + 128;
const matchLengthAt = alignAt + (1 << alignBits);
const lengthSize = 2 + 16 * 8 + 16 * 8 + 256;
const repeatLengthAt = matchLengthAt + lengthSize;
const literalAt = repeatLengthAt + lengthSize;
const literalSize = 0x300;
const mostLiteralBits = 4;

/** Unpacks the chunks of one block. A chunk may continue from the state of the one before. */
export class LzmaDecoder {
  readonly #range: RangeDecoder;
  readonly #target: Uint8Array;
  readonly #dictionaryBytes: number;
  readonly #probabilities = new Uint16Array(literalAt + (literalSize << mostLiteralBits));
  /** Repetitions must not reach back before this position. */
  #dictionaryStart = 0;
  #contextBits = 0;
  #literalPositionMask = 0;
  #positionMask = 0;
  #state = 0;
  /** The last four distances, minus 1. */
  #recent: [number, number, number, number] = [0, 0, 0, 0];

  constructor(file: Uint8Array, target: Uint8Array, dictionaryBytes: number) {
    this.#range = new RangeDecoder(file, this.#probabilities);
    this.#target = target;
    this.#dictionaryBytes = dictionaryBytes;
  }

  /** Forbids repetitions of anything written so far. */
  forget(written: number): void {
    this.#dictionaryStart = written;
  }

  /** Sets how much context the probabilities of literals and positions depend on. */
  setProperties(byte: number): void {
    const [contextBits, positions] = [byte % 9, Math.floor(byte / 9)];
    const [literalPositionBits, positionBits] = [positions % 5, Math.floor(positions / 5)];
    if (positionBits > 4 || contextBits + literalPositionBits > mostLiteralBits)
      throw damagedData("LZMA properties are invalid");
    this.#contextBits = contextBits;
    this.#literalPositionMask = (1 << literalPositionBits) - 1;
    this.#positionMask = (1 << positionBits) - 1;
  }

  /** Makes all bits equally probable again. */
  reset(): void {
    this.#probabilities.fill(1024);
    this.#state = 0;
    this.#recent = [0, 0, 0, 0];
  }

  /** Unpacks `[start, end)` of the file into `[from, until)` of the target. Both must match exactly. */
  unpack(start: number, end: number, from: number, until: number): void {
    const range = this.#range;
    range.begin(start, end);
    let to = from;
    while (to < until) {
      const position = (to - this.#dictionaryStart) & this.#positionMask;
      if (range.bit(isMatchAt + this.#state * 16 + position) === 0) {
        this.#target[to] = this.#literal(to);
        to += 1;
        const state = this.#state;
        this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      const length = this.#match(position);
      const distance = this.#recent[0] + 1;
      if (length > until - to) throw damagedData("an LZMA repetition is too long");
      if (length > 0 && distance > Math.min(to - this.#dictionaryStart, this.#dictionaryBytes))
        throw damagedData("an LZMA repetition reaches back before the first byte");
      copyMatch(this.#target, to, distance, length);
      to += length;
    }
    range.finish();
  }

  #literal(to: number): number {
    const range = this.#range;
    const position = to - this.#dictionaryStart;
    const before = position > 0 ? (this.#target[to - 1] as number) : 0;
    const context =
      ((position & this.#literalPositionMask) << this.#contextBits) | (before >>> (8 - this.#contextBits));
    const at = literalAt + literalSize * context;
    let symbol = 1;
    if (this.#state >= firstStateAfterMatch) {
      const distance = this.#recent[0] + 1;
      if (distance > position) throw damagedData("an LZMA repetition reaches back before the first byte");
      let match = this.#target[to - distance] as number;
      while (symbol < 0x100) {
        const matchBit = (match >>> 7) & 1;
        match <<= 1;
        const bit = range.bit(at + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== matchBit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(at + symbol);
    return symbol & 255;
  }

  /** Reads a repetition. Returns its length and makes its distance the most recent one. */
  #match(position: number): number {
    const range = this.#range;
    const recent = this.#recent;
    const state = this.#state;
    const wasLiteral = state < firstStateAfterMatch;
    if (range.bit(isRepeatAt + state) === 0) {
      const length = this.#length(matchLengthAt, position);
      this.#state = wasLiteral ? 7 : 10;
      this.#recent = [this.#distance(length), recent[0], recent[1], recent[2]];
      return length;
    }
    if (range.bit(isRepeat0At + state) === 0) {
      if (range.bit(isLongRepeat0At + state * 16 + position) === 0) {
        this.#state = wasLiteral ? 9 : 11;
        return 1;
      }
    } else if (range.bit(isRepeat1At + state) === 0) {
      this.#recent = [recent[1], recent[0], recent[2], recent[3]];
    } else if (range.bit(isRepeat2At + state) === 0) {
      this.#recent = [recent[2], recent[0], recent[1], recent[3]];
    } else {
      this.#recent = [recent[3], recent[0], recent[1], recent[2]];
    }
    this.#state = wasLiteral ? 8 : 11;
    return this.#length(repeatLengthAt, position);
  }

  #length(at: number, position: number): number {
    const range = this.#range;
    if (range.bit(at) === 0) return 2 + range.tree(at + 2 + position * 8, 3);
    if (range.bit(at + 1) === 0) return 10 + range.tree(at + 130 + position * 8, 3);
    return 18 + range.tree(at + 258, 8);
  }

  #distance(length: number): number {
    const range = this.#range;
    const slot = range.tree(slotAt + 64 * Math.min(length - 2, lengthSlots - 1), 6);
    if (slot < firstModelledSlot) return slot;
    const bits = (slot >>> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < endModelledSlot) return base + range.reverseTree(distanceAt + base - slot, bits);
    return base + range.evenBits(bits - alignBits) * (1 << alignBits) + range.reverseTree(alignAt, alignBits);
  }
}
