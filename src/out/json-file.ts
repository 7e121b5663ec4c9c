import type { Bytes } from "../space/bytes.js";

/** A JSON value, in which whole numbers may have any size. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * The text of a JSON file, which ends in a line break. A bigint is printed with all its digits, -0 with its sign, and
 * members that are `undefined` are left out.
 *
 * @throws RangeError for NaN and infinities, which JSON does not have: each format has its own way to write them.
 */
export function jsonText(value: Json): string {
  return `${print(value, "\n")}\n`;
}

/** The bytes of {@link jsonText}. */
export function jsonBytes(value: Json): Bytes {
  return new TextEncoder().encode(jsonText(value));
}

function print(value: Json, lineBreak: string): string {
  if (Object.is(value, -0)) return "-0.0";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new RangeError(`JSON has no number ${value}`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${lineBreak}  `;
  if (isArray(value)) {
    const items = value.map((item) => print(item, inner));
    // Arrays of plain values, mostly triples, go on one line.
    return items.every((item) => !item.includes("\n"))
      ? `[${items.join(", ")}]`
      : `[${inner}${items.join(`,${inner}`)}${lineBreak}]`;
  }
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [`${JSON.stringify(key)}: ${print(member, inner)}`],
  );
  return members.length === 0 ? "{}" : `{${inner}${members.join(`,${inner}`)}${lineBreak}}`;
}

/** `Array.isArray` as a type guard for readonly arrays. */
function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
