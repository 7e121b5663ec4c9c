import { lenientNumber } from "./lenient-number.js";

/** The broken sections of a stack, as far as they could be read. */
export interface BrokenSections {
  /** The sections. */
  readonly sections: readonly number[];
  /** The entries that name no section. Empty if all could be read. */
  readonly unread: readonly unknown[];
}

/**
 * Reads broken sections from `{"5": 1}`, `[5]`, a Set, JSON text of the first two, `"5,7"`, or nothing. A lone number
 * is not read: it may be the number of a section, or the number of broken sections.
 */
export function readBrokenSections(given: unknown): BrokenSections {
  const value = typeof given === "string" ? ofText(given) : given;
  if (value === undefined || value === null || value === false) return { sections: [], unread: [] };
  if (typeof value !== "object") return { sections: [], unread: [given] };
  const names: readonly unknown[] = isIterable(value)
    ? [...value]
    : Object.entries(value).flatMap(([section, isBroken]) => (isBroken ? [section] : []));
  const isSection = (name: unknown): boolean => Number.isInteger(lenientNumber(name));
  return {
    sections: names.filter(isSection).map(lenientNumber),
    unread: names.filter((name) => !isSection(name)),
  };
}

function ofText(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return /[,;\s]/.test(text.trim()) ? text.split(/[,;\s]+/).filter((part) => part !== "") : text;
  }
}

function isIterable(value: object): value is Iterable<unknown> {
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function";
}
