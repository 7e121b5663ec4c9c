import { MemorySink } from "../assemble/volume-sink.js";
import { withAnySignal } from "../concurrency/linked-signal.js";
import { ThreadTurn } from "../concurrency/thread-turn.js";
import type { VolumeOut } from "../out/volume-out.js";
import { newMemory } from "../out/volume-out.js";
import type { BlockPlan } from "../plan/block-plan.js";
import type { PackBytes } from "../pool/pack-bytes.js";
import type { BlockScheduler } from "../schedule/block-scheduler.js";
import type { BlockLevel } from "../source/block-source.js";
import { fromOrder } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import { bytesPerVoxel, elementOf } from "../space/data-type.js";
import { denseStride } from "../space/dense-stride.js";
import type { Portion, RegionContext } from "./fetch-region.js";
import { fetchRegion } from "./fetch-region.js";
import type { FetchReport } from "./fetch-report.js";
import { withReport } from "./fetch-report.js";
import type { FetchRequest } from "./fetch-request.js";
import type { FirstSource } from "./open-source.js";
import { openFirst, openSource } from "./open-source.js";
import type { PlannedVolume, RegionRequest } from "./plan-volume.js";
import { planBlocks, planVolume } from "./plan-volume.js";
import { regionContext } from "./region-context.js";
import type { Volume, VolumeData } from "./volume.js";
import { volumePlace } from "./volume-place.js";

/** A checked request for a region, with everything needed to fetch it. */
export type VolumeRequest<O extends VolumeOut | undefined> = RegionRequest<O> &
  FetchRequest & {
    /** Compresses for a writer. */
    readonly packBytes: PackBytes;
  };

/** Plans a region, fetches its blocks and assembles them. `D` is the data type of the sources. */
export function getVolume<O extends VolumeOut | undefined, D extends DataType>(
  request: VolumeRequest<O>,
): Promise<Volume<O, D>> {
  return withAnySignal(request.signals, (signal) => fetchVolume<O, D>(request, signal));
}

async function fetchVolume<O extends VolumeOut | undefined, D extends DataType>(
  request: VolumeRequest<O>,
  signal: AbortSignal,
): Promise<Volume<O, D>> {
  const { orientation, zoomLevel, stack } = request;
  const first = await openFirst(request, (source) => planVolume(request, source), signal);
  const { out, shape, region, level, plan, portionPlan } = first.planned;
  const { mirror } = first.source;
  const fillValue = elementOf(level.dataType, request.fillValue);
  const memory =
    out.kind === "new" ? newMemory(shape, level.dataType) : out.kind === "memory" ? out : undefined;
  const place = volumePlace(stack, zoomLevel, orientation, request.lower);
  const context = contextOf(request, first, signal);
  const report = (): FetchReport => context.log.finish();
  // This may fail to get credentials. No request was made by then, so there is nothing to report.
  const opened = await openSource(first.source, plan, request);

  const deliverVolume = async (): Promise<FetchReport> => {
    const fetch = (portions: Iterable<Portion>, fetchSignal: AbortSignal): Promise<void> =>
      fetchRegion(portions, opened, context, fetchSignal);
    if (portionPlan !== undefined) {
      const { isLabels } = first.source;
      const { channel, brokenSliceHandling, packBytes } = request;
      const voxels = { shape, dataType: level.dataType, fillValue, isLabels, channel, brokenSliceHandling };
      // Plain data, since the writer may come from another copy of the library.
      const source = {
        stack: { id: stack.id, title: stack.title },
        mirror: { position: mirror.position, title: mirror.title },
      };
      const info = { ...place, ...voxels, ...source };
      const { deliver } = await import("./delivery/deliver.js");
      return await deliver({ info, packBytes, region, portionPlan, fetch, report }, signal);
    }
    if (memory !== undefined) {
      const volume = { ...memory, stride: fromOrder(memory.stride, orientation), lower: region.lower };
      const sink = new MemorySink(volume, fillValue, new ThreadTurn(signal));
      await fetch([{ box: region, sink, open: async () => sink }], signal);
    }
    return report();
  };
  return {
    report: await deliverVolume().catch((error: unknown) => {
      // A caller that aborts gets the very reason that it gave.
      throw error === signal.reason ? error : withReport(error, context.log.report());
    }),
    // The cast holds: this is the caller's memory, or a new array of the source's data type.
    data: memory?.data as VolumeData<O, D>,
    dataType: level.dataType as D,
    shape,
    stride: memory?.stride ?? denseStride(shape),
    offset: memory?.offset ?? 0,
    orientation,
    zoomLevel,
    origin: request.lower,
    resolution: place.resolution,
    out: request.out,
  };
}

function contextOf(
  request: VolumeRequest<VolumeOut | undefined>,
  first: FirstSource<PlannedVolume>,
  signal: AbortSignal,
): RegionContext {
  const { plan, level, width, repeats } = first.planned;
  const { outsideVoxels, replacedSections, distinctBlockCount } = plan;
  // All blocks that the report counts.
  const blocks = plan.blockCount + plan.brokenBlockCount + plan.unheldBlockCount;
  const planned = {
    dataType: level.dataType,
    outsideVoxels,
    replacedSections,
    planned: Math.round(blocks * repeats),
    width,
    regionBlocks: distinctBlockCount,
    keepsAllBlocks: areAllKept(plan, level, request.scheduler),
  };
  return regionContext(request, first, planned, (source) => planBlocks(request, source), signal);
}

/**
 * Whether the cache keeps all blocks of a region: it does if the region is small or uses some blocks more than once. Of
 * other regions it keeps only the blocks that they use in part, so that the others do not evict what the next region
 * may want.
 */
function areAllKept(
  plan: BlockPlan,
  { dataType, blockShape }: BlockLevel,
  scheduler: BlockScheduler,
): boolean {
  const blockBytes = blockShape[0] * blockShape[1] * blockShape[2] * bytesPerVoxel(dataType);
  return plan.distinctBlockCount < plan.blockCount || scheduler.isSmall(plan.blockCount * blockBytes);
}
