import type { Axis, Orientation3D, ROIMode, Vector3 } from "../../index.js";
import { UsageError } from "../usage-error.js";

/** The extent of the stack in the ROI's space, for the open ends of an ROI. */
export interface RoiExtent {
  /** First corner of the stack. */
  readonly lower: Vector3;
  /** Last corner of the stack. */
  readonly upper: Vector3;
}

const number = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const range = new RegExp(
  `^\\s*([xyz])\\s*=\\s*(?:(${number})?\\s*(:|\\+)\\s*(${number})?|(${number}))\\s*$`,
  "i",
);

/**
 * Parses an ROI such as `"x=1000:2000,y=500+256,z=7"`. A range is `from:to` (half-open), `from+length` or, in voxels, a
 * single number. Ends and axes that are left out are the stack's own; `"all"` is the whole stack.
 */
export function parseRoiText(
  text: string,
  space: ROIMode,
  orientation: Orientation3D,
  extent: RoiExtent,
): readonly [lower: number[], upper: number[]] {
  const lower = { ...extent.lower };
  const upper = { ...extent.upper };
  const seen = new Set<string>();
  const parts = text.trim().toLowerCase() === "all" ? [] : text.split(",");
  for (const part of parts) {
    const match = range.exec(part);
    const axis = match?.[1]?.toLowerCase() as Axis | undefined;
    if (match === null || axis === undefined) {
      throw new UsageError(`--roi has "${part.trim()}", which is not like x=1000:2000, y=500+256 or z=7`);
    }
    if (seen.has(axis)) throw new UsageError(`--roi names the axis ${axis} twice`);
    seen.add(axis);
    const [, , from, separator, to, single] = match;
    if (single !== undefined) {
      if (space === "project") {
        throw new UsageError(
          `--roi has ${axis}=${single}, but in nanometres it needs a range: ${axis}=${single}+40`,
        );
      }
      if (!Number.isInteger(Number(single))) {
        throw new UsageError(
          `--roi has ${axis}=${single}, which is no voxel: give a range such as ${axis}=${single}+1`,
        );
      }
      lower[axis] = Number(single);
      upper[axis] = Number(single) + 1;
      continue;
    }
    if (from !== undefined) lower[axis] = Number(from);
    if (separator === "+") {
      if (to === undefined) throw new UsageError(`--roi has "${part.trim()}" without a length after the +`);
      upper[axis] = lower[axis] + Number(to);
    } else if (to !== undefined) upper[axis] = Number(to);
  }
  const columns = orientation.split("") as Axis[];
  return [columns.map((axis) => lower[axis]), columns.map((axis) => upper[axis])];
}
