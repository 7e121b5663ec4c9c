import type { FetchReport } from "../fetch/fetch-report.js";
import type { ROIMode } from "../space/roi.js";
import { lenientVector } from "../stack/lenient-vector.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";

/** What a caller may not expect of the place where a region is read, as sentences. */
export function placeWarnings(
  stack: Stack,
  mirror: StackMirror,
  roiMode: ROIMode | undefined,
): readonly string[] {
  return [axesWarning(stack, roiMode), voxelOffsetWarning(stack, mirror)].filter(
    (text) => text !== undefined,
  );
}

/** A warning if the mirror stores none of the region's blocks: a path may be wrong. */
export function emptyRegionWarning({ blocks }: FetchReport): string | undefined {
  const { empty, fetched, cached, filled } = blocks;
  if (empty === 0 || fetched + cached + filled > 0) return undefined;
  return (
    "the mirror stores none of the blocks of a region, which is 0 by its format: if there should be data, " +
    "check image_base and the place of the region"
  );
}

function axesWarning(stack: Stack, roiMode: ROIMode | undefined): string | undefined {
  const { orientation } = stack.transformer;
  if (roiMode !== "project" || orientation === "xy") return undefined;
  return (
    `the stack lies ${orientation} in project space: a region in nanometres is mapped axis by axis, ` +
    "and the volume keeps the stack's own axes"
  );
}

/**
 * A warning if the stack has a `metadata.voxelOffset`, which is not applied to tiles. CATMAID's viewer shows voxel v of
 * the tiles at v + `voxelOffset`, unless its user turns that off. A mirror whose own offset says the same agrees with
 * the viewer.
 */
function voxelOffsetWarning({ metadata }: Stack, { offset, blockFormat }: StackMirror): string | undefined {
  // The offset is applied to blocks.
  if (blockFormat !== undefined) return undefined;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const { x, y, z } = lenientVector((metadata as { voxelOffset?: unknown }).voxelOffset);
  const isNone = Number.isNaN(x + y + z) || (x === 0 && y === 0 && z === 0);
  if (isNone || (x + offset.x === 0 && y + offset.y === 0 && z + offset.z === 0)) return undefined;
  return (
    `the stack's metadata.voxelOffset (${x}, ${y}, ${z}) is not applied: what CATMAID's viewer shows at voxel v ` +
    "is voxel v - voxelOffset here"
  );
}
