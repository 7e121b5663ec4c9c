/**
 * Reads a number from a server's JSON: a finite number, or a string that holds only one (`"512"`, `" 4.0 "`). NaN for
 * everything else.
 */
export function lenientNumber(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : Number.NaN;
  if (typeof value !== "string" || !/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value))
    return Number.NaN;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed + 0 : Number.NaN;
}
