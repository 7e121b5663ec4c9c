/** Unpacks gzip (RFC 1952): consecutive members, and zeros that may pad the last one. */

import { damagedData } from "../damaged-data.js";
import type { Inflater } from "../inflate/inflater.js";
import { inflating } from "../inflate/inflating.js";

/** The bytes of a gzip file, at least `least` and at most `most`. Throws a `DecodeFailure` for anything else. */
export function unpackGzip(file: Uint8Array, least: number, most: number): Uint8Array<ArrayBuffer> {
  return inflating(file, most, (inflater) => {
    let at = 0;
    do {
      at = inflateMember(file, at, inflater);
    } while (at < file.length && file[at] !== 0);
    if (file.subarray(at).some((byte) => byte !== 0)) throw damagedData("something follows the gzip file");
    if (inflater.size < least)
      throw damagedData(`it unpacks to ${inflater.size} bytes, fewer than the ${least} that it should`);
    return inflater.output();
  });
}

const trailerBytes = 8;

/** Inflates the member that begins at `start`, checks it, and returns where it ends. */
function inflateMember(file: Uint8Array, start: number, inflater: Inflater): number {
  const before = inflater.size;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = inflater.inflate(headerEnd(file, view, start, inflater), file.length - trailerBytes);
  if (view.getUint32(end, true) !== inflater.crc32(before)) throw damagedData("its CRC-32 is wrong");
  if (view.getUint32(end + 4, true) !== (inflater.size - before) % 2 ** 32)
    throw damagedData("its length is not the one that its end tells");
  return end + trailerBytes;
}

function headerEnd(file: Uint8Array, view: DataView, start: number, { crc32OfFile }: Inflater): number {
  const shortest = 10;
  const room = file.length - start - trailerBytes;
  if (room < shortest) throw damagedData("the gzip file ends within its header");
  const flags = file[start + 3] as number;
  if (view.getUint16(start) !== 0x1f8b || file[start + 2] !== 8 || flags > 0x1f)
    throw damagedData(start === 0 ? "its gzip header is invalid" : "something follows the gzip file");
  const [checksum, extra, name, comment] = [flags & 2, flags & 4, flags & 8, flags & 16];
  let at = start + shortest;
  if (extra !== 0) at += 2 + view.getUint16(at, true);
  for (const text of [name, comment]) if (text !== 0) at = textEnd(file, at);
  const end = checksum === 0 ? at : at + 2;
  if (end > file.length - trailerBytes) throw damagedData("the gzip file ends within its header");
  if (checksum !== 0 && view.getUint16(at, true) !== (crc32OfFile(start, at) & 0xffff))
    throw damagedData("the checksum of its gzip header is wrong");
  return end;
}

/** The position after a text that ends with a zero. */
function textEnd(file: Uint8Array, start: number): number {
  const zero = file.indexOf(0, start);
  return zero === -1 ? file.length : zero + 1;
}
