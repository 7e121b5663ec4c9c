import { blendBlocks } from "../assemble/blend-blocks.js";
import type { FillCause } from "../assemble/fill-cause.js";
import type { VolumeSink } from "../assemble/volume-sink.js";
import { isTileError, tileErrorFrom } from "../errors.js";
import type { EmptyBlock, MissingTile } from "../options/missing-tile.js";
import type { BlockPlace, PlanStep } from "../plan/plan-step.js";
import type { BlockOutcome, BlockScheduler, DeliveredBlock } from "../schedule/block-scheduler.js";
import type { Triple } from "../space/axis-order.js";
import type { Block, BlockIndex } from "../space/block.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { intersectBoxes } from "../space/scaled-box.js";
import type { Failover, OpenSource } from "./failover.js";
import { isMirrorDown } from "./failover.js";
import type { FetchLog } from "./fetch-log.js";
import type { ReportedBlock } from "./fetch-report.js";
import { reported } from "./fetch-report.js";

/** What the steps of a region share. */
export interface StepContext {
  readonly scheduler: BlockScheduler;
  readonly log: FetchLog;
  readonly missingTile: MissingTile;
  readonly emptyBlock: EmptyBlock;
  readonly onTileError: "throw" | "fill";
  /** The mirrors that take over when one goes down; `undefined` if there are none. */
  readonly failover: Failover | undefined;
  /** How many blocks the whole region has. */
  readonly regionBlocks: number;
  /** Whether blocks that are used whole are kept in the cache too. */
  readonly keepsAllBlocks: boolean;
  /** Number of whole voxels of the level along z, y, x. The last voxel of a level may lie partly outside the stack. */
  readonly wholeVoxels: Triple;
}

type BlockStep = PlanStep & { readonly kind: "block" };
type AbsentBlock = BlockOutcome & { readonly kind: "missing" };
type BlendStep = PlanStep & { readonly kind: "blend" };

/** The source that took over from one that is down; `undefined` if the source is up. */
type Successor = Promise<OpenSource | undefined> | undefined;

/** Stands in for a block whose source is down, and names the source that took over. */
class TakenOver {
  readonly source: OpenSource;

  constructor(source: OpenSource) {
    this.source = source;
  }
}

/** Runs steps of a plan against one source. */
export class StepRun {
  readonly #source: OpenSource;
  readonly #sink: VolumeSink;
  readonly #context: StepContext;
  readonly #signal: AbortSignal;

  constructor(source: OpenSource, sink: VolumeSink, context: StepContext, signal: AbortSignal) {
    this.#source = source;
    this.#sink = sink;
    this.#context = context;
    this.#signal = signal;
  }

