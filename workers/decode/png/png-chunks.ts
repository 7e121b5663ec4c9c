/** The chunks of a PNG file after its header: the places of the image data, and the palette. */

import { DecodeFailure } from "../../../src/errors.js";
import type { WantedPixels } from "../wanted-pixels.js";
import { type PngHeader, pngHeaderBytes } from "./png-header.js";

/** What the chunks hold. */
export interface PngChunks {
  /** Ranges `[start, end)` of the file that together are the zlib stream, in order. */
  readonly data: readonly (readonly [start: number, end: number])[];
  /** Their total size in bytes. */
  readonly dataBytes: number;
  /** Red, green and blue of each colour. Empty if there is no palette. */
  readonly palette: Uint8Array<ArrayBuffer>;
  /** The content of tRNS, if there is one, alpha is wanted, and the pixels have no alpha of their own. */
  readonly transparency: Uint8Array | undefined;
}

/** CRC-32 of the file's bytes `[start, end)`. */
export type FileCrc = (start: number, end: number) => number;

const headerType = 0x49484452;
const imageData = 0x49444154;
const paletteType = 0x504c5445;
const transparencyType = 0x74524e53;
const end = 0x49454e44;
/** Small enough for the number of its bits to fit into 31 bits. */
const maxDataBytes = 0x0f000000;

/**
 * Walks through the chunks up to IEND. It ignores anything after that, a palette that no pixel needs, and ancillary
 * chunks, except tRNS if `channel` is alpha. Throws a `DecodeFailure`: `"corrupt-image"` if the file ends early, the
 * checksum of a critical chunk is wrong, or data or palette are missing; `"unsupported-image"` for a critical chunk
 * that the standard does not know.
 */
export function readPngChunks(
  bytes: Uint8Array,
  header: PngHeader,
  channel: WantedPixels["channel"],
  crc: FileCrc,
): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: [number, number][] = [];
  let dataBytes = 0;
  let palette = new Uint8Array(0);
  let transparency: Uint8Array | undefined;
  const ancillaryWanted = channel === 3 && !header.colour.endsWith("alpha") ? transparencyType : 0;
  for (let at = pngHeaderBytes; ; ) {
    if (at + 12 > bytes.length) throw corrupt("it ends early (no IEND chunk)");
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const start = at + 8;
    const stop = start + length;
    if (stop + 4 > bytes.length) throw corrupt("it ends early, within a chunk");
    at = stop + 4;
    if ((type & 0x20000000) !== 0 && type !== ancillaryWanted) continue;
    if (view.getUint32(stop) !== crc(start - 4, stop)) {
      throw corrupt(`the checksum of its chunk ${nameOf(bytes, start - 4)} is wrong`);
    }
    if (type === imageData) {
      data.push([start, stop]);
      dataBytes += length;
    } else if (type === paletteType) {
      // As in all readers, a palette after the image data comes too late.
      if (header.colour !== "palette" || data.length > 0) continue;
      if (length > 768) throw corrupt(`its palette has ${length} bytes`);
      palette = bytes.slice(start, stop - (length % 3));
    } else if (type === transparencyType) {
      const [least, most] = transparencyBytes(header, palette);
      if (transparency !== undefined || data.length > 0 || length < least || length > most)
        throw corrupt(`its transparency (tRNS chunk) has ${length} bytes, is out of place or comes twice`);
      transparency = bytes.subarray(start, stop);
    } else if (type === end) {
      break;
    } else if (type === headerType) {
      throw corrupt("it has two header chunks (IHDR)");
    } else {
      throw new DecodeFailure(
        "unsupported-image",
        `the PNG has a critical chunk ${nameOf(bytes, start - 4)}, which the standard does not know`,
      );
    }
  }
  if (dataBytes === 0) throw corrupt("it has no image data (IDAT chunk)");
  if (dataBytes > maxDataBytes) {
    throw new DecodeFailure(
      "unsupported-image",
      `a PNG of ${dataBytes} bytes of data is too large to decode`,
    );
  }
  if (header.colour === "palette" && palette.length === 0)
    throw corrupt("it has no palette (PLTE chunk) before its data");
  return { data, dataBytes, palette, transparency };
}

function transparencyBytes(
  { colour }: PngHeader,
  palette: Uint8Array,
): readonly [least: number, most: number] {
  if (colour === "palette") return [1, palette.length / 3];
  return colour === "rgb" ? [6, 6] : [2, 2];
}

function nameOf(bytes: Uint8Array, at: number): string {
  const name = String.fromCharCode(...bytes.subarray(at, at + 4));
  return /^[A-Za-z]{4}$/.test(name) ? name : "of an invalid name";
}

function corrupt(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the PNG is damaged: ${what}`);
}
