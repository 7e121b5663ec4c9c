/**
 * Inflates a deflate stream (RFC 1951) or a zlib stream (RFC 1950) of known size, in plain TypeScript. It refuses the
 * same sets of codes as zlib.
 */

import { DecodeFailure } from "../../../src/errors.js";
import { damagedData } from "../damaged-data.js";
import { adler32 } from "./inflate-adler.js";
import {
  buildDistanceTable,
  buildLiteralTable,
  distanceTableBits,
  literalTableBits,
  readCodeLengths,
  setFixedLengths,
} from "./inflate-tables.js";
import { isZlibHeader } from "./zlib-header.js";

/** Bytes after the stream's end that must be readable; their values do not matter. */
export const inflateInputSlack = 16;

/** Bytes after the output's end that are overwritten. */
export const inflateOutputSlack = 288;

const literalMask = (1 << literalTableBits) - 1;
const distanceMask = (1 << distanceTableBits) - 1;

/** A stream being read: `at` counts bits from the start of `view`. */
interface Input {
  readonly view: DataView;
  /** The deflate data end at this bit at the latest. */
  readonly endBit: number;
  at: number;
}

/**
 * Inflates the zlib stream `source[start, end)` into `target`. `target` must have room for {@link inflateOutputSlack}
 * bytes after `most`, and `source` must go on for {@link inflateInputSlack} bytes after `end`. Throws a `DecodeFailure`
 * if the stream is damaged, ends early, or inflates to fewer than `least` or more than `most` bytes. Bytes between the
 * stream's end and `end` are ignored.
 */
export function inflateZlib(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  least: number,
  most: number,
): void {
  if (end - start < 6) throw damagedData("it ends within the zlib header");
  if (!isZlibHeader(source, start)) throw damagedData("its zlib header is invalid");
  const stream = inflate(source, start + 2, end - 4, target, least, most);
  const view = new DataView(source.buffer, source.byteOffset + stream.end, 4);
  if (view.getUint32(0) !== adler32(target, stream.size)) throw damagedData("its Adler-32 is wrong");
}

/**
 * Like {@link inflateZlib}, for a deflate stream without header and checksum. Returns its end, and the size of the
 * output.
 */
export function inflate(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  least: number,
  most: number,
): { readonly end: number; readonly size: number } {
  if (end - start > 0x0f000000)
    throw new DecodeFailure("unsupported-image", "its compressed data exceed 240 MiB");
  const view = new DataView(source.buffer, source.byteOffset + start, end - start + inflateInputSlack);
  const input: Input = { view, endBit: (end - start) * 8, at: 0 };
  const targetView = new DataView(target.buffer, target.byteOffset, target.byteLength);
  let written = 0;
  let last = false;
  while (!last) {
    const bits = view.getUint16(input.at >>> 3, true) >>> (input.at & 7);
    last = (bits & 1) !== 0;
    const kind = (bits >>> 1) & 3;
    input.at += 3;
    if (kind === 0) {
      written = copyStored(input, target, written, most);
    } else {
      if (kind === 1) setFixedLengths();
      else if (kind === 2) input.at = readCodeLengths(view, input.at, input.endBit);
      else throw damagedData("a deflate block has an invalid type");
      written = inflateBlock(
        input,
        target,
        targetView,
        written,
        most,
        buildLiteralTable(),
        buildDistanceTable(),
      );
    }
    if (input.at > input.endBit) throw damagedData("the deflate stream ends early");
  }
  if (written > most) throw tooMuch();
  if (written < least) throw damagedData(`it inflates to ${written} bytes, fewer than it should`);
  return { end: start + ((input.at + 7) >>> 3), size: written };
}