  /** Runs a step. Returns nothing if the step is done at once, as with a cached block. */
  run(step: PlanStep): void | Promise<void> {
    const { log, failover } = this.#context;
    switch (step.kind) {
      case "outside":
        return this.#sink.putFill(step.box, "outside");
      case "broken":
        log.filled({ ...this.#reported(step.block), cause: "broken-slice" });
        return this.#sink.putFill(step.box, "broken-slice");
      case "unheld":
        this.#noteUnheld(step.block);
        return this.#sink.putFill(step.box, "not-held");
      case "blend":
        return this.#runBlend(step, failover?.successorOf(this.#source));
      case "block": {
        const cached = this.#cached(step.block);
        if (cached !== undefined) return this.#put(cached, step);
        return this.#runBlock(step, failover?.successorOf(this.#source));
      }
    }
  }

  async #runBlock(step: BlockStep, successor: Successor): Promise<void> {
    const next = await successor;
    if (next !== undefined) return this.#redo(step.box, next, 1);
    const got = await this.#request(step.block, this.#isKept(step));
    this.#signal.throwIfAborted();
    if (got instanceof TakenOver) return this.#redo(step.box, got.source, 1);
    if (typeof got === "string") return this.#sink.putFill(step.box, got);
    await this.#put(got, step);
    got.release?.();
  }

  async #runBlend({ lower, upper, upperWeight, box }: BlendStep, successor: Successor): Promise<void> {
    const next = await successor;
    if (next !== undefined) return this.#redo(box, next, 2);
    // Async: if a callback throws for one block, the promise of the other is still awaited.
    const got = await Promise.all(
      [lower, upper].map(async ({ block }) => this.#cached(block) ?? this.#request(block, true)),
    );
    this.#signal.throwIfAborted();
    const elsewhere = got.filter((one) => one instanceof TakenOver);
    const [takenOver] = elsewhere;
    if (takenOver !== undefined) return this.#redo(box, takenOver.source, elsewhere.length);
    const causes = got.filter((one) => typeof one === "string");
    const [cause] = causes;
    // A failed block tells the caller more than another cause: a new attempt may succeed.
    if (cause !== undefined) return this.#sink.putFill(box, causes.includes("failed") ? "failed" : cause);
    const [lowerBlock, upperBlock] = got as [Block, Block];
    const short = this.#noteLacking(box, [lowerBlock, lower], [upperBlock, upper]);
    const blend = blendBlocks(
      { block: lowerBlock, first: lower.first },
      { block: upperBlock, first: upper.first },
      upperWeight,
      box,
    );
    return this.#sink.putBlock(blend, box.lower, box, short);
  }

  #noteUnheld(block: BlockIndex): void {
    const { log, missingTile } = this.#context;
    if (missingTile === "throw") {
      const message = `the mirror does not hold these voxels (its bounds or offset); missingTile: "fill" would fill them`;
      const { requests, source } = this.#source;
      const url = requests.url(block);
      throw tileErrorFrom({ reason: "missing", message, url, status: 0 }, 1, source.position(block));
    }
    log.filled({ ...this.#reported(block), cause: "not-held" });
  }

  /** Fetches the box of a step from another source, whose blocks may have another size. */
  async #redo(box: ScaledBox, source: OpenSource, unsettledBlocks: number): Promise<void> {
    const parts = [...source.plan.steps(box)];
    const blocks = parts.reduce((sum, part) => sum + blocksOf(part), 0);
    const outside = parts.filter((part) => part.kind === "outside");
    this.#context.log.replanned(blocks - unsettledBlocks);
    this.#context.log.outside(outside.reduce((sum, part) => sum + source.plan.countVoxels(part.box), 0));
    const other = new StepRun(source, this.#sink, this.#context, this.#signal);
    for (const part of parts) {
      this.#signal.throwIfAborted();
      await other.run(part);
    }
  }

  #cached(block: BlockIndex): Block | undefined {
    const { scheduler, log } = this.#context;
    const cached = scheduler.cached(this.#source.requests.key(block));
    if (cached !== undefined) log.cached(block, this.#source.source);
    return cached;
  }

  /** Fetches a block. If the block is filled by policy, logs that and returns the cause. */
  async #request(block: BlockIndex, isKept: boolean): Promise<DeliveredBlock | TakenOver | FillCause> {
    const { log } = this.#context;
    const { source, requests, level } = this.#source;
    let outcome: BlockOutcome;
    try {
      outcome = await this.#ask(block, isKept);
    } catch (error) {
      return this.#afterFailure(block, error);
    }
    if (outcome.kind === "block") {
      if (outcome.shared) log.cached(block, source);
      else log.fetched(block, source, outcome);
      return outcome.block;
    }
    const { url = requests.url(block) } = outcome;
    this.#checkAbsence({ ...outcome, url }, source.position(block));
    if (level.absent === "empty") {
      log.empty(outcome);
      return this.#source.emptyBlock();
    }
    log.filled({ ...this.#reported(block), cause: "missing", url }, outcome);
    return "missing";
  }

  /** Throws if the policy for missing tiles or for empty blocks makes an absent block an error. */
  #checkAbsence({ url, status, retries }: AbsentBlock & { readonly url: string }, position: string): void {
    const { missingTile, emptyBlock } = this.#context;
    const isEmpty = this.#source.level.absent === "empty";
    if ((isEmpty ? emptyBlock : missingTile) !== "throw") return;
    const answer = status === 200 ? "isMissing says so of" : `HTTP ${status} from`;
    const verdict = status === 0 ? "by its index" : `${answer} ${url}`;
    const message = isEmpty
      ? `the mirror does not store this block (${verdict}); emptyBlock: "zero" would take it for zeros`
      : `the server has no such tile (${verdict}); missingTile: "fill" would fill it`;
    throw tileErrorFrom({ reason: "missing", message, url, status }, retries + 1, position);
  }

  /** Requests a block from the scheduler, and logs its retries while it is under way. */
  async #ask(block: BlockIndex, isKept: boolean): Promise<BlockOutcome> {
    const { scheduler, log, regionBlocks } = this.#context;
    let retries = 0;
    let thrown: { readonly error: unknown } | undefined;
    const onRetry = (): void => {
      if (this.#signal.aborted) return;
      retries++;
      try {
        log.retrying(1);
      } catch (error) {
        // Other callers may share the request, so an error of this caller's callback must not reject it.
        thrown ??= { error };
      }
    };
    let outcome: BlockOutcome;
    try {
      const request = this.#source.requests.request(block);
      outcome = await scheduler.request({ ...request, isKept, regionBlocks, onRetry }, this.#signal);
    } finally {
      // From here on the block's outcome or error accounts for its retries.
      log.retrying(-retries);
    }
    if (thrown !== undefined) throw thrown.error;
    return outcome;
  }

  async #afterFailure(block: BlockIndex, error: unknown): Promise<TakenOver | FillCause> {
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
    log.failed(this.#reported(block), error);
    return "failed";
  }

  /** Whether the cache keeps a block: at least if the stack has voxels of it that this step does not use. */
  #isKept({ first, box }: BlockStep): boolean {
    if (this.#context.keepsAllBlocks) return true;
    const { blockShape, covered } = this.#source.level;
    return ([0, 1, 2] as const).some(
      (axis) =>
        Math.max(first[axis], covered.lower[axis]) < box.lower[axis] ||
        Math.min(first[axis] + blockShape[axis], covered.upper[axis]) > box.upper[axis],
    );
  }

  #put(block: Block, step: BlockStep): void | Promise<void> {
    const cause = this.#noteLacking(step.box, [block, step]);
    return this.#sink.putBlock(block, step.first, step.box, cause);
  }

  /**
   * Logs what blocks lack of the box that they should serve, since it is filled. A block that ends before the last whole
   * voxel of the stack is short. The last voxel of a level may lie partly outside the stack, and counts as outside if
   * the block ends before it.
   */
  #noteLacking(box: ScaledBox, ...served: readonly [Block, BlockPlace][]): FillCause | undefined {
    const { wholeVoxels, log } = this.#context;
    const { plan, requests } = this.#source;
    const { lower, upper } = box;
    const end: [number, number, number] = [...upper];
    for (const [{ shape }, { block, first }] of served) {
      for (const axis of [0, 1, 2] as const) {
        end[axis] = Math.min(end[axis], first[axis] + shape[axis]);
        if (end[axis] < Math.min(upper[axis], wholeVoxels[axis])) {
          log.short(this.#reported(block), requests.url(block));
          return "short-tile";
        }
      }
    }
    if (end[0] < upper[0] || end[1] < upper[1] || end[2] < upper[2]) {
      const held = intersectBoxes(box, { lower, upper: end });
      log.outside(plan.countVoxels(box) - (held === undefined ? 0 : plan.countVoxels(held)));
    }
    return undefined;
  }

  #reported(block: BlockIndex): ReportedBlock {
    return reported(block, this.#source.source);
  }
}

/** Number of blocks that the report counts for a step. */
export function blocksOf({ kind }: PlanStep): number {
  if (kind === "outside") return 0;
  return kind === "blend" ? 2 : 1;
}
