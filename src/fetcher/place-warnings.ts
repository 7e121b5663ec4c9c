import type { FetchReport } from "../fetch/fetch-report.js";
import type { ROIMode } from "../space/roi.js";
import { lenientVector } from "../stack/lenient-vector.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";

/** What a caller may not expect of the place that a region is read from, as sentences. */
export function placeWarnings(
  stack: Stack,
  mirror: StackMirror,
  roiMode: ROIMode | undefined,
): readonly string[] {
  return [axesWarning(stack, roiMode), voxelOffsetWarning(stack, mirror)].filter(
    (text) => text !== undefined,
  );
}

/** That all that a region has of a mirror of blocks is what the mirror does not store: a wrong path looks so. */
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
 * CATMAID's viewer shows voxel v of the tiles at v + `metadata.voxelOffset`, unless its user does not want that. A mirror
 * whose offset says the same is read as the viewer reads it.
 */
function voxelOffsetWarning({ metadata }: Stack, { offset, blockFormat }: StackMirror): string | undefined {
  // Blocks are placed by it.
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
