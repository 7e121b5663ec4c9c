import type { Vector3 } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import type { Stack } from "../stack/stack.js";

/** What a mirror of blocks says about a zoom level. Vectors are in stack axes. */
export interface LevelFacts {
  /** The zoom level. */
  readonly zoomLevel: number;
  /** The number type of a voxel. */
  readonly dataType: DataType;
  /** Extent of the array, in voxels. */
  readonly size: Vector3;
  /** Voxels of the finest array per voxel, as the mirror declares it; `undefined` if it does not. */
  readonly factor: Vector3 | undefined;
}

const axes = ["x", "y", "z"] as const;

/**
 * Finds where a mirror's levels disagree with each other or with the stack. The stack's factors are the ones that
 * count.
 *
 * @param levels - The levels that could be read, in order.
 * @param isWhole - Whether the mirror's array should be the whole stack and nothing else.
 * @returns Sentences, which the mirror's name must precede.
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
  const counted = ({ zoomLevel }: LevelFacts): Vector3 => stack.downsampleFactor(zoomLevel);
  for (const level of others) {
    const { zoomLevel, size } = level;
    // Factors count voxels of the mirror's level 0, which may differ from the stack's. Only the steps between levels
    // must agree.
    const step = ofAxes((axis) => counted(level)[axis] / counted(first)[axis]);
    const ownStep = level.factor && ownStepOf(first, level.factor);
    const expected = ofAxes((axis) => first.size[axis] / step[axis]);
    if (ownStep !== undefined && !isEqual(ownStep, step)) {
      warnings.push(
        `is downsampled by ${text(ownStep)} (x, y, z) from zoom level ${first.zoomLevel} to ${zoomLevel} by its own ` +
          `account, and by ${text(step)} by the stack's, which counts`,
      );
    } else if (axes.some((axis) => Math.abs(size[axis] - expected[axis]) >= 1)) {
      warnings.push(
        `has ${text(size)} voxels (x, y, z) at zoom level ${zoomLevel}, and would have ` +
          `${text(ofAxes((axis) => Math.ceil(expected[axis])))} by the stack's factors`,
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

/** Only level 0 may leave out its factor. */
function ownStepOf(first: LevelFacts, factor: Vector3): Vector3 | undefined {
  if (first.factor === undefined && first.zoomLevel > 0) return undefined;
  return ofAxes((axis) => factor[axis] / (first.factor?.[axis] ?? 1));
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
