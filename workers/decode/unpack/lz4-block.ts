import { damagedData } from "../damaged-data.js";
import { copyMatch } from "./copy-match.js";

/** Unpacks one LZ4 block, which must fill the target exactly. Throws a `DecodeFailure` if it does not. */
export function unpackLz4Block(source: Uint8Array, target: Uint8Array): void {
  const [sourceEnd, targetEnd] = [source.length, target.length];
  let from = 0;
  let to = 0;
  while (from < sourceEnd) {
    const token = source[from++] as number;
    let literals = token >>> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (from >= sourceEnd) throw endsEarly();
        more = source[from++] as number;
        literals += more;
      } while (more === 255);
    }
    if (literals > sourceEnd - from) throw endsEarly();
    if (literals > targetEnd - to) throw tooLong();
    if (literals > 32) {
      target.set(source.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    } else {
      for (const stop = from + literals; from < stop; ) target[to++] = source[from++] as number;
    }
    // The last sequence has no match.
    if (from === sourceEnd) break;

    if (from + 2 > sourceEnd) throw endsEarly();
    const distance = (source[from] as number) | ((source[from + 1] as number) << 8);
    from += 2;
    let length = (token & 15) + 4;
    if (length === 19) {
      let more: number;
      do {
        if (from >= sourceEnd) throw endsEarly();
        more = source[from++] as number;
        length += more;
      } while (more === 255);
    }
    if (distance === 0 || distance > to) throw damagedData("an lz4 block reaches back before its first byte");
    if (length > targetEnd - to) throw tooLong();
    copyMatch(target, to, distance, length);
    to += length;
    if (from === sourceEnd) throw endsEarly();
  }
  if (to !== targetEnd) throw damagedData("an lz4 block unpacks to fewer bytes than it should");
}

function endsEarly(): Error {
  return damagedData("an lz4 block ends early");
}

function tooLong(): Error {
  return damagedData("an lz4 block unpacks to more bytes than it should");
}
