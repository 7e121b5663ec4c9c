import type { Axis, DataType, ProjectStack, StackMirror, Triple, Vector3, Volume } from "../../index.js";

/** What a reader must know besides a volume's voxels. Triples are in the order of the volume's axes. */
export interface VolumeDescription {
  /** Axis order, slowest first. */
  readonly axes: readonly Axis[];
  /** Extent in voxels. */
  readonly shape: Triple;
  readonly dtype: DataType;
  /** nm per voxel. */
  readonly resolution: Triple;
  /** First voxel, in voxels of the zoom level. */
  readonly origin: Triple;
  /** Corner of the first voxel in project space, in nm. */
  readonly projectOffset: Vector3;
  readonly zoomLevel: number;
  readonly stack: {
    readonly id: unknown;
    readonly project: unknown;
    readonly title: string;
    readonly orientation: string;
  };
  /** The mirror that the voxels come from. */
  readonly mirror: { readonly position: number; readonly title: string };
}

/** Describes a volume, before or after it is fetched. */
export function describeVolume(
  volume: Pick<Volume, "shape" | "origin" | "orientation" | "zoomLevel"> & {
    readonly dataType: DataType;
  },
  stack: ProjectStack,
  mirror: StackMirror,
): VolumeDescription {
  const { shape, origin, orientation, zoomLevel, dataType } = volume;
  const axes = orientation.split("") as Axis[];
  const factor = stack.downsampleFactor(zoomLevel);
  const first = { x: 0, y: 0, z: 0 };
  axes.forEach((axis, column) => {
    first[axis] = (origin[column] as number) * factor[axis];
  });
  return {
    axes,
    shape,
    dtype: dataType,
    resolution: axes.map((axis) => stack.resolution[axis] * factor[axis]) as unknown as Triple,
    origin,
    projectOffset: stack.transformer.stackToProject(first),
    zoomLevel,
    stack: { id: stack.id, project: stack.projectId, title: stack.title, orientation: stack.orientation },
    mirror: { position: mirror.position, title: mirror.title },
  };
}
