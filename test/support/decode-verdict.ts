import { DecodeFailure } from "../../src/errors.js";
import type { DecodedImage } from "../../workers/decode/wanted-pixels.js";

/** What a decoder made of a file: a digest of the result, or the reason of its `DecodeFailure`. */
export function verdictOf(decode: () => DecodedImage): string {
  try {
    const { data, width, height } = decode();
    return `${width} × ${height}: ${Array.from(data).join(" ")}`;
  } catch (error) {
    if (error instanceof DecodeFailure) return error.reason;
    throw error;
  }
}
