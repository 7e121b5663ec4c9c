import type { Axis, MirrorLevel, Orientation3D, ProjectStack, Triple } from "../../index.js";
import type { LevelInfo } from "../../out/index.js";
import type { Region } from "../input/region.node.js";

/** A zoom level of the stack as a level of an export. */
export interface ServerLevel {
  readonly zoomLevel: number;
  readonly info: LevelInfo;
  /** The region in voxels of that zoom level, in output axis order. */
  readonly roi: readonly [lower: number[], upper: number[]];
}

/** The levels that are fetched, and a sentence for each reason why others are not. */
export interface ServerLevels {
  readonly levels: readonly ServerLevel[];
  readonly leftOut: readonly string[];
}

/** The coarser zoom levels of a region. Leaves out levels in which the region does not begin at a whole voxel. */
export function serverLevels(
  region: Pick<Region, "origin" | "shape" | "zoomLevel">,
  orientation: Orientation3D,
  stack: ProjectStack,
  mirrorLevels: readonly (MirrorLevel | { readonly problem: string })[],
): ServerLevels {
  const axes = orientation.split("") as Axis[];
  const finest = stack.downsampleFactor(region.zoomLevel);
  const finestExtent = stack.levelExtent(region.zoomLevel);
  const position = positionOf(region, axes, stack);
  const levels: ServerLevel[] = [];
  const leftOut: string[] = [];
  for (let zoomLevel = region.zoomLevel + 1; zoomLevel < mirrorLevels.length; zoomLevel++) {
    const level = mirrorLevels[zoomLevel];
    if (level === undefined || "problem" in level) {
      leftOut.push(`zoom level ${zoomLevel} is left out: ${level?.problem ?? "the mirror does not have it"}`);
      continue;
    }
    const factors = stack.downsampleFactor(zoomLevel);
    const extent = stack.levelExtent(zoomLevel);
    const factor = triple((column) => factors[axisOf(axes, column)] / finest[axisOf(axes, column)]);
    const lower = triple((column) => region.origin[column] / factor[column]);
    const odd = ([0, 1, 2] as const).find((column) => !Number.isInteger(lower[column]));
    if (odd !== undefined) {
      // The following levels are coarser still, so they do not fit either.
      leftOut.push(
        `from zoom level ${zoomLevel} on the levels are left out: the region begins at ${axes[odd]} = ${region.origin[odd]}, ` +
          `within one of their voxels: begin at a multiple of ${factor[odd]}, or have levels computed (--levels N)`,
      );
      break;
    }
    const upper = triple((column) => {
      const end = region.origin[column] + region.shape[column];
      const last = Math.ceil(end / factor[column]);
      const axis = axisOf(axes, column);
      return end <= finestExtent[axis] ? Math.max(lower[column] + 1, Math.min(last, extent[axis])) : last;
    });
    const shape = triple((column) => upper[column] - lower[column]);
    const resolution = triple(
      (column) => stack.resolution[axisOf(axes, column)] * factors[axisOf(axes, column)],
    );
    levels.push({
      zoomLevel,
      info: { shape, factor, resolution, position, made: "fetched" },
      roi: [[...lower], [...upper]],
    });
  }
  return { levels, leftOut };
}

/** The corner of the region in project space, in nm, in the order of the region's axes. */
function positionOf(
  { origin, zoomLevel }: Pick<Region, "origin" | "zoomLevel">,
  axes: Axis[],
  stack: ProjectStack,
): Triple {
  const factor = stack.downsampleFactor(zoomLevel);
  const first = { x: 0, y: 0, z: 0 };
  axes.forEach((axis, column) => {
    first[axis] = (origin[column] as number) * factor[axis];
  });
  const corner = stack.transformer.stackToProject(first);
  return triple((column) => {
    const axis = axisOf(axes, column);
    const next = stack.transformer.stackToProject({ ...first, [axis]: first[axis] + 1 });
    const along = (["x", "y", "z"] as const).find((name) => next[name] !== corner[name]);
    return corner[along ?? axis];
  });
}

function axisOf(axes: readonly Axis[], column: 0 | 1 | 2): Axis {
  return axes[column] as Axis;
}

function triple(entry: (column: 0 | 1 | 2) => number): Triple {
  return [entry(0), entry(1), entry(2)];
}
