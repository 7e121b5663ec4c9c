import { InvalidOptionError } from "../errors.js";
import type { DataType } from "../space/data-type.js";
import { holdsValue, rangeOf } from "../space/data-type.js";

/** Throws an `InvalidOptionError` that lists the choices unless `value` is one of them. */
export function oneOf<T extends string>(name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new InvalidOptionError(`${name} must be one of ${choices.join(", ")}; got ${show(value)}`);
}

/** Throws an `InvalidOptionError` unless the options are an object; a caller may have given an address instead. */
export function checkObject(options: object, such: string, of: string): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  // A text is not repeated: it may be an address with a password.
  const got = typeof options === "string" ? "text" : Array.isArray(options) ? "a list" : show(options);
  throw new InvalidOptionError(`the options of ${of} must be an object such as { ${such} }, got ${got}`);
}

/** Throws an `InvalidOptionError` for unknown names, most of which are misspelt options. */
export function refuseUnknown(options: object, names: ReadonlySet<string>, of: string): void {
  checkObject(options, [...names].slice(0, 3).join(", "), of);
  for (const name of Object.keys(options)) {
    if (!names.has(name)) {
      throw new InvalidOptionError(`${show(name)} is no option of ${of}; there are ${[...names].join(", ")}`);
    }
  }
}

/** Throws an `InvalidOptionError` unless `value` is a whole number in the range. */
export function wholeNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError(`${name} must be a whole number from ${min} to ${max}, got ${show(value)}`);
}

// Timers hold 32 bits: a longer delay would fire at once.
const longestDelayMs = 2 ** 31 - 1;

/** Throws an `InvalidOptionError` unless `value` is a time in ms of at least `min` that a timer can hold. */
export function duration(name: string, value: number, min = 1): number {
  if (typeof value === "number" && value >= min && value <= longestDelayMs) return value;
  throw new InvalidOptionError(
    `${name} must be a time in ms from ${min} to ${longestDelayMs}, got ${show(value)}`,
  );
}

/** Throws an `InvalidOptionError` unless a voxel of the type can have the value. */
export function checkFillValue(value: number | bigint, dataType: DataType): number | bigint {
  if (holdsValue(dataType, value)) return value;
  throw new InvalidOptionError(`fillValue must be ${rangeOf(dataType)}, got ${show(value)}`);
}

/** Throws an `InvalidOptionError` unless `maxMemoryBytes` is a number of bytes. */
export function memoryLimit(value: number): number {
  return wholeNumber("maxMemoryBytes", value, 1, Number.MAX_SAFE_INTEGER);
}

/** Throws an `InvalidOptionError` unless `value` is a function or not given. */
export function functionOrNone<T>(name: string, value: T | undefined): T | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw new InvalidOptionError(`${name} must be a function, got ${show(value)}`);
}

/** Throws an `InvalidOptionError` unless `signal` is an `AbortSignal` or not given. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || typeof signal?.addEventListener === "function") return;
  throw new InvalidOptionError("signal must be an AbortSignal");
}

/** A value as messages show it. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "object" && value !== null ? typeof value : String(value);
}
