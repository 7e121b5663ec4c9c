import { InvalidOptionError } from "../errors.js";
import type { Axis } from "./axis-order.js";

/**
 * How a stack lies in project space: which project axes run along the columns and rows of its sections. `"xz"` means
 * that stack y is project z, `"zy"` that stack x is project z. CATMAID numbers them 0, 1, 2.
 */
export type StackOrientation = "xy" | "xz" | "zy";

/** Names for {@link (StackOrientation:type)} values, as catpy's enumeration of the same name has them. */
export const StackOrientation: {
  /** Stack axes are project axes. CATMAID's 0. */
  readonly XY: "xy";
  /** Stack y is project z and the other way round. CATMAID's 1. */
  readonly XZ: "xz";
  /** Stack x is project z and the other way round. CATMAID's 2. */
  readonly ZY: "zy";
} = Object.freeze({ XY: "xy", XZ: "xz", ZY: "zy" });

/** The three orientations; the index is CATMAID's number. */
export const stackOrientations: readonly StackOrientation[] = Object.freeze(["xy", "xz", "zy"] as const);

/**
 * Parses the name of an orientation, in any case, or CATMAID's number.
 *
 * @throws InvalidOptionError for anything else.
 */
export function parseStackOrientation(value: unknown): StackOrientation {
  if (typeof value === "number") {
    const numbered = stackOrientations[value];
    if (numbered !== undefined) return numbered;
  }
  if (typeof value === "string") {
    const name = value.trim().toLowerCase();
    const found = stackOrientations.find(
      (orientation, number) => orientation === name || String(number) === name,
    );
    if (found !== undefined) return found;
  }
  const got =
    typeof value === "object" && value !== null ? "an object" : (JSON.stringify(value) ?? String(value));
  throw new InvalidOptionError(`a stack orientation must be "xy", "xz" or "zy" (0, 1, 2), got ${got}`);
}

// Each orientation swaps two axes or none, so the same table leads from stack to project and back.
const swaps: Readonly<Record<StackOrientation, Readonly<Record<Axis, Axis>>>> = {
  xy: { x: "x", y: "y", z: "z" },
  xz: { x: "x", y: "z", z: "y" },
  zy: { x: "z", y: "y", z: "x" },
};

/** The project axis that a stack axis runs along. It is also the stack axis that runs along that project axis. */
export function matchingAxis(orientation: StackOrientation, axis: Axis): Axis {
  return swaps[orientation][axis];
}
