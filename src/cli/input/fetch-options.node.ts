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

/** The part of `--help` about {@link fetchOptions}. */
export const fetchHelp: string = `  --mirror MIRROR        position or title of a mirror, or "fastest"; default: the first
  --broken-slices HOW    fill (default), throw, above, below, closest or interpolate; sections that these last four
                         put in the place of broken ones are reported as replaced, and are not filled
  --missing HOW          tiles that the server does not have: fill (default) or throw; a block that is not stored is 0
  --failed HOW           tiles and blocks that are damaged, or cannot be had after all attempts: throw (default) or fill
${voxelHelp}
  --threads N            so many workers; default: one per core, at most 8, the main thread among them at first; 0 works
                         without
  --attempts N           how often a tile or block is asked for`;

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
