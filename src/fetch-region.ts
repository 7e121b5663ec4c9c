import { blendTiles } from "./assemble/blend-tiles.js";
import type { TilePixels } from "./assemble/copy-box.js";
import type { VolumeSink } from "./assemble/volume-sink.js";
import { isTileError, tileErrorFrom } from "./errors.js";
import type { MissingTile } from "./fetch-options.js";
import type { FetchLog } from "./fetch-report.js";
import type { MirrorRequests } from "./mirror-requests.js";
import type { TileIndex } from "./plan/tile-index.js";
import type { PlanStep, ScaledBox } from "./plan/tile-plan.js";
import { runSteps } from "./schedule/run-steps.js";
import type { TileOutcome, TileScheduler } from "./schedule/tile-scheduler.js";

/** What {@link fetchRegion} works with. */
export interface RegionContext {
  readonly requests: MirrorRequests;
  readonly scheduler: TileScheduler;
  readonly log: FetchLog;
  readonly missingTile: MissingTile;
  readonly onTileError: "throw" | "fill";
  /** Steps of the plan that are under way at a time. */
  readonly width: number;
  /** Whole voxels of the level along y and x: a tile that ends before them is short. */
  readonly wholeVoxels: { readonly x: number; readonly y: number };
}

/** Runs the steps of a plan: gets each tile and hands its part of the region to the sink. */
export function fetchRegion(
  steps: Iterable<PlanStep>,
  sink: VolumeSink,
  context: RegionContext,
  signal: AbortSignal | undefined,
): Promise<void> {
  return runSteps(
    steps,
    context.width,
    (step, stepSignal) => runStep(step, sink, context, stepSignal),
    signal,
  );
}

function runStep(
  step: PlanStep,
  sink: VolumeSink,
  context: RegionContext,
  signal: AbortSignal,
): void | Promise<void> {
  switch (step.kind) {
    case "outside":
      return sink.putFill(step.box);
    case "broken":
      context.log.filled({ tile: step.tile, cause: "broken-slice" });
      return sink.putFill(step.box);
    case "blend":
      return runBlend(step, sink, context, signal);
    case "tile": {
      const cached = fromCache(step.tile, context);
      return cached === undefined
        ? runTile(step, sink, context, signal)
        : put(cached, step.tile, step.box, sink, context);
    }
  }
}

async function runTile(
  step: { readonly tile: TileIndex; readonly box: ScaledBox },
  sink: VolumeSink,
  context: RegionContext,
  signal: AbortSignal,
): Promise<void> {
  const pixels = await request(step.tile, context, signal);
  signal.throwIfAborted();
  await (pixels === undefined ? sink.putFill(step.box) : put(pixels, step.tile, step.box, sink, context));
}

async function runBlend(
  step: PlanStep & { readonly kind: "blend" },
  sink: VolumeSink,
  context: RegionContext,
  signal: AbortSignal,
): Promise<void> {
  const { lowerTile, upperTile, upperWeight, box } = step;
  const [lower, upper] = await Promise.all(
    [lowerTile, upperTile].map((tile) => fromCache(tile, context) ?? request(tile, context, signal)),
  );
  signal.throwIfAborted();
  if (lower === undefined || upper === undefined) {
    await sink.putFill(box);
    return;
  }
  noteIfShort(lower, lowerTile, box, context);
  noteIfShort(upper, upperTile, box, context);
  const blended = blendTiles(lower, upper, upperWeight);
  await sink.putTile(blended, ...firstPixel(lowerTile), box);
}

function fromCache(tile: TileIndex, { requests, scheduler, log }: RegionContext): TilePixels | undefined {
  const cached = scheduler.cached(requests.key(tile));
  if (cached !== undefined) log.cached();
  return cached;
}

/** The pixels of a tile; undefined where the policy is to fill it, which is then in the log. */
async function request(
  tile: TileIndex,
  context: RegionContext,
  signal: AbortSignal,
): Promise<TilePixels | undefined> {
  const { requests, scheduler, log } = context;
  const tileRequest = requests.request(tile);
  let outcome: TileOutcome;
  try {
    outcome = await scheduler.request(tileRequest, signal);
  } catch (error) {
    if (context.onTileError === "throw" || !isTileError(error)) throw error;
    log.failed(tile, error);
    return undefined;
  }
  if (outcome.kind === "tile") {
    if (outcome.shared) log.cached();
    else log.fetched(outcome);
    return outcome.tile;
  }
  const { url, status } = outcome;
  if (context.missingTile === "throw") {
    const message = `the server has no such tile (HTTP ${status} from ${url}); missingTile: "fill" would fill it`;
    const record = { reason: "missing", message, url, status } as const;
    throw tileErrorFrom(record, outcome.retries + 1, tileRequest.position);
  }
  log.filled({ tile, cause: "missing", url }, outcome);
  return undefined;
}

function put(
  pixels: TilePixels,
  tile: TileIndex,
  box: ScaledBox,
  sink: VolumeSink,
  context: RegionContext,
): void | Promise<void> {
  noteIfShort(pixels, tile, box, context);
  return sink.putTile(pixels, ...firstPixel(tile), box);
}

/** A tile that ends before the part of the stack that it has to serve leaves fill, which has to be told. */
function noteIfShort(pixels: TilePixels, tile: TileIndex, box: ScaledBox, context: RegionContext): void {
  const [top, left] = firstPixel(tile);
  const [, bottom, right] = box.upper;
  const { x, y } = context.wholeVoxels;
  if (top + pixels.height < Math.min(bottom, y) || left + pixels.width < Math.min(right, x)) {
    context.log.short(tile, context.requests.url(tile));
  }
}

/** Row and column of a tile's first pixel, in scaled voxels. */
function firstPixel({ row, col, height, width }: TileIndex): [top: number, left: number] {
  return [row * height, col * width];
}
