/** Which samples of an image become voxels, and how large the image may be. */

import { DecodeFailure } from "../../src/errors.js";
import type { ImageCodec } from "../protocol.js";

/** The samples that are wanted of an image. */
export interface WantedPixels extends Pick<ImageCodec, "dataType" | "channel"> {
  /**
   * How many channels the image must have, with the data type's bits. By default the number is free, with no more bits than that.
   */
  readonly channels?: number;
}

/** The size that an image may have, in pixels: at most so wide and so high, or exactly so many pixels in all. */
export type SizeLimit = { readonly width: number; readonly height: number } | { readonly area: number };

/** 8 bits of grey. */
export const greyBytes: WantedPixels = { dataType: "uint8", channel: "grey" };

const channelNames = ["red", "green", "blue", "alpha"];

/** Samples of one or two bytes. */
export type Samples = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** A decoded image. */
export interface DecodedImage<S extends Samples = Samples> {
  /** Samples, row by row, in a buffer of exactly their size. */
  readonly data: S;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

/** Throws a `DecodeFailure` for an image of another size. `image` names it: "the PNG". */
export function requireSize(limit: SizeLimit, image: string, width: number, height: number): void {
  const isRight =
    "area" in limit ? width * height === limit.area : width <= limit.width && height <= limit.height;
  if (isRight) return;
  const may =
    "area" in limit
      ? `a chunk of ${limit.area} voxels has as many`
      : `a tile has at most ${limit.width} × ${limit.height}`;
  throw new DecodeFailure("wrong-size", `${image} has ${width} × ${height} pixels where ${may}`);
}

/**
 * Throws a `DecodeFailure` for an image that lacks the wanted channel, or does not have the required channels and bits.
 * Channel 0 of a grey image is its grey.
 *
 * @param image - The image's name in the message: "the JPEG file".
 * @param has - How many channels its pixels have, of how many bits, and whether they have alpha.
 */
export function requireChannel(
  { channel, channels, dataType }: WantedPixels,
  image: string,
  has: { readonly channels: number; readonly bits: number; readonly alpha: boolean },
): void {
  const bits = dataType === "uint16" ? 16 : 8;
  if (channels !== undefined && (has.channels !== channels || has.bits !== bits)) {
    throw new DecodeFailure(
      "unsupported-image",
      `${image} has ${has.channels} channels of ${has.bits} bits where the volume has ${channels} of ${bits}`,
    );
  }
  const colours = has.channels < 3 ? 1 : 3;
  if (channel === "grey" || channel < colours || (channel === 3 && has.alpha)) return;
  throw new DecodeFailure(
    "unsupported-image",
    `${image} is ${colours === 1 ? "grey" : "in colour"} and has no ${channelNames[channel]} (channel: ${channel})`,
  );
}
