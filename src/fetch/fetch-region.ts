import { blendTiles } from "../assemble/blend-tiles.js";
import type { TilePixels } from "../assemble/copy-box.js";
import type { VolumeSink } from "../assemble/volume-sink.js";
import { runSteps } from "../concurrency/run-steps.js";
import { isTileError, tileErrorFrom } from "../errors.js";
import type { MissingTile } from "../options/missing-tile.js";
import type { PlanStep, ScaledBox } from "../plan/block-plan.js";
import type { BlockOutcome, BlockRequest, BlockScheduler } from "../schedule/block-scheduler.js";
import type { TileIndex } from "../stack/mirror/tile-index.js";
import type { Failover, MirrorSource } from "./failover.js";
import { isMirrorDown } from "./failover.js";
import type { FetchLog } from "./fetch-report.js";

/** What {@link fetchRegion} works with. */
export interface RegionContext {
  readonly scheduler: BlockScheduler;
  readonly log: FetchLog;
  readonly missingTile: MissingTile;
  readonly onTileError: "throw" | "fill";
  /** The mirrors that stand in for one that goes down; none unless asked for. */
  readonly failover: Failover | undefined;
  /** Steps of the plan that are under way at a time. */
  readonly width: number;
  /** Whole voxels of the level along y and x: a tile that ends before them is short. */
  readonly wholeVoxels: { readonly x: number; readonly y: number };
}

type TileStep = PlanStep & { readonly kind: "tile" };
type BlendStep = PlanStep & { readonly kind: "blend" };

/** Fetches a box of the region from a source, and hands each part of it to the sink. */
export function fetchRegion(
  box: ScaledBox,
  source: MirrorSource,
  sink: VolumeSink,
  context: RegionContext,
  signal: AbortSignal,
): Promise<void> {
  const run = (step: PlanStep, stepSignal: AbortSignal): void | Promise<void> =>
    new StepRun(source, sink, context, stepSignal).run(step);
  return runSteps(source.planOf(box).steps(), context.width, run, signal);
}

/** In the place of a tile: its source is down, and this is the one to turn to. */
class TakenOver {
  readonly source: MirrorSource;

  constructor(source: MirrorSource) {
    this.source = source;
  }
}

/** Runs steps of a plan against one source. */
class StepRun {
  readonly #source: MirrorSource;
  readonly #sink: VolumeSink;
  readonly #context: RegionContext;
  readonly #signal: AbortSignal;

  constructor(source: MirrorSource, sink: VolumeSink, context: RegionContext, signal: AbortSignal) {
    this.#source = source;
    this.#sink = sink;
    this.#context = context;
    this.#signal = signal;
  }

  /** Returns nothing where the step is done at once, as with a cached tile. */
  run(step: PlanStep): void | Promise<void> {
    const { log, failover } = this.#context;
    switch (step.kind) {
      case "outside":
        return this.#sink.putFill(step.box);
      case "broken":
        log.filled({ tile: step.tile, cause: "broken-slice" });
        return this.#sink.putFill(step.box);
      case "unheld":
        this.#noteUnheld(step.tile);
        return this.#sink.putFill(step.box);
      case "blend":
        return this.#runFetching(step, failover?.successorOf(this.#source));
      case "tile": {
        const cached = this.#cached(step.tile);
        if (cached !== undefined) return this.#put(cached, step);
        return this.#runFetching(step, failover?.successorOf(this.#source));
      }
    }
  }

