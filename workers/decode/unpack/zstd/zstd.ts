/**
 * Unpacks Zstandard (RFC 8878) without dictionaries: consecutive frames, with skippable frames between them. A frame
 * may have a checksum; most writers of arrays leave it out. It was written for this library because the implementations
 * on npm either accept damaged data or need WebAssembly, which a page may forbid.
 */

import { DecodeFailure } from "../../../../src/errors.js";
import { damagedData } from "../../damaged-data.js";
import { unpackCompressedBlock } from "./compressed-block.js";
import { FrameTables } from "./frame-tables.js";
import { xxHash64Low } from "./xx-hash-64.js";

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const mostBlockBytes = 1 << 17;

/** Unpacks frames that must fill the target exactly. Throws a `DecodeFailure` if they do not. */
export function unpackZstd(source: Uint8Array, target: Uint8Array): void {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  let written = 0;
  do {
    if (at + 5 > source.length) throw endsEarly();
    const magic = view.getUint32(at, true);
    if ((magic & 0xfffffff0) === skippableMagic) {
      if (at + 8 > source.length) throw endsEarly();
      at += 8 + view.getUint32(at + 4, true);
      if (at > source.length) throw endsEarly();
    } else {
      if (magic !== frameMagic) {
        throw damagedData(at === 0 ? "it is no zstd frame" : "something follows the zstd frame");
      }
      const frame = unpackFrame(source, view, at, target.subarray(written));
      at = frame.end;
      written += frame.size;
    }
  } while (at < source.length);
  if (written !== target.length)
    throw damagedData(`it unpacks to ${written} bytes, fewer than the ${target.length} that it should`);
}

interface FrameHeader {
  /** Position of the first byte after the header. */
  readonly end: number;
  /** How many bytes the frame makes, if the header has it. */
  readonly contentBytes: number | undefined;
  /** The most bytes that a block may make. */
  readonly blockBytes: number;
  readonly hasChecksum: boolean;
}

function unpackFrame(
  source: Uint8Array,
  view: DataView,
  start: number,
  target: Uint8Array,
): { readonly end: number; readonly size: number } {
  const header = readFrameHeader(source, view, start);
  const { contentBytes } = header;
  if (contentBytes !== undefined && contentBytes > target.length) throw tooLong();
  const tables = new FrameTables();
  let at = header.end;
  let written = 0;
  let last = false;
  while (!last) {
    if (at + 3 > source.length) throw endsEarly();
    const word = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    at += 3;
    last = (word & 1) !== 0;
    const kind = (word >>> 1) & 3;
    const size = word >>> 3;
    const packedBytes = kind === 1 ? 1 : size;
    if (at + packedBytes > source.length) throw endsEarly();
    if (kind === 3 || size > header.blockBytes) throw damagedData("a zstd block has an invalid header");
    if (kind === 2) {
      const most = Math.min(target.length, written + header.blockBytes);
      written = unpackCompressedBlock(source, view, at, at + size, target.subarray(0, most), written, tables);
    } else {
      if (size > target.length - written) throw tooLong();
      if (kind === 0) target.set(source.subarray(at, at + size), written);
      else target.fill(source[at] as number, written, written + size);
      written += size;
    }
    at += packedBytes;
  }
  if (contentBytes !== undefined && written !== contentBytes)
    throw damagedData("a zstd frame has another size than its header tells");
  if (header.hasChecksum) {
    if (at + 4 > source.length) throw endsEarly();
    if (view.getUint32(at, true) !== xxHash64Low(target.subarray(0, written)))
      throw damagedData("the checksum of a zstd frame is wrong");
    at += 4;
  }
  return { end: at, size: written };
}

function readFrameHeader(source: Uint8Array, view: DataView, start: number): FrameHeader {
  let at = start + 5;
  const flags = source[start + 4] as number;
  const isSingle = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number;
  const contentCode = flags >>> 6;
  const contentFieldBytes = contentCode === 0 ? (isSingle ? 1 : 0) : 1 << contentCode;
  const end = at + (isSingle ? 0 : 1) + dictionaryBytes + contentFieldBytes;
  if (end > source.length) throw endsEarly();
  if ((flags & 8) !== 0) throw damagedData("its zstd header is invalid");
  let windowBytes = Number.POSITIVE_INFINITY;
  if (!isSingle) {
    const descriptor = source[at++] as number;
    const base = 2 ** (10 + (descriptor >>> 3));
    windowBytes = base + (base / 8) * (descriptor & 7);
  }
  for (const stop = at + dictionaryBytes; at < stop; at++) {
    if (source[at] !== 0)
      throw new DecodeFailure(
        "unsupported-image",
        "it is packed with a zstd dictionary, which is not read; write it without one",
      );
  }
  const contentBytes = contentBytesAt(view, at, contentFieldBytes);
  const limit = contentBytes !== undefined && isSingle ? contentBytes : windowBytes;
  return { end, contentBytes, blockBytes: Math.min(mostBlockBytes, limit), hasChecksum: (flags & 4) !== 0 };
}

function contentBytesAt(view: DataView, at: number, fieldBytes: number): number | undefined {
  switch (fieldBytes) {
    case 0:
      return undefined;
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
  }
}

function endsEarly(): Error {
  return damagedData("the zstd frame ends early");
}

function tooLong(): Error {
  return damagedData("it unpacks to more bytes than it should");
}
