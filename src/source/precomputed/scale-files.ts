import type { Triple } from "../../space/axis-order.js";
import { type BlockAddress, blockFileUrl } from "../../stack/mirror/block-address.js";
import type { Scale } from "./scale.js";

/** URL of a volume's `info`, which lies beside the scales. */
export function infoUrl(address: BlockAddress): string {
  const root = rootOf(address);
  return `${root.slice(0, root.lastIndexOf("/") + 1)}info${address.query}`;
}

/** URL of a file of a scale. The scale's key is a plain path, so characters that are special in URLs are escaped. */
export function scaleFileUrl(address: BlockAddress, { key }: Scale, file: string): string {
  const parts = key.split("/").filter((part) => part !== "");
  const folder = parts.length === 0 ? "." : parts.map(encodeURIComponent).join("/");
  return blockFileUrl({ ...address, before: rootOf(address), hasLevels: true }, folder, file);
}

function rootOf({ before, hasLevels }: BlockAddress): string {
  return hasLevels ? before : `${before}/`;
}

/** The name of a chunk's file: its first and end voxel along each axis. @param at - Its place in the grid: x, y, z. */
export function chunkName(scale: Scale, at: Triple): string {
  const along = (axis: 0 | 1 | 2): string => {
    const lower = scale.voxelOffset[axis] + at[axis] * scale.chunkSize[axis];
    return `${lower}-${lower + chunkExtent(scale, at, axis)}`;
  };
  return `${along(0)}_${along(1)}_${along(2)}`;
}

/** The voxels of a chunk along an axis: fewer at the end of the volume. */
export function chunkExtent({ size, chunkSize }: Scale, at: Triple, axis: 0 | 1 | 2): number {
  return Math.min(chunkSize[axis], size[axis] - at[axis] * chunkSize[axis]);
}
