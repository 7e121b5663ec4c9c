import { InvalidOutError } from "../errors.js";
import type { Triple } from "../space/axis-order.js";

/** Checks that the shape of a volume or chunk is three whole numbers above 0. Throws an {@link InvalidOutError} otherwise. */
export function volumeShape(name: string, values: ArrayLike<number>): Triple {
  const extents = Array.from(values ?? []);
  if (extents.length === 3 && extents.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    return extents as unknown as Triple;
  }
  throw new InvalidOutError(`${name} must be three whole numbers above 0, got [${extents.join(", ")}]`);
}

/** How many voxels a shape has. */
export function voxelsIn([slow, middle, fast]: Triple): number {
  return slow * middle * fast;
}
