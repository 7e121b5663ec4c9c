import { InvalidOptionError, InvalidOutError } from "../../errors.js";
import { oneOf, refuseUnknown, show } from "../../options/check-option.js";
import type { ChunkedDataset, ChunkFormat, LevelInfo } from "../chunked/chunk-format.js";
import { type CompressionOption, outCompression, readCompression } from "../packing/compression-option.js";
import { volumeShape } from "../volume-shape.js";
import type { N5Layout } from "./n5-layout.js";
import { N5Level } from "./n5-level.js";
import { n5Metadata } from "./n5-metadata.js";

/** How an N5 container is laid out. */
export interface N5Options {
  /** Extent of a block in voxels, in output axis order. Default: 64 along each axis. */
  readonly chunkShape?: ArrayLike<number> | undefined;
  /** How blocks are packed. CATMAID reads only `"gzip"` and `"none"`. Default: `"gzip"`. */
  readonly compression?: CompressionOption | undefined;
  /** Path of the volume in the container, such as `"volumes/raw"`. Default: `""`, the container itself. */
  readonly path?: string | undefined;
  /**
   * Whether the volume is a group with a dataset for each level, `s0`, `s1`, …, which viewers expect. Otherwise the volume
   * is one dataset with a single level. Default: `true`.
   */
  readonly multiScale?: boolean | undefined;
  /**
   * Size of the blocks that the end of the volume clips: only the voxels within the volume (`"cropped"`, as N5's own library
   * does), or whole blocks padded with zeros (`"full"`, as zarr-python does). Default: `"cropped"`.
   */
  readonly edgeBlocks?: "cropped" | "full" | undefined;
}

const optionNames = new Set(["chunkShape", "compression", "path", "multiScale", "edgeBlocks"]);

/**
 * The format N5 (https://github.com/saalfeldlab/n5). The first axis of a dataset is the fastest, which is the last axis of
 * the volume. `axes` in the attributes names the axes of project space in this order. All readers assume the order x, y, z
 * (in Python: z, y, x), which volumes of the axis order `"zyx"` have.
 *
 * @throws InvalidOptionError or InvalidOutError for unknown or invalid options.
 */
export function n5Format(options: N5Options = {}): ChunkFormat {
  const layout = n5Layout(options);
  const folders = (levels: readonly LevelInfo[]): string[] =>
    levels.map((_, level) => folderOf(layout, level));
  return {
    name: "n5",
    options: { ...layout },
    unitShape: layout.chunkShape,
    compression: outCompression(layout.compression, "uint8"),
    layOut(info, levels): ChunkedDataset {
      if (!layout.multiScale && levels.length > 1) {
        throw new InvalidOutError(
          `with multiScale: false an N5 dataset has one level, and ${levels.length} are asked for: leave multiScale out`,
        );
      }
      return {
        levels: folders(levels).map(
          (folder, level) => new N5Level(folder, (levels[level] as LevelInfo).shape, info.dataType, layout),
        ),
        metadata: (fills) => n5Metadata(info, levels, fills, layout, folders(levels)),
      };
    },
  };
}

function n5Layout(options: N5Options): N5Layout {
  refuseUnknown(options, optionNames, "N5");
  const {
    chunkShape = [64, 64, 64],
    compression = "gzip",
    path = "",
    multiScale = true,
    edgeBlocks = "cropped",
  } = options;
  if (typeof multiScale !== "boolean")
    throw new InvalidOptionError(`multiScale must be true or false, got ${show(multiScale)}`);
  return {
    chunkShape: volumeShape("chunkShape", chunkShape),
    compression: readCompression(compression, ["none", "gzip", "zlib", "zstd", "blosc"]),
    path: checkPath(path),
    multiScale,
    edgeBlocks: oneOf("edgeBlocks", edgeBlocks, ["cropped", "full"]),
  };
}

/** The folder of a level, with a trailing slash unless it is the root. */
function folderOf({ path, multiScale }: N5Layout, level: number): string {
  const root = path === "" ? "" : `${path}/`;
  return multiScale ? `${root}s${level}/` : root;
}

function checkPath(path: string): string {
  const isPath =
    typeof path === "string" &&
    (path === "" || path.split("/").every((part) => part.trim() !== "" && !part.startsWith(".")));
  if (isPath) return path;
  throw new InvalidOptionError(
    `path must be a path within the container, such as "volumes/raw", got ${show(path)}`,
  );
}
