/** Shows a value of the wrong kind in a message. */
export function shownValue(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "a list";
  const { x, y, z } = value as { x?: unknown; y?: unknown; z?: unknown };
  return [x, y, z].some((part) => part !== undefined)
    ? `{ x: ${shownPart(x)}, y: ${shownPart(y)}, z: ${shownPart(z)} }`
    : "an object";
}

/** Shows a JSON value in a message. */
export function shownJson(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
  } catch {
    return shownValue(value);
  }
}

/** Does not call an object's `toString`, which may be anything. */
function shownPart(part: unknown): string {
  return typeof part === "object" && part !== null ? "an object" : String(part);
}
