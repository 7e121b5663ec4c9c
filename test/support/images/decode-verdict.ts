import { DecodeFailure } from "../../../src/errors.js";
import type { DecodedImage } from "../../../workers/decode/wanted-pixels.js";

/** The result of a decoder as text: the image, or the reason of its `DecodeFailure`. */
export function verdictOf(decode: () => DecodedImage): string {
  try {
    const { data, width, height } = decode();
    return `${width} × ${height}: ${Array.from(data).join(" ")}`;
  } catch (error) {
    if (error instanceof DecodeFailure) return error.reason;
    throw error;
  }
}
