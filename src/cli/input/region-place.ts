import { type Axis, type Orientation3D, ROIMode, type Triple, type Vector3 } from "../../index.js";
import { UsageError } from "../usage-error.js";
import type { RoiExtent } from "./roi-text.js";

/** Whether a region lies inside the stack, partly inside, or outside. */
export type RegionPlace = "inside" | "partly" | "outside";

/** Compares a box with the stack. Both are in voxels of one zoom level; `extent` is the stack's. */
export function placeInStack(
  box: { readonly origin: Triple; readonly shape: Triple },
  orientation: Orientation3D,
  extent: Vector3,
): RegionPlace {
  const axes = orientation.split("").map((axis, column) => {
    const first = box.origin[column] as number;
    return { first, end: first + (box.shape[column] as number), size: extent[axis as Axis] };
  });
  if (axes.some(({ first, end, size }) => end <= 0 || first >= size)) return "outside";
  return axes.every(({ first, end, size }) => first >= 0 && end <= size) ? "inside" : "partly";
}

/** The error for a region outside the stack. It names another space if the region would lie inside the stack there. */
export function outsideStack(
  space: ROIMode,
  zoomLevel: number,
  { lower, upper }: RoiExtent,
  placeIn: (other: ROIMode) => RegionPlace,
): UsageError {
  const number = (value: number) => Number(value.toPrecision(12));
  const ranges = (["x", "y", "z"] as const).map(
    (axis) => `${axis} ${number(lower[axis])} to ${number(upper[axis])}`,
  );
  const unit = { stack: "voxels", scaled: `voxels of zoom level ${zoomLevel}`, project: "nm" }[space];
  const others = Object.values(ROIMode).filter((other) => other !== space);
  const named = (wanted: RegionPlace) => others.find((other) => placeOrOutside(placeIn, other) === wanted);
  const whole = named("inside");
  const part = named("partly");
  const advice =
    whole !== undefined
      ? `with --space ${whole} it would lie inside`
      : part !== undefined
        ? `with --space ${part} it would lie partly inside`
        : "see what catmaid-image info says of it";
  return new UsageError(
    `the region lies outside the stack, which has ${ranges.join(", ")} in ${unit} (--space ${space}): ${advice}`,
  );
}

/** The place of a region in another space, where a range with an open end may be invalid. */
function placeOrOutside(placeIn: (other: ROIMode) => RegionPlace, other: ROIMode): RegionPlace {
  try {
    return placeIn(other);
  } catch {
    return "outside";
  }
}
