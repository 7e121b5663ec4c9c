/** The signature and the header chunk of a PNG file, checked against the caller's limit. */

import { DecodeFailure } from "../../../src/errors.js";
import { crc32 } from "../../crc-32.js";
import { requireSize, type SizeLimit } from "../wanted-pixels.js";

/** The content of the IHDR chunk. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample. */
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly colour: PngColour;
  /** Whether the pixels come in Adam7's seven passes. */
  readonly interlaced: boolean;
}

/** Kinds of pixels. */
export type PngColour = "grey" | "rgb" | "palette" | "grey-alpha" | "rgb-alpha";

/** Size of the signature and the header chunk together, in bytes. */
export const pngHeaderBytes = 33;

/** Samples per pixel. */
export const samplesPerPixel: Readonly<Record<PngColour, 1 | 2 | 3 | 4>> = {
  grey: 1,
  rgb: 3,
  palette: 1,
  "grey-alpha": 2,
  "rgb-alpha": 4,
};

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const maxPixels = 2 ** 28;

const colours: Readonly<Record<number, PngColour>> = {
  0: "grey",
  2: "rgb",
  3: "palette",
  4: "grey-alpha",
  6: "rgb-alpha",
};
const depths: Readonly<Record<PngColour, readonly number[]>> = {
  grey: [1, 2, 4, 8, 16],
  rgb: [8, 16],
  palette: [1, 2, 4, 8],
  "grey-alpha": [8, 16],
  "rgb-alpha": [8, 16],
};

/** Whether the bytes begin like a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the header. Throws a `DecodeFailure`: `"not-an-image"` without PNG's signature, `"corrupt-image"` if the header
 * is damaged, `"wrong-size"` if the image does not fit `limit`, `"unsupported-image"` for a kind that PNG does not
 * define.
 */
export function readPngHeader(bytes: Uint8Array, limit: SizeLimit): PngHeader {
  if (!isPng(bytes)) throw new DecodeFailure("not-an-image", "the bytes do not begin as a PNG file does");
  if (bytes.length < pngHeaderBytes) {
    throw corrupt(`it has only ${bytes.length} bytes, fewer than its header takes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) {
    throw corrupt("it does not begin with a header chunk (IHDR)");
  }
  if (view.getUint32(29) !== crc32(bytes, 12, 29))
    throw corrupt("the checksum of its header (IHDR) is wrong");

  const width = view.getUint32(16);
  const height = view.getUint32(20);
  if (width === 0 || height === 0) throw corrupt(`its header says ${width} × ${height} pixels`);
  requireSize(limit, "the PNG", width, height);
  if (width * height > maxPixels) {
    throw new DecodeFailure(
      "unsupported-image",
      `a PNG of ${width} × ${height} pixels is too large to decode`,
    );
  }
  const depth = view.getUint8(24);
  const colour = colours[view.getUint8(25)];
  const interlace = view.getUint8(28);
  if (colour === undefined || !depths[colour].includes(depth)) {
    throw unsupported(`colour type ${view.getUint8(25)} with ${depth} bits a sample`);
  }
  if (view.getUint8(26) !== 0) throw unsupported(`compression method ${view.getUint8(26)}`);
  if (view.getUint8(27) !== 0) throw unsupported(`filter method ${view.getUint8(27)}`);
  if (interlace > 1) throw unsupported(`interlace method ${interlace}`);
  return { width, height, depth: depth as PngHeader["depth"], colour, interlaced: interlace === 1 };
}

function corrupt(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the PNG is damaged: ${what}`);
}

function unsupported(what: string): DecodeFailure {
  return new DecodeFailure("unsupported-image", `a PNG of ${what} is none that the standard knows`);
}