  async #runFetching(
    step: TileStep | BlendStep,
    successor: Promise<MirrorSource | undefined> | undefined,
  ): Promise<void> {
    const next = await successor;
    if (next !== undefined) return this.#redo(step, next, step.kind === "blend" ? 2 : 1);
    const got = await Promise.all(
      step.kind === "blend"
        ? // Async, so that what a callback throws for one of them ends up here and not with the other.
          [step.lowerTile, step.upperTile].map(async (tile) => this.#cached(tile) ?? this.#request(tile))
        : [this.#request(step.tile)],
    );
    this.#signal.throwIfAborted();
    const pixels: (TilePixels | undefined)[] = [];
    const elsewhere: TakenOver[] = [];
    for (const one of got) {
      if (one instanceof TakenOver) elsewhere.push(one);
      else pixels.push(one);
    }
    const [takenOver] = elsewhere;
    if (takenOver !== undefined) return this.#redo(step, takenOver.source, elsewhere.length);
    const [lower, upper] = pixels;
    if (lower === undefined || pixels.includes(undefined)) return this.#sink.putFill(step.box);
    if (step.kind === "tile" || upper === undefined) return this.#put(lower, step);
    this.#noteIfShort(lower, step.lowerTile, step);
    this.#noteIfShort(upper, step.upperTile, step);
    return this.#sink.putTile(blendTiles(lower, upper, step.upperWeight), step.top, step.left, step.box);
  }

  #noteUnheld(tile: TileIndex): void {
    const { log, missingTile } = this.#context;
    if (missingTile === "throw") {
      const message = `the mirror does not hold these voxels (its bounds or offset); missingTile: "fill" would fill them`;
      const url = this.#source.requests.url(tile);
      const { position } = this.#source.requests.request(tile);
      throw tileErrorFrom({ reason: "missing", message, url, status: 0 }, 1, position);
    }
    log.filled({ tile, cause: "not-held" });
  }

  /** Takes a step's box from another source, whose tiles may be of another size. */
  async #redo(step: TileStep | BlendStep, source: MirrorSource, unsettledTiles: number): Promise<void> {
    const plan = source.planOf(step.box);
    this.#context.log.replanned(plannedTiles(plan) - unsettledTiles, plan.outsideVoxels);
    const other = new StepRun(source, this.#sink, this.#context, this.#signal);
    for (const part of plan.steps()) {
      this.#signal.throwIfAborted();
      await other.run(part);
    }
  }

  #cached(tile: TileIndex): TilePixels | undefined {
    const { scheduler, log } = this.#context;
    const cached = scheduler.cached(this.#source.requests.key(tile));
    if (cached !== undefined) log.cached(tile, this.#source.mirror);
    return cached;
  }

  /** The pixels of a tile; undefined where the policy is to fill it, which is then in the log. */
  async #request(tile: TileIndex): Promise<TilePixels | TakenOver | undefined> {
    const { log, missingTile } = this.#context;
    const { mirror, requests } = this.#source;
    const request = requests.request(tile);
    let outcome: BlockOutcome;
    try {
      outcome = await this.#ask(request);
    } catch (error) {
      return this.#afterFailure(tile, error);
    }
    if (outcome.kind === "tile") {
      if (outcome.shared) log.cached(tile, mirror);
      else log.fetched(tile, mirror, outcome);
      return outcome.tile;
    }
    const { url, status } = outcome;
    if (missingTile === "throw") {
      const verdict = status === 200 ? "isMissing says so of" : `HTTP ${status} from`;
      const message = `the server has no such tile (${verdict} ${url}); missingTile: "fill" would fill it`;
      const record = { reason: "missing", message, url, status } as const;
      throw tileErrorFrom(record, outcome.retries + 1, request.position);
    }
    log.filled({ tile, cause: "missing", url }, outcome);
    return undefined;
  }

  /** Asks the scheduler, and tells of attempts that fail while the tile is under way. */
  async #ask(request: BlockRequest): Promise<BlockOutcome> {
    const { scheduler, log } = this.#context;
    let retries = 0;
    let thrown: { readonly error: unknown } | undefined;
    const onRetry = (): void => {
      if (this.#signal.aborted) return;
      retries++;
      try {
        log.retrying(1);
      } catch (error) {
        // The request may be others' as well: what this caller's callback throws is for this caller.
        thrown ??= { error };
      }
    };
    let outcome: BlockOutcome;
    try {
      outcome = await scheduler.request({ ...request, onRetry }, this.#signal);
    } finally {
      // From here on they are on the tile's own account.
      log.retrying(-retries);
    }
    if (thrown !== undefined) throw thrown.error;
    return outcome;
  }

  async #afterFailure(tile: TileIndex, error: unknown): Promise<TakenOver | undefined> {
    const { failover, log, onTileError } = this.#context;
    if (!isTileError(error)) throw error;
    if (failover !== undefined && isMirrorDown(error)) {
      const next = await failover.takeOver(this.#source, error);
      if (next !== undefined) {
        log.abandoned(error);
        return new TakenOver(next);
      }
      if (onTileError === "throw") throw failover.firstError ?? error;
    }
    if (onTileError === "throw") throw error;
    log.failed(tile, error);
    return undefined;
  }

  #put(pixels: TilePixels, step: TileStep | BlendStep): void | Promise<void> {
    if (step.kind === "tile") this.#noteIfShort(pixels, step.tile, step);
    return this.#sink.putTile(pixels, step.top, step.left, step.box);
  }

  /** A tile that ends before the part of the stack that it has to serve leaves fill, which has to be told. */
  #noteIfShort(pixels: TilePixels, tile: TileIndex, { box, top, left }: TileStep | BlendStep): void {
    const [, bottom, right] = box.upper;
    const { x, y } = this.#context.wholeVoxels;
    if (top + pixels.height < Math.min(bottom, y) || left + pixels.width < Math.min(right, x)) {
      this.#context.log.short(tile, this.#source.requests.url(tile));
    }
  }
}

/** How many tiles the report has to account for. */
export function plannedTiles(plan: {
  readonly tileCount: number;
  readonly brokenTileCount: number;
  readonly unheldTileCount: number;
}): number {
  return plan.tileCount + plan.brokenTileCount + plan.unheldTileCount;
}
