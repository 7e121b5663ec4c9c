/** The volume that is served in blocks, as N5 and as Zarr: noisy tissue, which gzip shortens by a tenth. */

import { stackInfo } from "../tiles/bench-stack.js";

/** Extent in voxels: a whole number of blocks. */
export const blockVolume = { z: 128, y: 576, x: 576 } as const;

/** Side of a block in voxels. */
export const blockSide = 64;

/** How blocks are packed. The bytes are the same in both formats, except for N5's header. */
export const packings = ["raw", "gzip", "blosc"] as const;

/** One of these packings. */
export type Packing = (typeof packings)[number];

/** A packing as both formats name it in their metadata; `undefined` for raw. */
export const compressorOf: Readonly<Record<Packing, object | undefined>> = {
  raw: undefined,
  gzip: { id: "gzip", level: 6 },
  // Without shuffling, as Zarr writes bytes. This codec's default would shuffle them as words of four.
  blosc: { id: "blosc", cname: "zstd", clevel: 5, shuffle: 0, blocksize: 0 },
};

/** Path of the volume's folder on the server. */
export function folderOf(format: "n5" | "zarr", packing: Packing): string {
  return `${format}/${packing}`;
}

/** The stack info of the volume as N5 at `origin`, as CATMAID would send it. */
export function n5StackInfo(packing: Packing, origin: string): object {
  const mirror = {
    key: folderOf("n5", packing),
    extension: "n5",
    tileWidth: blockSide,
    tileHeight: blockSide,
  };
  const keys = { image_base: `${origin}/${mirror.key}/0_1_2`, tile_source_type: 11 };
  // The volume has a single level, so its address has no placeholder for levels.
  return { ...stackInfo(mirror, origin, blockVolume, keys), downsample_factors: [{ x: 1, y: 1, z: 1 }] };
}
