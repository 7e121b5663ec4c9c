import { DecodeFailure } from "../../src/errors.js";

/** The failure of packed data that are not whole, or not as they were written. */
export function damagedData(what: string): DecodeFailure {
  return new DecodeFailure("corrupt-image", `its compressed data are damaged: ${what}`);
}
