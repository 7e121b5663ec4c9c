import type { Vector3 } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import type { Stack } from "../stack/stack.js";

/** What a mirror of blocks says of a zoom level; vectors are of stack axes. */
export interface LevelFacts {
  /** The zoom level. */
  readonly zoomLevel: number;
  /** What a voxel is. */
  readonly dataType: DataType;
  /** Voxels of its array. */
  readonly size: Vector3;
  /** Voxels of level 0 per voxel, by the mirror's own account; `undefined` where it gives none. */
  readonly factor: Vector3 | undefined;
}

const axes = ["x", "y", "z"] as const;

/**
 * Where a mirror's levels disagree with each other, or with the stack, whose factors are those that count.
 *
 * @param levels - Those that could be read, in order.
 * @param isWhole - Whether the mirror's array should be the whole stack, and nothing else.
 * @returns Sentences without their beginning, the mirror's name.
 */
export function levelWarnings(
  stack: Stack,
  levels: readonly LevelFacts[],
  isWhole: boolean,
): readonly string[] {
  const [first, ...others] = levels;
  if (first === undefined) return [];
  const warnings: string[] = [];
  if (isWhole && first.zoomLevel === 0 && !isEqual(first.size, stack.dimension)) {
    warnings.push(`has ${text(first.size)} voxels (x, y, z), and the stack ${text(stack.dimension)}`);
  }
  const base = stack.downsampleFactor(0);
  const reference = stack.downsampleFactor(first.zoomLevel);
  for (const { zoomLevel, size, factor } of levels) {
    const counted = stack.downsampleFactor(zoomLevel);
    const relative = ofAxes((axis) => counted[axis] / base[axis]);
    const expected = ofAxes((axis) => (first.size[axis] * reference[axis]) / counted[axis]);
    if (factor !== undefined && !isEqual(factor, relative)) {
      warnings.push(
        `is downsampled by ${text(factor)} (x, y, z) at zoom level ${zoomLevel} by its own account, and by ` +
          `${text(relative)} by the stack's, which counts`,
      );
    } else if (axes.some((axis) => Math.abs(size[axis] - expected[axis]) >= 1)) {
      warnings.push(
        `has ${text(size)} voxels (x, y, z) at zoom level ${zoomLevel}, where by the stack's factors ` +
          `${text(ofAxes((axis) => Math.ceil(expected[axis])))} would be as many as at zoom level ${first.zoomLevel}`,
      );
    }
  }
  for (const { zoomLevel, dataType } of others) {
    if (dataType !== first.dataType) {
      warnings.push(
        `has voxels of ${dataType} at zoom level ${zoomLevel}, and of ${first.dataType} at zoom level ${first.zoomLevel}`,
      );
    }
  }
  return warnings;
}

// Factors may be quotients of resolutions.
const slack = 1e-6;

function isEqual(a: Vector3, b: Vector3): boolean {
  return axes.every((axis) => Math.abs(a[axis] - b[axis]) <= slack * b[axis]);
}

function ofAxes(value: (axis: "x" | "y" | "z") => number): Vector3 {
  return { x: value("x"), y: value("y"), z: value("z") };
}

function text({ x, y, z }: Vector3): string {
  return `${x} × ${y} × ${z}`;
}
