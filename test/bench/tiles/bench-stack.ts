/** The stack of the benchmarks: one volume, served in tiles of two sizes, as PNG and as JPEG. */

/** Extent in voxels. */
export const stackExtent = { x: 2048, y: 2048, z: 16 } as const;

/** One form in which the volume is served. */
export interface BenchMirror {
  /** Folder of its tiles, which is also its name in the results. */
  readonly key: string;
  readonly format: "png" | "jpeg";
  readonly extension: "png" | "jpg";
  readonly tileWidth: number;
  readonly tileHeight: number;
}

/** The mirrors of the stack. Tile sizes are CATMAID's usual one, and that of the smallest tiles in use. */
export const benchMirrors: readonly BenchMirror[] = [
  { key: "png-512", format: "png", extension: "png", tileWidth: 512, tileHeight: 512 },
  { key: "jpeg-512", format: "jpeg", extension: "jpg", tileWidth: 512, tileHeight: 512 },
  { key: "png-256", format: "png", extension: "png", tileWidth: 256, tileHeight: 192 },
  { key: "jpeg-256", format: "jpeg", extension: "jpg", tileWidth: 256, tileHeight: 192 },
];

/**
 * The stack info of a stack whose only mirror is the given one at `origin`, as CATMAID would send it. `otherKeys`
 * replace keys of the mirror, for one that does not serve tiles.
 */
export function stackInfo(
  mirror: Pick<BenchMirror, "key" | "tileWidth" | "tileHeight"> & { readonly extension: string },
  origin: string,
  dimension: { readonly x: number; readonly y: number; readonly z: number } = stackExtent,
  otherKeys: object = {},
): object {
  return {
    sid: 1,
    pid: 1,
    stitle: "bench",
    ptitle: "bench",
    dimension,
    resolution: { x: 4, y: 4, z: 50 },
    translation: { x: 0, y: 0, z: 0 },
    orientation: 0,
    downsample_factors: null,
    num_zoom_levels: -1,
    broken_slices: {},
    mirrors: [
      {
        id: 1,
        title: mirror.key,
        position: 0,
        image_base: `${origin}/${mirror.key}/`,
        file_extension: mirror.extension,
        tile_width: mirror.tileWidth,
        tile_height: mirror.tileHeight,
        tile_source_type: 1,
        ...otherKeys,
      },
    ],
    canary_location: { x: 0, y: 0, z: 0 },
    placeholder_color: { r: 0, g: 0, b: 0, a: 1 },
    comment: "",
    description: "",
    metadata: null,
    attribution: "",
  };
}
