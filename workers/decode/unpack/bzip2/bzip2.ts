/**
 * Unpacks bzip2, whose blocks and streams have checksums. It was written for this library because the implementations
 * on npm need Node's `Buffer`, or do not check the length of the data.
 */

import { damagedData } from "../../damaged-data.js";
import { Bzip2Output } from "./bzip2-output.js";
import { ForwardBits } from "./forward-bits.js";
import { readSymbols } from "./symbols.js";

const blockMagic = [0x314159, 0x265359];
const endMagic = [0x177245, 0x385090];

/** The bytes of consecutive bzip2 streams, exactly `length` of them. Throws a `DecodeFailure` for anything else. */
export function unpackBzip2(file: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bits = new ForwardBits(file);
  const output = new Bzip2Output(length);
  do unpackStream(bits, output);
  while (!bits.isRead);
  return output.whole();
}

function unpackStream(bits: ForwardBits, output: Bzip2Output): void {
  const level = bits.read(24) === 0x425a68 ? bits.read(8) - 0x30 : 0;
  if (level < 1 || level > 9) throw damagedData("it is no bzip2 stream");
  let checksum = 0;
  for (;;) {
    const magic = [bits.read(24), bits.read(24)];
    const wanted = bits.readWord();
    if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) {
      if (wanted !== checksum) throw damagedData("the checksum of a bzip2 stream is wrong");
      bits.alignToByte();
      return;
    }
    if (magic[0] !== blockMagic[0] || magic[1] !== blockMagic[1])
      throw damagedData("a bzip2 block does not begin as one");
    // A block may be longer than its output, because four equal bytes take five. It is never longer by more than that.
    unpackBlock(bits, output, Math.min(level * 100_000, Math.ceil(output.room * 1.25)));
    if (output.takeChecksum() !== wanted) throw damagedData("the checksum of a bzip2 block is wrong");
    checksum = ((checksum << 1) | (checksum >>> 31)) ^ wanted;
  }
}

function unpackBlock(bits: ForwardBits, output: Bzip2Output, mostBytes: number): void {
  if (bits.read(1) !== 0) throw damagedData("a bzip2 block is randomised, as none has been since 1997");
  const origin = bits.read(24);
  const { sorted, counts } = readSymbols(bits, mostBytes);
  if (origin >= sorted.length) throw damagedData("a bzip2 block has an invalid origin");
  // Undoes the Burrows-Wheeler transform: the upper bits of each entry get the place of the byte that follows.
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte] as number;
    counts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < sorted.length; i++) {
    const byte = (sorted[i] as number) & 255;
    const place = counts[byte] as number;
    counts[byte] = place + 1;
    sorted[place] = (sorted[place] as number) | (i << 8);
  }
  output.writeRuns(sorted, origin);
}
