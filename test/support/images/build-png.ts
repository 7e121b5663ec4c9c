import { zlibSync } from "fflate";

/** The pieces of a PNG file, so that a test can make one of them wrong. The default is a valid 8-bit grey file. */
export interface PngPieces {
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly compression?: number;
  readonly filter?: number;
  readonly interlace?: number;
  /** Rows with their filter bytes, not deflated. Default: no filter, zeros. */
  readonly rows?: Uint8Array;
  /** The zlib stream itself, instead of `rows`. */
  readonly stream?: Uint8Array;
  /** Chunks between the header and the image data. */
  readonly before?: readonly Uint8Array[];
  /** Chunks after the image data; default: IEND. */
  readonly after?: readonly Uint8Array[];
}

/** A PNG file of the pieces, with correct checksums. */
export function buildPng(pieces: PngPieces): Uint8Array {
  const { width, height, depth = 8, colour = 0, compression = 0, filter = 0, interlace = 0 } = pieces;
  const header = new Uint8Array([
    ...bytesOf32(width),
    ...bytesOf32(height),
    depth,
    colour,
    compression,
    filter,
    interlace,
  ]);
  const rows = pieces.rows ?? new Uint8Array(pieces.stream ? 0 : (width + 1) * height);
  return joinBytes([
    pngSignature,
    pngChunk("IHDR", header),
    ...(pieces.before ?? []),
    pngChunk("IDAT", pieces.stream ?? zlibSync(rows)),
    ...(pieces.after ?? [pngChunk("IEND")]),
  ]);
}

export const pngSignature: Uint8Array = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A chunk with its correct checksum. */
export function pngChunk(name: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const named = joinBytes([Uint8Array.from(name, (char) => char.charCodeAt(0)), data]);
  return joinBytes([bytesOf32(data.length), named, bytesOf32(slowCrc32(named))]);
}

/** Corrects the checksum of every chunk, as far as chunks can be recognised. */
export function withRightChecksums(png: Uint8Array): Uint8Array {
  const out = png.slice();
  const view = new DataView(out.buffer);
  for (let at = 8; at + 12 <= out.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > out.length) break;
    view.setUint32(end, slowCrc32(out.subarray(at + 4, end)));
    at = end + 4;
  }
  return out;
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Computed bit by bit from the definition, independently of the tables under test. */
export function slowCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** Computed byte by byte from the definition. */
export function slowAdler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

function bytesOf32(value: number): Uint8Array {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}
