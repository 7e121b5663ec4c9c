import { checkSignal, functionOrNone, memoryLimit, oneOf, refuseUnknown } from "../options/check-option.js";
import type { EmptyBlock, MissingTile } from "../options/missing-tile.js";
import { emptyBlocks, missingTiles } from "../options/missing-tile.js";
import type { VolumeOut } from "../out/volume-out.js";
import type { ROIMode } from "../space/roi.js";
import { roiModes } from "../space/roi.js";
import type { FetchProgress, FilledBlock } from "./fetch-report.js";

/** Options of one fetch. */
export interface GetOptions<O extends VolumeOut | undefined = undefined> {
  /**
   * Space of the ROI: `"project"` (nm), `"stack"` (voxels at zoom level 0) or `"scaled"` (voxels at `zoomLevel`).
   * Default: `"stack"`.
   */
  readonly roiMode?: ROIMode;
  /** Zoom level to fetch, a whole number; 0 is full resolution. Default: 0. */
  readonly zoomLevel?: number;
  /** Where to put the voxels. Default: a new array of the data type, such as `Uint8Array`. */
  readonly out?: O;
  /**
   * Most bytes that the fetch holds in memory at a time if a writer takes the volume: the portions that are being
   * assembled and the blocks under way, but not the cache. Default: the fetcher's.
   */
  readonly maxMemoryBytes?: number;
  /** Aborts the fetch: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each block, at each retry, and once at the end. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Called with each block of which all or some voxels are filled; the report lists the first 10,000. */
  readonly onFilled?: (filled: FilledBlock) => void;
  /** What happens to a tile that the server does not have. Default: the fetcher's. */
  readonly missingTile?: MissingTile;
  /** What happens to a block that N5 or a precomputed volume does not store. Default: the fetcher's. */
  readonly emptyBlock?: EmptyBlock;
  /**
   * What happens if a tile cannot be fetched or decoded: `"throw"`, or `"fill"` its voxels and list it in the report.
   * Default: `"throw"`.
   */
  readonly onTileError?: "throw" | "fill";
}

/** Options of a fetch of single voxels. */
export type SampleOptions = Omit<GetOptions, "out" | "maxMemoryBytes">;

/** Options of the methods whose name states the space, such as `getProjectSpace`. */
export type GetSpaceOptions<O extends VolumeOut | undefined = undefined> = Omit<GetOptions<O>, "roiMode">;

const spaceNames: readonly string[] = [
  "zoomLevel",
  "out",
  "maxMemoryBytes",
  "signal",
  "onProgress",
  "onFilled",
  "missingTile",
  "emptyBlock",
  "onTileError",
];
const getNames: ReadonlySet<string> = new Set(["roiMode", ...spaceNames]);
const sampleNames: ReadonlySet<string> = new Set(
  [...getNames].filter((name) => name !== "out" && name !== "maxMemoryBytes"),
);

/** Adds the space to the options. A `roiMode` in them would be ignored, so it is refused like all unknown names. */
export function inSpace<O extends VolumeOut | undefined>(
  roiMode: ROIMode,
  options: GetSpaceOptions<O>,
): GetOptions<O> {
  refuseUnknown(options, new Set(spaceNames), `a fetch in ${roiMode} space`);
  return { ...options, roiMode };
}

/** Checks the options of a fetch. Throws an `InvalidOptionError` that names the wrong one. */
export function checkGetOptions(options: GetOptions<VolumeOut | undefined>): void {
  refuseUnknown(options, getNames, "get");
  checkValues(options);
  if (options.maxMemoryBytes !== undefined) memoryLimit(options.maxMemoryBytes);
}

/** Checks the options of a fetch of single voxels. Throws an `InvalidOptionError` that names the wrong one. */
export function checkSampleOptions(options: SampleOptions): void {
  refuseUnknown(options, sampleNames, "sample");
  checkValues(options);
}

function checkValues(options: Omit<SampleOptions, "zoomLevel">): void {
  const { roiMode, missingTile, emptyBlock, onTileError, onProgress, onFilled, signal } = options;
  if (roiMode !== undefined) oneOf("roiMode", roiMode, roiModes);
  if (missingTile !== undefined) oneOf("missingTile", missingTile, missingTiles);
  if (emptyBlock !== undefined) oneOf("emptyBlock", emptyBlock, emptyBlocks);
  if (onTileError !== undefined) oneOf("onTileError", onTileError, ["throw", "fill"]);
  functionOrNone("onProgress", onProgress);
  functionOrNone("onFilled", onFilled);
  checkSignal(signal);
}
