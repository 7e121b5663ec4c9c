import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mirrorOf } from "../fetch/fetch-cases.js";
import { stackExtent, stackInfo } from "../tiles/bench-stack.js";
import { type Corners, type DrawnVolume, drawnFor } from "../tiles/expected-volume.js";

/** Extent in voxels: the sections of the stack, four times. */
const exportExtent = { ...stackExtent, z: 4 * stackExtent.z } as const;

const key = "export";
const mirror = mirrorOf("jpeg");

/** 64 × 2048 × 1536 voxels, z, y, x: a whole number of chunks, shards and tiles. */
export const exportRegion: Corners = [
  [0, 0, 0],
  [64, 2048, 1536],
];

/** The volume that is served. */
export const exportVolume: DrawnVolume = { volume: key, extent: exportExtent };

/** Links the sections to where servers look for them. */
export function linkSections(folder: string): void {
  for (let z = 0; z < exportExtent.z; z++) {
    const from = z % stackExtent.z;
    link(join("..", mirror.key, `${from}`), join(folder, "www", key), `${z}`);
    link(join("..", drawnFor(mirror).volume, `${from}.u8`), join(folder, "volumes", key), `${z}.u8`);
  }
}

/** The stack info as CATMAID would send it. */
export function exportStackInfo(origin: string): object {
  return stackInfo({ ...mirror, key }, origin, exportExtent);
}

function link(target: string, folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, name))) symlinkSync(target, join(folder, name));
}
