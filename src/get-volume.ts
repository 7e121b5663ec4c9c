import type { MissingTile } from "./fetch-options.js";
import type { RegionContext } from "./fetch-region.js";
import { fetchRegion } from "./fetch-region.js";
import type { FetchProgress } from "./fetch-report.js";
import { FetchLog } from "./fetch-report.js";
import type { MirrorRequestOptions } from "./mirror-requests.js";
import { MirrorRequests } from "./mirror-requests.js";
import type { ResolvedOut, VolumeOut } from "./out/volume-out.js";
import { resolveOut } from "./out/volume-out.js";
import type { BrokenSliceHandling } from "./plan/broken-slices.js";
import type { ScaledBox } from "./plan/tile-plan.js";
import { TilePlan } from "./plan/tile-plan.js";
import { withAnySignal } from "./schedule/linked-signal.js";
import type { TileScheduler } from "./schedule/tile-scheduler.js";
import type { Orientation3D, Triple } from "./space/axis-order.js";
import { fromOrder, toOrder } from "./space/axis-order.js";
import { denseStride } from "./space/dense-stride.js";
import type { Stack } from "./stack/stack.js";
import type { StackMirror } from "./stack/stack-mirror.js";
import type { Volume, VolumeData } from "./volume.js";
import type { VolumeDestination } from "./volume-destination.js";
import { destinationOf } from "./volume-destination.js";

/** A region to fetch, checked, and all that it takes. */
export interface VolumeRequest<O extends VolumeOut | undefined> {
  readonly stack: Stack;
  readonly mirror: StackMirror;
  readonly requestOptions: MirrorRequestOptions;
  readonly scheduler: TileScheduler;
  readonly orientation: Orientation3D;
  /** First voxel, scaled, output order. */
  readonly lower: Triple;
  /** One past the last voxel, scaled, output order. */
  readonly upper: Triple;
  readonly zoomLevel: number;
  readonly brokenSliceHandling: BrokenSliceHandling;
  readonly fillValue: number;
  readonly missingTile: MissingTile;
  readonly onTileError: "throw" | "fill";
  /** Tiles that are under way at a time. */
  readonly width: number;
  readonly out: O;
  readonly onProgress: ((progress: FetchProgress) => void) | undefined;
  /** What may end the fetch early. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Plans a region, fetches its tiles and puts them together. */
export async function getVolume<O extends VolumeOut | undefined>(
  request: VolumeRequest<O>,
): Promise<Volume<O>> {
  const { stack, mirror, zoomLevel, orientation, lower, upper, fillValue, scheduler } = request;
  const shape: Triple = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
  const region: ScaledBox = { lower: toZyx(lower, orientation), upper: toZyx(upper, orientation) };
  const planOf = (box: ScaledBox): TilePlan =>
    new TilePlan({ stack, mirror, zoomLevel, box, brokenSliceHandling: request.brokenSliceHandling });
  const plan = planOf(region);
  // Throws now, before any request, where the mirror does not have this level.
  mirror.generateUrl(mirror.getTileIndex({ x: 0, y: 0, z: 0 }, zoomLevel).tileIndex);
  const out = resolveOut(request.out, shape);

  return withAnySignal(request.signals, async (signal) => {
    const destination = destinationOf(out, region, orientation, fillValue);
    const log = new FetchLog(mirror, plan, countTiles(destination, planOf), request.onProgress);
    const context: RegionContext = {
      requests: await MirrorRequests.create(mirror, request.requestOptions),
      scheduler,
      log,
      missingTile: request.missingTile,
      onTileError: request.onTileError,
      width: request.width,
      wholeVoxels: wholeVoxelsOf(stack, zoomLevel),
    };
    await destination.receive(
      (box, sink, boxSignal) => fetchRegion(planOf(box).steps(), sink, context, boxSignal),
      signal,
    );
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

function countTiles(destination: VolumeDestination, planOf: (box: ScaledBox) => TilePlan): number {
  let tiles = 0;
  for (const portion of destination.portions()) {
    const plan = planOf(portion);
    tiles += plan.tileCount + plan.brokenTileCount;
  }
  return tiles;
}

function resolutionOf(stack: Stack, zoomLevel: number, orientation: Orientation3D): Triple {
  const { resolution } = stack.transformer;
  const factor = stack.downsampleFactor(zoomLevel);
  return toOrder(
    { x: resolution.x * factor.x, y: resolution.y * factor.y, z: resolution.z * factor.z },
    orientation,
  );
}

function wholeVoxelsOf(stack: Stack, zoomLevel: number): { readonly x: number; readonly y: number } {
  const factor = stack.downsampleFactor(zoomLevel);
  return { x: Math.floor(stack.dimension.x / factor.x), y: Math.floor(stack.dimension.y / factor.y) };
}

function toZyx(position: Triple, orientation: Orientation3D): Triple {
  return toOrder(fromOrder(position, orientation), "zyx");
}
