/** Which samples of an image become voxels. */

import { DecodeFailure } from "../../src/errors.js";
import type { Codec } from "../protocol.js";

/** What is asked of an image. */
export type WantedPixels = Pick<Extract<Codec, { kind: "image" }>, "dataType" | "channel">;

/** The largest image that is accepted, in pixels. */
export interface SizeLimit {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
}

/** 8 bits of grey. */
export const greyBytes: WantedPixels = { dataType: "uint8", channel: "grey" };

const channelNames = ["red", "green", "blue", "alpha"];

/** Samples of one byte or two. */
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

/**
 * Throws the `DecodeFailure` for an image without the channel that is wanted. Channel 0 of a grey image is its grey.
 *
 * @param image - What it is: "the JPEG file".
 */
export function requireChannel(
  channel: WantedPixels["channel"],
  image: string,
  has: { readonly colours: 1 | 3; readonly alpha: boolean },
): void {
  if (channel === "grey" || channel < has.colours || (channel === 3 && has.alpha)) return;
  throw new DecodeFailure(
    "unsupported-image",
    `${image} is ${has.colours === 1 ? "grey" : "in colour"} and has no ${channelNames[channel]} (channel: ${channel})`,
  );
}
