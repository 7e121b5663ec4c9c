import type { ResolvedOut, VolumeOut } from "../out/volume-out.js";
import { resolveOut } from "../out/volume-out.js";
import { BlockPlan } from "../plan/block-plan.js";
import type { BlockLevel, BlockSource } from "../source/block-source.js";
import type { Orientation3D, Triple } from "../space/axis-order.js";
import { reorder } from "../space/axis-order.js";
import { bytesPerVoxel } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { PortionPlan } from "./delivery/portion-plan.js";
import type { WantedVoxels } from "./fetch-request.js";
import { checkSource } from "./fetch-request.js";

/** A region, with everything needed to plan it. */
export interface RegionRequest<O extends VolumeOut | undefined> extends WantedVoxels {
  readonly orientation: Orientation3D;
  /** First voxel, scaled, output order. */
  readonly lower: Triple;
  /** One past the last voxel, scaled, output order. */
  readonly upper: Triple;
  readonly out: O;
  /** Most bytes of portions and blocks in memory, if the volume goes to a writer. */
  readonly maxMemoryBytes: number;
}

/** A planned region, before any block is requested. */
export interface PlannedVolume {
  /** Extent in voxels, output order. */
  readonly shape: Triple;
  /** The region, z, y, x. */
  readonly region: ScaledBox;
  /** The zoom level in the source. */
  readonly level: BlockLevel;
  readonly plan: BlockPlan;
  readonly out: ResolvedOut;
  /** The portions in which the volume goes to a writer; `undefined` if it goes to memory. */
  readonly portionPlan: PortionPlan | undefined;
  /** Most blocks under way at a time. */
  readonly width: number;
  /** How often each block is requested, on average. */
  readonly repeats: number;
}

/** Plans a region for a source. Throws if the source cannot serve it, or if it does not fit into its `out`. */
export async function planVolume<O extends VolumeOut | undefined>(
  request: RegionRequest<O>,
  source: BlockSource,
): Promise<PlannedVolume> {
  const { lower, upper, orientation, zoomLevel, maxRequests, maxMemoryBytes } = request;
  const region = { lower: reorder(lower, orientation, "zyx"), upper: reorder(upper, orientation, "zyx") };
  const shape: Triple = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  const level = source.level(zoomLevel);
  checkSource(request, source);
  const plan = planBlocks(request, source);
  const out = resolveOut(request.out, shape, level.dataType);
  const planned = { shape, region, level, plan, out };
  if (out.kind !== "writer") return { ...planned, portionPlan: undefined, width: maxRequests, repeats: 1 };
  const { planPortions } = await import("./delivery/deliver.js");
  const portionPlan = planPortions({
    region,
    orientation,
    level,
    writer: out.writer,
    chunkShape: out.chunkShape,
    concurrency: out.concurrency,
    bytesPerVoxel: bytesPerVoxel(level.dataType),
    maxWidth: maxRequests,
    maxMemoryBytes,
  });
  return { ...planned, portionPlan, width: portionPlan.width, repeats: portionPlan.portions.repeats };
}

/** Plans how a region is assembled from the blocks of a source, which may belong to a failover mirror. */
export function planBlocks(request: RegionRequest<VolumeOut | undefined>, source: BlockSource): BlockPlan {
  const { stack, lower, upper, orientation, zoomLevel, brokenSliceHandling } = request;
  const box = { lower: reorder(lower, orientation, "zyx"), upper: reorder(upper, orientation, "zyx") };
  return new BlockPlan({ stack, level: source.level(zoomLevel), zoomLevel, box, brokenSliceHandling });
}
