import type { VolumeInfo } from "../out/volume-writer.js";
import type { Axis, Orientation3D, Triple } from "../space/axis-order.js";
import { axesOf, fromOrder, toOrder } from "../space/axis-order.js";
import { matchingAxis } from "../space/stack-orientation.js";
import type { Stack } from "../stack/stack.js";

/** Where a volume lies; triples are in output order. */
type VolumePlace = Pick<
  VolumeInfo,
  "orientation" | "zoomLevel" | "origin" | "resolution" | "projectAxes" | "position"
>;

/** Computes where a volume lies whose first voxel at a zoom level is `origin`, in output order. */
export function volumePlace(
  stack: Stack,
  zoomLevel: number,
  orientation: Orientation3D,
  origin: Triple,
): VolumePlace {
  const { transformer } = stack;
  const factor = stack.downsampleFactor(zoomLevel);
  const { x, y, z } = fromOrder(origin, orientation);
  const corner = transformer.stackToProject({ x: x * factor.x, y: y * factor.y, z: z * factor.z });
  const projectAxes = axesOf(orientation).map((axis) => matchingAxis(transformer.orientation, axis)) as [
    Axis,
    Axis,
    Axis,
  ];
  const { resolution } = transformer;
  return {
    orientation,
    zoomLevel,
    origin,
    resolution: toOrder(
      { x: resolution.x * factor.x, y: resolution.y * factor.y, z: resolution.z * factor.z },
      orientation,
    ),
    projectAxes,
    position: projectAxes.map((axis) => corner[axis]) as [number, number, number],
  };
}
