import { DecodeFailure } from "../../src/errors.js";

/** The failure for packed data that are incomplete or were changed. */
export function damagedData(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `its compressed data are damaged: ${what}`);
}
