/**
 * Unpacks xz as it is used for arrays: LZMA2 without other filters. It was written for this library because the
 * implementations on npm are streams, need WebAssembly, or skip checks.
 */

import { crc32 } from "../../../crc-32.js";
import { damagedData } from "../../damaged-data.js";
import { unpackLzma2 } from "./lzma2.js";
import { readBlockHeader, readSize } from "./xz-block-header.js";
import { type CheckKind, checkBytes, isChecked } from "./xz-check.js";

const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const frameBytes = 12;

/** The sizes of a block, as the index at the end of its stream has them. */
interface BlockRecord {
  /** The packed length, without the padding. */
  readonly packedBytes: number;
  readonly bytes: number;
}

/** The bytes of consecutive xz streams, exactly `length` of them. Throws a `DecodeFailure` for anything else. */
export function unpackXz(file: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 0;
  let written = 0;
  do {
    const stream = unpackStream(file, view, at, bytes, written);
    written = stream.written;
    at = paddingEnd(file, stream.end);
  } while (at < file.length);
  if (written !== length)
    throw damagedData(`it unpacks to ${written} bytes, fewer than the ${length} that it should`);
  return bytes;
}

function unpackStream(
  file: Uint8Array,
  view: DataView,
  start: number,
  bytes: Uint8Array,
  before: number,
): { readonly end: number; readonly written: number } {
  if (start + frameBytes > file.length) throw endsEarly();
  if (magic.some((byte, i) => file[start + i] !== byte))
    throw damagedData(start === 0 ? "it is no xz stream" : "something follows the xz stream");
  const flags = view.getUint16(start + 6);
  requireCrc(file, view, start + 6, start + 8);
  const check = checkKindOf(flags);
  const records: BlockRecord[] = [];
  let at = start + frameBytes;
  let written = before;
  for (;;) {
    if (at >= file.length) throw endsEarly();
    if (file[at] === 0) break;
    const block = unpackBlock(file, view, at, bytes.subarray(written), check);
    records.push(block);
    at += roundedUp(block.packedBytes);
    written += block.bytes;
  }
  const indexEnd = checkIndex(file, view, at, records);
  const end = indexEnd + frameBytes;
  if (end > file.length) throw endsEarly();
  requireCrc(file, view, indexEnd + 4, indexEnd + 10, indexEnd);
  const isFooter =
    view.getUint16(indexEnd + 10) === 0x595a &&
    view.getUint16(indexEnd + 8) === flags &&
    (view.getUint32(indexEnd + 4, true) + 1) * 4 === indexEnd - at;
  if (!isFooter) throw damagedData("the end of the xz stream is garbled");
  return { end, written };
}

function unpackBlock(
  file: Uint8Array,
  view: DataView,
  start: number,
  target: Uint8Array,
  check: CheckKind,
): BlockRecord {
  const headerEnd = start + ((file[start] as number) + 1) * 4;
  if (headerEnd > file.length) throw endsEarly();
  requireCrc(file, view, start, headerEnd - 4);
  const { packedBytes, bytes, dictionaryBytes } = readBlockHeader(file, start, headerEnd - 4);
  const data = unpackLzma2(file, headerEnd, file.length, target, dictionaryBytes);
  if ((packedBytes ?? data.end - headerEnd) !== data.end - headerEnd || (bytes ?? data.size) !== data.size)
    throw damagedData("an xz block has another size than its header tells");
  const checkStart = headerEnd + roundedUp(data.end - headerEnd);
  const end = checkStart + checkBytes[check];
  if (end > file.length) throw endsEarly();
  if (file.subarray(data.end, checkStart).some((byte) => byte !== 0))
    throw damagedData("the padding of an xz block is garbled");
  if (!isChecked(check, target.subarray(0, data.size), file.subarray(checkStart, end)))
    throw damagedData("the checksum of an xz block is wrong");
  return { packedBytes: data.end - start + checkBytes[check], bytes: data.size };
}

/** Compares the index with the blocks that were read. Returns where the index ends. */
function checkIndex(
  file: Uint8Array,
  view: DataView,
  start: number,
  records: readonly BlockRecord[],
): number {
  let at = start + 1;
  const next = (): number => {
    const size = readSize(file, at, file.length);
    at = size.end;
    return size.value;
  };
  let isRight = next() === records.length;
  for (const { packedBytes, bytes } of isRight ? records : [])
    isRight &&= next() === packedBytes && next() === bytes;
  while (isRight && (at - start) % 4 !== 0) isRight &&= file[at++] === 0;
  if (!isRight) throw damagedData("the index of the xz stream is wrong");
  if (at + 4 > file.length) throw endsEarly();
  requireCrc(file, view, start, at);
  return at + 4;
}

function checkKindOf(flags: number): CheckKind {
  switch (flags) {
    case 0:
      return "none";
    case 1:
      return "crc32";
    case 4:
      return "crc64";
    case 10:
      return "sha-256";
    default:
      throw damagedData("its xz header has an unknown check");
  }
}

/** Throws unless the CRC-32 of `[start, end)` is stored at `at`, which is `end` by default. */
function requireCrc(file: Uint8Array, view: DataView, start: number, end: number, at: number = end): void {
  if (view.getUint32(at, true) !== crc32(file, start, end))
    throw damagedData("the checksum of an xz header is wrong");
}

/** Skips the padding of a stream: zeros, in multiples of four. */
function paddingEnd(file: Uint8Array, start: number): number {
  let at = start;
  while (at < file.length && file[at] === 0) at += 1;
  if ((at - start) % 4 !== 0) throw damagedData("something follows the xz stream");
  return at;
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

function endsEarly(): Error {
  return damagedData("the xz stream ends early");
}
