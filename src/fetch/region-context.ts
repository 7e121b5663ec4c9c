import type { BlockSource } from "../source/block-source.js";
import type { DataType } from "../space/data-type.js";
import type { OpenSource } from "./failover.js";
import { Failover } from "./failover.js";
import { FetchLog } from "./fetch-log.js";
import type { RegionContext } from "./fetch-region.js";
import type { ReplacedSection } from "./fetch-report.js";
import type { FetchRequest } from "./fetch-request.js";
import { checkSource } from "./fetch-request.js";
import type { FirstSource } from "./open-source.js";
import { openSource } from "./open-source.js";

/** What is known of a fetch before it begins. */
export interface PlannedBlocks
  extends Pick<RegionContext, "planned" | "width" | "regionBlocks" | "keepsAllBlocks"> {
  readonly dataType: DataType;
  readonly outsideVoxels: number;
  readonly replacedSections: readonly ReplacedSection[];
}

/**
 * Makes the context that the steps of a fetch share.
 *
 * @param planFor - Plans the same fetch for the blocks of a mirror that takes over.
 */
export function regionContext(
  request: FetchRequest,
  { others, failedOver }: FirstSource<unknown>,
  blocks: PlannedBlocks,
  planFor: (source: BlockSource) => OpenSource["plan"] | Promise<OpenSource["plan"]>,
  signal: AbortSignal,
): RegionContext {
  const { access, scheduler, stack, zoomLevel, missingTile, emptyBlock, onTileError, listeners } = request;
  const { dataType, planned, width, regionBlocks, keepsAllBlocks } = blocks;
  const log = new FetchLog(request.mirror, blocks, planned, listeners);
  if (failedOver !== undefined) log.failedOver(failedOver);
  const failover = new Failover(
    others,
    async (mirror) => {
      const source = await access.open(mirror, signal);
      // A fetch has one data type, so a mirror with another type cannot take over.
      checkSource({ ...request, dataType }, source);
      return openSource(source, await planFor(source), request);
    },
    (change) => log.failedOver(change),
  );
  const factor = stack.downsampleFactor(zoomLevel);
  const { x, y, z } = stack.dimension;
  return {
    scheduler,
    log,
    planned,
    missingTile,
    emptyBlock,
    onTileError,
    failover: others.length === 0 ? undefined : failover,
    width,
    regionBlocks,
    keepsAllBlocks,
    wholeVoxels: [Math.floor(z / factor.z), Math.floor(y / factor.y), Math.floor(x / factor.x)],
  };
}
