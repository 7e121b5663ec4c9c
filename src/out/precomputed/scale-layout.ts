import { type Axis, type Orientation3D, reorder, type Triple } from "../../space/axis-order.js";
import { perAxis } from "../../space/per-axis.js";
import type { LevelInfo } from "../chunked/chunk-format.js";
import { voxelOffset } from "./voxel-offset.js";

/** A level in terms of the format precomputed. Triples are x, y, z of project space, in voxels of the level if not in nm. */
export interface ScaleLayout {
  /** Name of the level's folder. */
  readonly key: string;
  /** Extent of a voxel, in nm. */
  readonly resolution: Triple;
  readonly size: Triple;
  readonly offset: Triple;
  readonly chunkSize: Triple;
  readonly chunks: Triple;
  /** Reorders a triple from the volume's axis order to x, y, z. */
  readonly toXyz: (values: Triple) => Triple;
}

/** Lays a level out. With `"exact"`, throws an `InvalidOutError` if the level does not begin at a whole voxel. */
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
