/** How a JPEG file that is not decoded says so. */

import { DecodeFailure } from "../../../src/errors.js";

/** A file that is truncated or garbled. */
export function corrupt(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the JPEG file is damaged: ${what}`);
}

/** A valid file of a kind that is not decoded. */
export function unsupported(what: string): DecodeFailure {
  return new DecodeFailure("unsupported-image", `the JPEG file is of an unsupported kind: ${what}`);
}

/** Bytes that do not begin as a JPEG file does. */
export function notJpeg(): DecodeFailure {
  return new DecodeFailure("not-an-image", "the bytes do not begin with the start marker of a JPEG file");
}
