import { type Axis, type Orientation3D, reorder, type Triple } from "../../space/axis-order.js";
import type { LevelInfo } from "../chunked/chunk-format.js";
import { perAxis } from "../chunked/unit-grid.js";
import { voxelOffset } from "./voxel-offset.js";

/** Where a level of a volume is, in the terms of precomputed: triples are x, y, z of project space, in voxels of the level. */
export interface ScaleLayout {
  /** Name of its folder. */
  readonly key: string;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  readonly size: Triple;
  readonly offset: Triple;
  readonly chunkSize: Triple;
  /** Numbers of chunks. */
  readonly chunks: Triple;
  /** Triples of the volume's axis order as those of x, y, z. */
  readonly toXyz: (values: Triple) => Triple;
}

/** Lays a level out. Throws an `InvalidOutError` where it does not begin with a whole voxel, unless the nearest will do. */
export function scaleLayout(
  level: number,
  { shape, factor, resolution, position }: LevelInfo,
  projectAxes: readonly [Axis, Axis, Axis],
  chunkShape: Triple,
  rounding: "exact" | "nearest",
): ScaleLayout {
  const order = projectAxes.join("") as Orientation3D;
  const toXyz = (values: Triple): Triple => reorder(values, order, "xyz");
  const [size, chunkSize, nm] = [toXyz(shape), toXyz(chunkShape), toXyz(resolution)];
  const placed = { level, factor: toXyz(factor), resolution: nm, position: toXyz(position) };
  return {
    key: nm.join("_"),
    resolution: nm,
    size,
    offset: voxelOffset(placed, rounding),
    chunkSize,
    chunks: perAxis((axis) => Math.ceil(size[axis] / chunkSize[axis])),
    toXyz,
  };
}
