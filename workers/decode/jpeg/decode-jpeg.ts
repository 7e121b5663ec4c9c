/**
 * JPEG to grey in plain TypeScript, exactly as libjpeg decodes to greyscale with its accurate integer transform:
 * the Y plane of a colour file, the grey of a grey one, the weighted sum of an RGB one.
 */

import { corrupt, unsupported } from "./jpeg-failure.js";
import type { JpegFrame, SizeLimit } from "./jpeg-frame.js";
import { JpegPlane } from "./jpeg-plane.js";
import { ProgressiveDecoder } from "./jpeg-progressive.js";
import { JpegReader, type JpegScan } from "./jpeg-reader.js";
import { decodeSequentialScan } from "./jpeg-sequential.js";

/** A decoded tile. */
export interface GreyImage {
  /** Grey values, row by row, in a buffer of exactly that size. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

/**
 * Decodes a JPEG file of 8 bits (baseline, extended sequential or progressive; grey, YCbCr or RGB) to grey.
 *
 * @throws DecodeFailure where the file is damaged, of another kind, or larger than the limit.
 */
export function decodeJpeg(bytes: Uint8Array, limit: SizeLimit): GreyImage {
  const reader = new JpegReader(bytes, limit);
  const first = reader.nextScan();
  if (first === undefined) throw corrupt("it has no image data");
  const { frame } = reader;
  const planes = neededPlanes(frame, reader.rgb);
  decodeScans(reader, first, planes);
  const [luma, green, blue] = planes;
  if (luma === undefined) throw corrupt("it has no image data");
  const grey = luma.data;
  if (green !== undefined && blue !== undefined) mixToGrey(grey, green.data, blue.data);
  return { data: grey, width: frame.width, height: frame.height };
}

/** One plane for each component whose samples are needed, at its position in the frame. */
function neededPlanes(frame: JpegFrame, rgb: boolean): (JpegPlane | undefined)[] {
  return frame.components.map(({ h, v }, index) => {
    if (index > 0 && !rgb) return undefined;
    if (h === frame.hMax && v === frame.vMax) return new JpegPlane(frame);
    throw unsupported(rgb ? "RGB with reduced colour planes" : "Y is sampled more coarsely than Cb or Cr");
  });
}

function decodeScans(reader: JpegReader, first: JpegScan, planes: readonly (JpegPlane | undefined)[]): void {
  const { bytes, frame } = reader;
  const progressive = frame.progressive ? new ProgressiveDecoder(bytes, frame, planes) : undefined;
  const seen = new Set<number>();
  for (let scan: JpegScan | undefined = first; scan !== undefined; scan = reader.nextScan()) {
    for (const { index } of scan.components) {
      if (seen.has(index) && !frame.progressive) throw corrupt("a component comes twice");
      seen.add(index);
    }
    reader.resume(progressive?.decode(scan) ?? decodeSequentialScan(bytes, frame, scan, planes));
  }
  if (seen.size < frame.components.length) throw corrupt("the image data of a component is missing");
  progressive?.finish();
}

/** ITU-R 601-2 luma, rounded as libjpeg and Pillow round it; the result replaces the reds. */
function mixToGrey(red: Uint8Array, green: Uint8Array, blue: Uint8Array): void {
  for (let n = 0; n < red.length; n++) {
    red[n] = (19595 * (red[n] ?? 0) + 38470 * (green[n] ?? 0) + 7471 * (blue[n] ?? 0) + 32768) >> 16;
  }
}
