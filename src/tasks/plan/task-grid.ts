import type { VolumeBox } from "../../out/index.js";
import type { Triple } from "../../space/axis-order.js";

/** Where an axis of a level is cut: every `step` voxels from `first`, which is at or before the level's first voxel. */
export interface AxisLines {
  readonly first: number;
  readonly step: number;
}

/** How a level is cut into the boxes of tasks, in the axis order of the volume. */
export type TaskLines = readonly [AxisLines, AxisLines, AxisLines];

/** The parts of one axis. */
interface AxisParts {
  /** The last line at or before the level's first voxel. */
  readonly before: number;
  readonly step: number;
  readonly length: number;
  readonly parts: number;
}

/**
 * The boxes of a level's tasks, numbered in C order. Boxes are computed from numbers and vice versa, so that millions of
 * tasks take no more memory than two.
 */
export class TaskGrid {
  readonly count: number;
  readonly #axes: readonly [AxisParts, AxisParts, AxisParts];

  /** @param shape - Shape of the level, in voxels. */
  constructor(shape: Triple, [slow, middle, fast]: TaskLines) {
    const axes = [partsOf(shape[0], slow), partsOf(shape[1], middle), partsOf(shape[2], fast)] as const;
    this.#axes = axes;
    this.count = axes[0].parts * axes[1].parts * axes[2].parts;
  }

  /** The box of a task. */
  box(number: number): VolumeBox {
    const [slow, middle, fast] = this.#axes;
    const row = Math.floor(number / fast.parts);
    const ranges = [
      rangeOf(slow, Math.floor(row / middle.parts)),
      rangeOf(middle, row % middle.parts),
      rangeOf(fast, number % fast.parts),
    ] as const;
    return {
      lower: [ranges[0][0], ranges[1][0], ranges[2][0]],
      upper: [ranges[0][1], ranges[1][1], ranges[2][1]],
    };
  }

  /** The numbers of the tasks whose boxes intersect a box, ascending. */
  *meeting({ lower, upper }: VolumeBox): Generator<number> {
    const [slow, middle, fast] = this.#axes;
    for (let a = partAt(slow, lower[0]); a <= partAt(slow, upper[0] - 1); a++) {
      for (let b = partAt(middle, lower[1]); b <= partAt(middle, upper[1] - 1); b++) {
        for (let c = partAt(fast, lower[2]); c <= partAt(fast, upper[2] - 1); c++) {
          yield (a * middle.parts + b) * fast.parts + c;
        }
      }
    }
  }
}

function partsOf(length: number, { first, step }: AxisLines): AxisParts {
  const before = first + Math.floor((0 - first) / step) * step;
  return { before, step, length, parts: Math.ceil((length - before) / step) };
}

function rangeOf({ before, step, length }: AxisParts, part: number): readonly [from: number, to: number] {
  return [Math.max(0, before + part * step), Math.min(length, before + (part + 1) * step)];
}

function partAt({ before, step }: AxisParts, voxel: number): number {
  return Math.floor((voxel - before) / step);
}
