import { damagedData } from "../damaged-data.js";
import { copyMatch } from "./copy-match.js";

const farDistance = 8191;

/**
 * Unpacks BloscLZ, Blosc's own relative of FastLZ. It consists of runs of literals (control bytes below 32) and
 * matches. The control byte of a match has the length in its high three bits, and the high part of the distance in the
 * others.
 */
export function unpackBloscLz(source: Uint8Array, target: Uint8Array): void {
  const [sourceEnd, targetEnd] = [source.length, target.length];
  let from = 0;
  let to = 0;
  const next = (): number => {
    if (from >= sourceEnd) throw damagedData("a BloscLZ block ends early");
    return source[from++] as number;
  };
  // The first control byte always means literals. Its high bits are a level.
  let control = next() & 31;
  for (;;) {
    if (control < 32) {
      const literals = control + 1;
      if (literals > sourceEnd - from) throw damagedData("a BloscLZ block ends early");
      if (literals > targetEnd - to) throw tooLong();
      for (let i = 0; i < literals; i++) target[to + i] = source[from + i] as number;
      from += literals;
      to += literals;
    } else {
      let length = (control >>> 5) + 2;
      if (length === 9) {
        let more: number;
        do {
          more = next();
          length += more;
        } while (more === 255);
      }
      const high = (control & 31) << 8;
      const low = next();
      const isFar = low === 255 && high === 31 << 8;
      const distance = isFar ? farDistance + ((next() << 8) | next()) + 1 : high + low + 1;
      if (distance > to) throw damagedData("a BloscLZ block reaches back before its first byte");
      if (length > targetEnd - to) throw tooLong();
      copyMatch(target, to, distance, length);
      to += length;
    }
    if (from >= sourceEnd) break;
    control = next();
  }
  if (to !== targetEnd) throw damagedData("a BloscLZ block unpacks to fewer bytes than it should");
}

function tooLong(): Error {
  return damagedData("a BloscLZ block unpacks to more bytes than it should");
}
