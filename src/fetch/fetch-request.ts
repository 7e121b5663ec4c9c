import { InvalidOptionError } from "../errors.js";
import { checkFillValue } from "../options/check-option.js";
import type { EmptyBlock, MissingTile } from "../options/missing-tile.js";
import type { BrokenSliceHandling } from "../plan/broken-slices.js";
import type { BlockScheduler } from "../schedule/block-scheduler.js";
import type { BlockSource } from "../source/block-source.js";
import type { SourceAccess } from "../source/mirror-access.js";
import type { DataType } from "../space/data-type.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { FetchListeners } from "./fetch-log.js";

/** What a fetch wants of a stack, apart from the region or the points. */
export interface WantedVoxels {
  readonly stack: Stack;
  readonly zoomLevel: number;
  readonly brokenSliceHandling: BrokenSliceHandling;
  /** Value of the voxels that the fetch cannot get. */
  readonly fillValue: number | bigint;
  /** The wanted channel; `undefined` accepts the only one of the source. */
  readonly channel: "grey" | number | undefined;
  /** The wanted data type; `undefined` accepts the data type of the source. */
  readonly dataType: DataType | undefined;
  /** Most blocks under way at a time. */
  readonly maxRequests: number;
}

/** A checked request, with everything needed to fetch the voxels. */
export interface FetchRequest extends WantedVoxels {
  /** Opens mirrors, and makes the requests to them. */
  readonly access: SourceAccess;
  readonly mirror: StackMirror;
  /** Mirrors that take over when this one goes down, in order. */
  readonly failover: readonly StackMirror[];
  readonly scheduler: BlockScheduler;
  readonly missingTile: MissingTile;
  readonly emptyBlock: EmptyBlock;
  readonly onTileError: "throw" | "fill";
  /** Callbacks that follow the fetch while it is under way. */
  readonly listeners: FetchListeners;
  /** Signals that may end the fetch early. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Throws an `InvalidOptionError` if the voxels of a source do not suit the request. */
export function checkSource(
  { zoomLevel, dataType, fillValue, brokenSliceHandling }: WantedVoxels,
  source: BlockSource,
): void {
  const voxels = source.level(zoomLevel).dataType;
  if (dataType !== undefined && dataType !== voxels) {
    throw new InvalidOptionError(
      `dataType is ${dataType}, and the mirror has voxels of ${voxels}: leave it out, or give "${voxels}"`,
    );
  }
  checkFillValue(fillValue, voxels);
  if (source.isLabels && brokenSliceHandling === "interpolate") {
    throw new InvalidOptionError(
      'the voxels are labels, which are never mixed: take brokenSliceHandling "closest" in place of "interpolate"',
    );
  }
}
