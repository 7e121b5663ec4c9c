/**
 * Decodes JPEG in plain TypeScript, exactly as libjpeg does with its accurate integer transform. Grey is the Y plane of
 * a YCbCr file, the only plane of a grey file, or the weighted sum of the planes of an RGB file.
 */

import { type DecodedImage, greyBytes, type SizeLimit, type WantedPixels } from "../wanted-pixels.js";
import { neededPlanes, samplesOfPlanes } from "./jpeg-colour.js";
import { corrupt } from "./jpeg-failure.js";
import type { JpegPlane } from "./jpeg-plane.js";
import { ProgressiveDecoder } from "./jpeg-progressive.js";
import { JpegReader, type JpegScan } from "./jpeg-reader.js";
import { decodeSequentialScan } from "./jpeg-sequential.js";

/**
 * Decodes a JPEG file of 8 bits (baseline, extended sequential or progressive; grey, YCbCr or RGB) to the wanted
 * channel.
 *
 * @throws DecodeFailure if the file is damaged, of another kind, lacks the channel, or does not fit the limit.
 */
export function decodeJpeg(
  bytes: Uint8Array,
  limit: SizeLimit,
  wanted: WantedPixels = greyBytes,
): DecodedImage<Uint8Array<ArrayBuffer>> {
  const reader = new JpegReader(bytes, limit);
  const first = reader.nextScan();
  if (first === undefined) throw corrupt("it has no image data");
  const { frame, rgb } = reader;
  const planes = neededPlanes(frame, rgb, wanted);
  decodeScans(reader, first, planes);
  const data = samplesOfPlanes(frame, planes, rgb, wanted.channel);
  if (data === undefined) throw corrupt("it has no image data");
  return { data, width: frame.width, height: frame.height };
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
