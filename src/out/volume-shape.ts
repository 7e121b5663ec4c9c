import { InvalidOutError } from "../errors.js";
import type { Triple } from "../space/axis-order.js";

/** Three whole numbers above 0, as the shape of a volume or of a chunk. Throws an {@link InvalidOutError} for others. */
export function volumeShape(name: string, values: ArrayLike<number>): Triple {
  const extents = Array.from(values ?? []);
  if (extents.length === 3 && extents.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    return extents as unknown as Triple;
  }
  throw new InvalidOutError(`${name} must be three whole numbers above 0, got [${extents.join(", ")}]`);
}
