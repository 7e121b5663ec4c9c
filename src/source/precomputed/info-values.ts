/** Checks of the values in an `info`, which may be any JSON. */

import { UnsupportedMirrorError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import { shownJson } from "../../stack/shown-value.js";

/** An object of JSON whose fields are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of JSON has fields. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The error for a value in an `info` that makes no sense. */
export function infoFault(where: string, what: string, got: unknown, wanted: string): UnsupportedMirrorError {
  return new UnsupportedMirrorError(`${where} has ${what} ${shownJson(got)}: ${wanted}`);
}

/** A list of three values, x, y, z, each of which passes a check; otherwise `undefined`. */
export function tripleOf(value: unknown, passes: (part: unknown) => boolean): Triple | undefined {
  if (!Array.isArray(value) || value.length !== 3 || !value.every(passes)) return undefined;
  return [value[0], value[1], value[2]];
}

/** Whether a value is a positive integer that a number holds exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Whether a value is a positive, finite number. */
export function isLength(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}
