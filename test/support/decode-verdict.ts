import { DecodeFailure } from "../../src/errors.js";

/** What a decoder made of a file: a digest of the result, or the reason of its `DecodeFailure`. */
export function verdictOf(decode: () => { data: Uint8Array; width: number; height: number }): string {
  try {
    const { data, width, height } = decode();
    return `${width} × ${height}: ${Array.from(data).join(" ")}`;
  } catch (error) {
    if (error instanceof DecodeFailure) return error.reason;
    throw error;
  }
}
