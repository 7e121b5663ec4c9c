/** How a JPEG file that is not decoded says so. */

import { DecodeFailure } from "../src/errors.js";

/** A file that is truncated or garbled. */
export function corrupt(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `the JPEG file is damaged: ${what}`);
}

/** A valid file of a kind that is not decoded. */
export function unsupported(what: string): DecodeFailure {
  return new DecodeFailure("unsupported-image", `the JPEG file is of an unsupported kind: ${what}`);
}