function copyStored(input: Input, target: Uint8Array, written: number, most: number): number {
  const { view, endBit } = input;
  const at = (input.at + 7) >>> 3;
  if (at * 8 + 32 > endBit) throw damagedData("the deflate stream ends early");
  const length = view.getUint16(at, true);
  if ((length ^ view.getUint16(at + 2, true)) !== 0xffff)
    throw damagedData("a stored block's length is garbled");
  input.at = (at + 4 + length) * 8;
  if (input.at > endBit) throw damagedData("the deflate stream ends early");
  if (length > most - written) throw tooMuch();
  target.set(new Uint8Array(view.buffer, view.byteOffset + at + 4, length), written);
  return written + length;
}

/** Inflates up to the block's end. `inflate-tables.ts` describes the entries. Returns the new output position. */
function inflateBlock(
  input: Input,
  target: Uint8Array,
  targetView: DataView,
  written: number,
  most: number,
  literals: Int32Array,
  distances: Int32Array,
): number {
  const { view, endBit } = input;
  let at = input.at | 0;
  let o = written | 0;
  // Every look-up reads 32 bits from the byte that contains `at`. At least 25 of them are new.
  while (at < endBit && o <= most) {
    let word = view.getUint32(at >>> 3, true) >>> (at & 7);
    let entry = literals[word & literalMask] as number;
    if (entry >= 0) {
      targetView.setUint16(o, entry >>> 8, true);
      o += (entry >>> 5) & 3;
      at += entry & 31;
      word >>>= entry & 31;
      entry = literals[word & literalMask] as number;
      if (entry >= 0) {
        targetView.setUint16(o, entry >>> 8, true);
        o += (entry >>> 5) & 3;
        at += entry & 31;
        continue;
      }
      word = view.getUint32(at >>> 3, true) >>> (at & 7);
    }
    if ((entry & 0x60000000) === 0x60000000) {
      entry = literals[
        ((entry >>> 8) & 0xffff) + ((word >>> literalTableBits) & ((1 << ((entry >>> 5) & 7)) - 1))
      ] as number;
      if (entry >= 0) {
        target[o++] = entry >>> 8;
        at += entry & 31;
        continue;
      }
    }
    if ((entry & 0x40000000) !== 0) {
      if ((entry & 0x10000000) !== 0)
        throw damagedData("the deflate stream has an invalid literal or length code");
      input.at = at + (entry & 31);
      return o;
    }
    const lengthExtra = (entry >>> 5) & 7;
    const codeBits = entry & 31;
    const length = ((entry >>> 8) & 0x1ff) + ((word >>> codeBits) & ((1 << lengthExtra) - 1));
    at += codeBits + lengthExtra;
    word = view.getUint32(at >>> 3, true) >>> (at & 7);
    entry = distances[word & distanceMask] as number;
    if (entry < 0) {
      entry = distances[
        ((entry >>> 9) & 0xffff) + ((word >>> distanceTableBits) & ((1 << ((entry >>> 5) & 15)) - 1))
      ] as number;
      at += entry & 31;
      word = view.getUint32(at >>> 3, true) >>> (at & 7);
    } else {
      at += entry & 31;
      word >>>= entry & 31;
    }
    const distanceExtra = (entry >>> 5) & 15;
    const distance = (entry >>> 9) + (word & ((1 << distanceExtra) - 1));
    at += distanceExtra;
    // An invalid code has distance 0, and `distance - 1` then wraps around.
    if ((distance - 1) >>> 0 >= o)
      throw damagedData("a distance is invalid or reaches back before the first byte");
    const stop = o + length;
    let from = o - distance;
    if (distance >= 4) {
      // This may write up to three bytes too many. They are overwritten later, or lie in the slack.
      do {
        targetView.setInt32(o, targetView.getInt32(from, true), true);
        o += 4;
        from += 4;
      } while (o < stop);
      o = stop;
    } else {
      while (o < stop) target[o++] = target[from++] as number;
    }
  }
  if (o > most) throw tooMuch();
  throw damagedData("the deflate stream ends early");
}

function tooMuch(): DecodeFailure {
  return damagedData("it inflates to more bytes than it should");
}
