import { InvalidOutError } from "../errors.js";

/** The error of a writer that is used before `begin`. */
export function notBegun(): InvalidOutError {
  return new InvalidOutError("the writer has not begun a volume: give it as out, or call begin first");
}

/** The error of a writer that is given a second volume. */
export function begunBefore(): InvalidOutError {
  return new InvalidOutError("the writer has begun a volume already: make a new writer for each volume");
}
