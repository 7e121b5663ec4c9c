/**
 * Decodes JPEG to grey with the WebAssembly kernel. Returns the same bytes and refuses the same files as
 * `decode-jpeg.ts`.
 */

import type { Kernels } from "../kernel-instance.js";
import { type DecodedImage, greyBytes, type SizeLimit, type WantedPixels } from "../wanted-pixels.js";
import { requireJpegChannel } from "./jpeg-colour.js";
import { corrupt } from "./jpeg-failure.js";
import { unitCounts } from "./jpeg-frame.js";
import { JpegReader, type JpegScan } from "./jpeg-reader.js";

// The work region that `kernels/jpeg.ts` expects: quantisation table, four Huffman tables, room for the data.
const quantBytes = 128;
const huffmanBytes = 272;
const tablesBytes = quantBytes + 4 * huffmanBytes;
const spareBytes = 4224;

/**
 * Decodes a baseline or extended sequential JPEG file to grey. The file is grey, or has Y, Cb and Cr in one scan.
 *
 * @returns `undefined` for a file of another kind or with a fault. `decode-jpeg.ts` decides whether it is odd or
 * damaged.
 * @throws DecodeFailure if the segments around the image data are damaged, or the image does not fit the limit.
 */
export function decodeJpegWasm(
  kernels: Kernels,
  bytes: Uint8Array,
  limit: SizeLimit,
  wanted: WantedPixels = greyBytes,
): DecodedImage<Uint8Array<ArrayBuffer>> | undefined {
  const reader = new JpegReader(bytes, limit);
  const scan = reader.nextScan();
  if (scan === undefined) throw corrupt("it has no image data");
  const { frame } = reader;
  requireJpegChannel(frame, wanted);
  // The kernel skips Cb and Cr.
  if (wanted.channel !== "grey" && frame.components.length > 1) return undefined;
  const layout = scanLayout(reader, scan);
  if (layout === undefined) return undefined;

  const { h, v, colours } = layout;
  const { across, down } = unitCounts(frame, scan.components);
  const data = bytes.subarray(scan.start);
  const regions = kernels.reserve(
    data.length,
    64 * h * v * across * down,
    tablesBytes + data.length + spareBytes,
  );
  const memory = kernels.bytes();
  memory.set(data, regions.input);
  memory.fill(0, regions.work, regions.work + tablesBytes);
  memory.set(new Uint8Array(layout.quant.buffer), regions.work);
  for (const [slot, table] of layout.tables.entries()) {
    memory.set(table, regions.work + quantBytes + slot * huffmanBytes);
  }
  const { input, output, work } = regions;
  const end = kernels.exports.decodeJpegScan(
    input,
    data.length,
    output,
    work,
    across,
    down,
    scan.restartInterval,
    h,
    v,
    colours,
    frame.width,
    frame.height,
  );
  if (end < 0) return undefined;
  reader.resume(scan.start + end);
  if (reader.nextScan() !== undefined) throw corrupt("a component comes twice");
  const size = frame.width * frame.height;
  return { data: memory.slice(output, output + size), width: frame.width, height: frame.height };
}

/** A scan in the form that the kernel takes. */
interface ScanLayout {
  /** Blocks of Y in a unit (MCU): per row and per column. */
  readonly h: number;
  readonly v: number;
  /** Blocks of Cb and Cr in a unit. */
  readonly colours: number;
  /** Quantisation of the 64 coefficients of Y, in zigzag order. */
  readonly quant: Uint16Array;
  /** DC and AC table of Y, then those that Cb and Cr share. */
  readonly tables: readonly Uint8Array[];
}

/** What the kernel needs to know; `undefined` if it cannot take the scan. */
function scanLayout({ frame, rgb }: JpegReader, { components }: JpegScan): ScanLayout | undefined {
  const [luma, cb, cr] = components;
  const [first, second, third] = frame.components;
  if (frame.progressive || rgb || components.length !== frame.components.length) return undefined;
  if (components.some(({ index, quant }, n) => index !== n || quant === undefined)) return undefined;
  if (luma?.dc === undefined || luma.ac === undefined || luma.quant === undefined || first === undefined)
    return undefined;
  const { quant } = luma;
  if (cb === undefined || cr === undefined || second === undefined || third === undefined) {
    return { h: 1, v: 1, colours: 0, quant, tables: [luma.dc, luma.ac] };
  }
  if (first.h !== frame.hMax || first.v !== frame.vMax || cb.dc !== cr.dc || cb.ac !== cr.ac)
    return undefined;
  if (cb.dc === undefined || cb.ac === undefined) return undefined;
  const colours = second.h * second.v + third.h * third.v;
  return { h: first.h, v: first.v, colours, quant, tables: [luma.dc, luma.ac, cb.dc, cb.ac] };
}
