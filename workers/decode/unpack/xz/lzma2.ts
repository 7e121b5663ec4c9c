/** Unpacks LZMA2: chunks of LZMA, and chunks of bytes that could not be packed. */

import { damagedData } from "../../damaged-data.js";
import { LzmaDecoder } from "./lzma.js";

/** Unpacks all chunks from `start` on into `target`. Returns where they end and how many bytes they make. */
export function unpackLzma2(
  file: Uint8Array,
  start: number,
  fileEnd: number,
  target: Uint8Array,
  dictionaryBytes: number,
): { readonly end: number; readonly size: number } {
  const lzma = new LzmaDecoder(file, target, dictionaryBytes);
  let at = start;
  let written = 0;
  // What the next chunk must bring along before it can be unpacked.
  let needsDictionary = true;
  let needsProperties = true;
  for (;;) {
    if (at >= fileEnd) throw endsEarly();
    const control = file[at++] as number;
    if (control === 0) return { end: at, size: written };
    const isPacked = control >= 128;
    const reset = isPacked ? (control >>> 5) & 3 : 0;
    if (control === 1 || reset === 3) {
      lzma.forget(written);
      needsDictionary = false;
      needsProperties = true;
    } else if (needsDictionary || (!isPacked && control !== 2)) {
      throw damagedData("an LZMA2 chunk is invalid");
    }
    const headerBytes = isPacked ? (reset >= 2 ? 5 : 4) : 2;
    if (at + headerBytes > fileEnd) throw endsEarly();
    const size = (isPacked ? (control & 31) << 16 : 0) + bigEndian(file, at) + 1;
    const packedBytes = isPacked ? bigEndian(file, at + 2) + 1 : size;
    const from = at + headerBytes;
    const end = from + packedBytes;
    if (end > fileEnd) throw endsEarly();
    if (size > target.length - written) throw damagedData("it unpacks to more bytes than it should");
    if (isPacked) {
      if (reset >= 2) {
        lzma.setProperties(file[at + 4] as number);
        needsProperties = false;
      }
      if (needsProperties) throw damagedData("an LZMA2 chunk is invalid");
      if (reset >= 1) lzma.reset();
      lzma.unpack(from, end, written, written + size);
    } else {
      target.set(file.subarray(from, end), written);
    }
    at = end;
    written += size;
  }
}

function bigEndian(file: Uint8Array, at: number): number {
  return ((file[at] as number) << 8) | (file[at + 1] as number);
}

function endsEarly(): Error {
  return damagedData("the LZMA2 data end early");
}
