import {
  BrokenSliceHandling,
  type DataType,
  type GetOptions,
  type ImageFetcherOptions,
  type MissingTile,
} from "../../index.js";
import type { Arguments, CommandOptions } from "./arguments.node.js";
import { fillValueOf, voxelHelp, voxelOptions, voxelOptionsOf } from "./voxel-options.node.js";

const missingTiles: readonly MissingTile[] = ["fill", "throw"];
const tileErrors = ["throw", "fill"] as const;

/** Options of where voxels come from, and what to do about missing ones. */
export const fetchOptions: CommandOptions = {
  mirror: { type: "string" },
  "broken-slices": { type: "string" },
  missing: { type: "string" },
  failed: { type: "string" },
  ...voxelOptions,
  threads: { type: "string" },
  attempts: { type: "string" },
};

/** The part of `--help` about how tiles and blocks are fetched. */
export const workHelp = `  --threads N            number of workers, 0 for none; default: one per core, at most 8. Regions of fewer than 64 tiles or
                         blocks need no worker
  --attempts N           most attempts to fetch a tile or block; default 5`;

/** The part of `--help` about {@link fetchOptions}. */
export const fetchHelp: string = `Where voxels come from:
  --mirror MIRROR        position or title of a mirror, or "fastest"; default: the first usable mirror
  --broken-slices HOW    broken sections: fill (default), throw, or a replacement: above (lower z), below (higher z),
                         closest or interpolate. Replaced sections do not count as filled
  --missing HOW          tiles that the server does not have: fill (default) or throw. Blocks that it does not have are 0
  --failed HOW           tiles and blocks that are damaged or could not be fetched: throw (default) or fill
${voxelHelp}
${workHelp}`;

/** Reads the options that a fetcher takes, among them `--fill`. */
export function fetcherOptionsOf(args: Arguments): ImageFetcherOptions<DataType> {
  const mirror = args.text("mirror");
  const broken = args.choice("broken-slices", Object.values(BrokenSliceHandling));
  const missing = args.choice("missing", missingTiles);
  const fill = fillValueOf(args);
  return {
    ...voxelOptionsOf(args),
    ...(mirror === undefined || mirror === "fastest" ? {} : { preferredMirror: mirror }),
    ...(broken === undefined ? {} : { brokenSliceHandling: broken }),
    ...(missing === undefined ? {} : { missingTile: missing }),
    ...(fill === undefined ? {} : { fillValue: fill }),
    ...retryOf(args),
  };
}

/** Reads `--attempts`. */
export function retryOf(args: Arguments): Pick<ImageFetcherOptions, "retry"> {
  const attempts = args.whole("attempts", 1, 100);
  return attempts === undefined ? {} : { retry: { attempts } };
}

/** Reads `--failed` as an option of a fetch. */
export function tileErrorOf(args: Arguments): Pick<GetOptions, "onTileError"> {
  const onTileError = args.choice("failed", tileErrors);
  return onTileError === undefined ? {} : { onTileError };
}

/** Reads `--threads`. */
export function threadsOf(args: Arguments): number | undefined {
  return args.whole("threads", 0, 256);
}
