/** Decodes literals with their Huffman code. Streams are read from their last bit to their first. */

import { damagedData } from "../../damaged-data.js";
import { streamTop } from "./backward-bits.js";
import type { HuffmanTable } from "./huffman.js";

/** A stream that is being read. */
export interface HuffmanStream {
  /** Position of its first bit in the file. */
  readonly first: number;
  /** The bits from `first` up to this position are still to be read. */
  at: number;
  /** Where the next byte goes in the target. */
  to: number;
  /** Where its bytes must end in the target. */
  readonly until: number;
}

/** The stream `[start, end)` of a file, which makes the bytes `[to, until)`. The file must have seven bytes before it. */
export function huffmanStream(
  view: DataView,
  start: number,
  end: number,
  to: number,
  until: number,
): HuffmanStream {
  return { first: start * 8, at: streamTop(view, start, end), to, until };
}

/** Decodes four streams together, because a processor can then do more at a time. */
export function decodeFourStreams(
  view: DataView,
  streams: readonly [HuffmanStream, HuffmanStream, HuffmanStream, HuffmanStream],
  table: HuffmanTable,
  target: Uint8Array,
): void {
  const { entries } = table;
  const shift = 32 - table.bits;
  const [a, b, c, d] = streams;
  const [firstA, firstB, firstC, firstD] = [a.first, b.first, c.first, d.first];
  let [atA, atB, atC, atD] = [a.at, b.at, c.at, d.at];
  let [toA, toB, toC, toD] = [a.to, b.to, c.to, d.to];
  // Each turn takes two symbols of each stream, up to 22 bits, from a word with at least 25. It may read before a
  // stream; the end shows that as too many bits. The sign of one number tells whether any stream is used up.
  for (let left = d.until - toD; left >= 2; left -= 2) {
    if (((atA - firstA) | (atB - firstB) | (atC - firstC) | (atD - firstD)) < 0) break;
    const wordA = view.getInt32(((atA - 1) >> 3) - 3, true) << (7 - ((atA - 1) & 7));
    const wordB = view.getInt32(((atB - 1) >> 3) - 3, true) << (7 - ((atB - 1) & 7));
    const wordC = view.getInt32(((atC - 1) >> 3) - 3, true) << (7 - ((atC - 1) & 7));
    const wordD = view.getInt32(((atD - 1) >> 3) - 3, true) << (7 - ((atD - 1) & 7));
    const oneA = entries[wordA >>> shift] as number;
    const oneB = entries[wordB >>> shift] as number;
    const oneC = entries[wordC >>> shift] as number;
    const oneD = entries[wordD >>> shift] as number;
    const twoA = entries[(wordA << (oneA >>> 8)) >>> shift] as number;
    const twoB = entries[(wordB << (oneB >>> 8)) >>> shift] as number;
    const twoC = entries[(wordC << (oneC >>> 8)) >>> shift] as number;
    const twoD = entries[(wordD << (oneD >>> 8)) >>> shift] as number;
    target[toA] = oneA;
    target[toB] = oneB;
    target[toC] = oneC;
    target[toD] = oneD;
    target[toA + 1] = twoA;
    target[toB + 1] = twoB;
    target[toC + 1] = twoC;
    target[toD + 1] = twoD;
    toA += 2;
    toB += 2;
    toC += 2;
    toD += 2;
    atA -= (oneA >>> 8) + (twoA >>> 8);
    atB -= (oneB >>> 8) + (twoB >>> 8);
    atC -= (oneC >>> 8) + (twoC >>> 8);
    atD -= (oneD >>> 8) + (twoD >>> 8);
  }
  [a.at, b.at, c.at, d.at] = [atA, atB, atC, atD];
  [a.to, b.to, c.to, d.to] = [toA, toB, toC, toD];
  for (const stream of streams) decodeStream(view, stream, table, target);
}

/** Decodes the rest of a stream, which must end exactly with its last byte. */
export function decodeStream(
  view: DataView,
  stream: HuffmanStream,
  { bits, entries }: HuffmanTable,
  target: Uint8Array,
): void {
  const { first, until } = stream;
  let { at, to } = stream;
  while (to < until && at > first) {
    const word = view.getInt32(((at - 1) >> 3) - 3, true) << (7 - ((at - 1) & 7));
    const entry = entries[word >>> (32 - bits)] as number;
    target[to++] = entry;
    at -= entry >>> 8;
  }
  if (to !== until || at !== first) throw damagedData("literals do not end where they should");
}
