/** Red, green or blue of a JPEG file, exactly as libjpeg-turbo computes them with its accurate transform. */

import { requireChannel, type WantedPixels } from "../wanted-pixels.js";
import { unsupported } from "./jpeg-failure.js";
import type { JpegComponent, JpegFrame } from "./jpeg-frame.js";
import { JpegPlane } from "./jpeg-plane.js";
import { upsample } from "./jpeg-upsample.js";

/** One plane for each component whose samples are needed, at its position in the frame. */
export function neededPlanes(
  frame: JpegFrame,
  rgb: boolean,
  wanted: WantedPixels,
): (JpegPlane | undefined)[] {
  requireJpegChannel(frame, wanted);
  const needed = neededComponents(rgb, wanted.channel);
  return frame.components.map((component, index) => {
    if (!needed.includes(index)) return undefined;
    if (rgb || index === 0) requireFull(frame, component, rgb);
    return new JpegPlane(
      Math.ceil((frame.width * component.h) / frame.hMax),
      Math.ceil((frame.height * component.v) / frame.vMax),
    );
  });
}

/** Throws a `DecodeFailure` if the file lacks the channel, or the number of channels that it must have. */
export function requireJpegChannel({ components }: JpegFrame, wanted: WantedPixels): void {
  requireChannel(wanted, "the JPEG file", { channels: components.length, bits: 8, alpha: false });
}

function neededComponents(rgb: boolean, channel: WantedPixels["channel"]): readonly number[] {
  if (rgb) return channel === "grey" ? [0, 1, 2] : [channel];
  // Red does not depend on Cb, nor blue on Cr.
  return channel === "grey"
    ? [0]
    : ([
        [0, 2],
        [0, 1, 2],
        [0, 1],
      ][channel] ?? []);
}

function requireFull({ hMax, vMax }: JpegFrame, { h, v }: JpegComponent, rgb: boolean): void {
  if (h === hMax && v === vMax) return;
  throw unsupported(rgb ? "RGB with reduced colour planes" : "Y is sampled more coarsely than Cb or Cr");
}

/** The wanted samples from the planes of {@link neededPlanes}. May overwrite the planes. */
export function samplesOfPlanes(
  frame: JpegFrame,
  planes: readonly (JpegPlane | undefined)[],
  rgb: boolean,
  channel: WantedPixels["channel"],
): Uint8Array<ArrayBuffer> | undefined {
  const [first, second, third] = planes;
  if (rgb && channel !== "grey") return planes[channel]?.data;
  if (first === undefined) return undefined;
  if (channel === "grey") {
    if (second !== undefined && third !== undefined) mixToGrey(first.data, second.data, third.data);
    return first.data;
  }
  if (frame.components.length === 1) return first.data;
  const [, cb, cr] = planes.map((plane, index) => plane && upsample(frame, plane, index));
  addColour(new Uint8ClampedArray(first.data.buffer), channel, cb, cr);
  return first.data;
}

/** Computes ITU-R 601-2 luma, rounded as in libjpeg and Pillow. The result replaces `red`. */
function mixToGrey(red: Uint8Array, green: Uint8Array, blue: Uint8Array): void {
  for (let n = 0; n < red.length; n++) {
    red[n] = (19595 * (red[n] ?? 0) + 38470 * (green[n] ?? 0) + 7471 * (blue[n] ?? 0) + 32768) >> 16;
  }
}

// The weights of Cb and Cr in red, green and blue, times 65536, rounded as in libjpeg.
const fromCb = [0, -22554, 116130];
const fromCr = [91881, -46802, 0];

/** Applies JFIF's conversion in libjpeg's fixed point. The result replaces `luma`. */
function addColour(luma: Uint8ClampedArray, channel: number, cb?: Uint8Array, cr?: Uint8Array): void {
  const ofCb = fromCb[channel] ?? 0;
  const ofCr = fromCr[channel] ?? 0;
  for (let n = 0; n < luma.length; n++) {
    const colour = ofCb * ((cb?.[n] ?? 128) - 128) + ofCr * ((cr?.[n] ?? 128) - 128);
    luma[n] = (luma[n] ?? 0) + ((colour + 32768) >> 16);
  }
}
