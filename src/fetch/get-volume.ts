import { withAnySignal } from "../concurrency/linked-signal.js";
import { ThreadTurn } from "../concurrency/thread-turn.js";
import type { MissingTile } from "../options/missing-tile.js";
import type { ResolvedOut, VolumeOut } from "../out/volume-out.js";
import { resolveOut } from "../out/volume-out.js";
import { BlockPlan } from "../plan/block-plan.js";
import type { BrokenSliceHandling } from "../plan/broken-slices.js";
import type { BlockScheduler } from "../schedule/block-scheduler.js";
import type { SourceAccess } from "../source/block-requests.js";
import { BlockRequests } from "../source/block-requests.js";
import type { BlockLevel } from "../source/block-source.js";
import type { Orientation3D, Triple } from "../space/axis-order.js";
import { fromOrder, toOrder } from "../space/axis-order.js";
import { bytesPerVoxel, elementOf } from "../space/data-type.js";
import { denseStride } from "../space/dense-stride.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { OpenSource } from "./failover.js";
import { Failover } from "./failover.js";
import type { FetchListeners } from "./fetch-log.js";
import { FetchLog } from "./fetch-log.js";
import type { RegionContext } from "./fetch-region.js";
import { fetchRegion, plannedBlocks } from "./fetch-region.js";
import { withReport } from "./fetch-report.js";
import type { Volume, VolumeData } from "./volume.js";
import type { VolumeDestination } from "./volume-destination.js";
import { destinationOf } from "./volume-destination.js";

/** A region to fetch, checked, and all that it takes. */
export interface VolumeRequest<O extends VolumeOut | undefined> extends SourceAccess {
  readonly stack: Stack;
  readonly mirror: StackMirror;
  /** Mirrors that take over when this one goes down, in order. */
  readonly failover: readonly StackMirror[];
  readonly scheduler: BlockScheduler;
  readonly orientation: Orientation3D;
  /** First voxel, scaled, output order. */
  readonly lower: Triple;
  /** One past the last voxel, scaled, output order. */
  readonly upper: Triple;
  readonly zoomLevel: number;
  readonly brokenSliceHandling: BrokenSliceHandling;
  readonly fillValue: number | bigint;
  readonly missingTile: MissingTile;
  readonly onTileError: "throw" | "fill";
  /** Blocks that are under way at a time. */
  readonly width: number;
  readonly out: O;
  /** Who is told of the fetch while it is under way. */
  readonly listeners: FetchListeners;
  /** What may end the fetch early. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Plans a region, fetches its blocks and puts them together. */
export async function getVolume<O extends VolumeOut | undefined>(
  request: VolumeRequest<O>,
): Promise<Volume<O>> {
  const { stack, mirror, zoomLevel, orientation, lower, upper, fillValue, scheduler } = request;
  const shape: Triple = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  const region: ScaledBox = { lower: toZyx(lower, orientation), upper: toZyx(upper, orientation) };
  const { brokenSliceHandling } = request;
  const plannerOf = (level: BlockLevel): ((box: ScaledBox) => BlockPlan) => {
    return (box) => new BlockPlan({ stack, level, zoomLevel, box, brokenSliceHandling });
  };
  const open = async (of: StackMirror): Promise<OpenSource> => {
    const source = request.sourceOf(of);
    const level = source.level(zoomLevel);
    const planOf = plannerOf(level);
    planOf(region);
    return {
      source,
      level,
      requests: await BlockRequests.create(source, request.requestOptions(of)),
      planOf,
    };
  };
  // Throws now, before any request, where the mirror does not have this level.
  const level = request.sourceOf(mirror).level(zoomLevel);
  const { dataType } = level;
  const planOf = plannerOf(level);
  const plan = planOf(region);
  const out = resolveOut(request.out, shape, dataType);

  return withAnySignal(request.signals, async (signal) => {
    const destination = destinationOf(out, region, orientation, dataType, elementOf(dataType, fillValue));
    const planned = await countBlocks(destination, planOf, signal);
    const log = new FetchLog(mirror, plan, planned, request.listeners);
    const context: RegionContext = {
      scheduler,
      log,
      missingTile: request.missingTile,
      onTileError: request.onTileError,
      failover:
        request.failover.length === 0
          ? undefined
          : new Failover(request.failover, open, (change) => log.failedOver(change)),
      width: request.width,
      regionBlocks: plan.distinctBlockCount,
      keepsAllBlocks: isKeptWhole(plan, level, scheduler),
      wholeVoxels: wholeVoxelsOf(stack, zoomLevel),
    };
    const opened = await open(mirror);
    try {
      await destination.receive(
        (box, sink, boxSignal) => fetchRegion(box, opened, sink, context, boxSignal),
        signal,
      );
    } catch (error) {
      // Whoever aborts gets the very reason that was given.
      throw error === signal.reason ? error : withReport(error, log.report());
    }
    return volumeOf(request, out, shape, log);
  });
}

function volumeOf<O extends VolumeOut | undefined>(
  request: VolumeRequest<O>,
  out: ResolvedOut,
  shape: Triple,
  log: FetchLog,
): Volume<O> {
  const { stack, zoomLevel, orientation } = request;
  const memory = out.kind === "memory" ? out : { data: undefined, stride: denseStride(shape), offset: 0 };
  return {
    // resolveOut has kept the kind of memory that was given.
    data: memory.data as VolumeData<O>,
    shape,
    stride: memory.stride,
    offset: memory.offset,
    orientation,
    zoomLevel,
    origin: request.lower,
    resolution: resolutionOf(stack, zoomLevel, orientation),
    report: log.finish(),
    out: request.out,
  };
}

/** In turns: a writer of small chunks may have hundreds of thousands. */
async function countBlocks(
  destination: VolumeDestination,
  planOf: (box: ScaledBox) => BlockPlan,
  signal: AbortSignal,
): Promise<number> {
  let blocks = 0;
  const turn = new ThreadTurn(signal);
  for (const portion of destination.portions()) {
    blocks += plannedBlocks(planOf(portion));
    if (turn.over) await turn.pass();
  }
  return blocks;
}

function resolutionOf(stack: Stack, zoomLevel: number, orientation: Orientation3D): Triple {
  const { resolution } = stack.transformer;
  const factor = stack.downsampleFactor(zoomLevel);
  return toOrder(
    { x: resolution.x * factor.x, y: resolution.y * factor.y, z: resolution.z * factor.z },
    orientation,
  );
}

/**
 * Whether all blocks of a region are kept in the cache: where it is small, or uses some of them again. Of another one
 * only those are that it uses in part, so that it does not push out what the next region may want.
 */
function isKeptWhole(
  plan: BlockPlan,
  { dataType, blockShape }: BlockLevel,
  scheduler: BlockScheduler,
): boolean {
  const blockBytes = blockShape[0] * blockShape[1] * blockShape[2] * bytesPerVoxel(dataType);
  return plan.distinctBlockCount < plan.blockCount || scheduler.isSmall(plan.blockCount * blockBytes);
}

function wholeVoxelsOf(stack: Stack, zoomLevel: number): Triple {
  const factor = stack.downsampleFactor(zoomLevel);
  const { x, y, z } = stack.dimension;
  return [Math.floor(z / factor.z), Math.floor(y / factor.y), Math.floor(x / factor.x)];
}

function toZyx(position: Triple, orientation: Orientation3D): Triple {
  return toOrder(fromOrder(position, orientation), "zyx");
}
