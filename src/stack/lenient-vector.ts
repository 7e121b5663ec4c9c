import type { Vector3 } from "../space/axis-order.js";
import { lenientNumber } from "./lenient-number.js";

/** Reads three numbers as CATMAID writes them: `{x, y, z}`, `[x, y, z]` or `"(x, y, z)"`. NaN for what is missing. */
export function lenientVector(value: unknown): Vector3 {
  const [x, y, z] = vectorParts(value).map(lenientNumber);
  return { x: x ?? Number.NaN, y: y ?? Number.NaN, z: z ?? Number.NaN };
}

function vectorParts(value: unknown): readonly unknown[] {
  if (typeof value === "string") return value.replace(/^\s*[([]|[)\]]\s*$/g, "").split(",");
  if (Array.isArray(value)) return value.length === 3 ? value : [];
  if (typeof value !== "object" || value === null) return [];
  const { x, y, z } = value as { x?: unknown; y?: unknown; z?: unknown };
  return [x, y, z];
}
