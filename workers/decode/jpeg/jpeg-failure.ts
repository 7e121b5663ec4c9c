/** The failures of JPEG files that cannot be decoded. */

import { DecodeFailure } from "../../../src/errors.js";

/** The failure for a file that is truncated or garbled. */
export function corrupt(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the JPEG file is damaged: ${what}`);
}

/** The failure for a valid file of a kind that is not decoded. */
export function unsupported(what: string): DecodeFailure {
  return new DecodeFailure("unsupported-image", `the JPEG file is of an unsupported kind: ${what}`);
}

/** The failure for bytes that do not begin like a JPEG file. */
export function notJpeg(): DecodeFailure {
  return new DecodeFailure("not-an-image", "the bytes do not begin with the start marker of a JPEG file");
}
