import { TileCache } from "../../../src/cache/tile-cache.js";
import type {
  BlockOutcome,
  BlockRequest,
  BlockSchedulerOptions,
} from "../../../src/schedule/block-scheduler.js";
import { BlockScheduler } from "../../../src/schedule/block-scheduler.js";
import type { RetryOptions } from "../../../src/schedule/retry.js";
import { defaultRetry } from "../../../src/schedule/retry.js";
import type { BlockResult } from "../../../workers/protocol.js";
import { HandDrivenPool, plainJob } from "../pools/hand-driven-pool.js";
import { heldWait } from "./held-wait.js";

/** The result for a tile that does not exist. */
export const missing: BlockResult = { kind: "missing", status: 404, bodyBytes: 3 };

/** A request for a tile, named by its key. */
export function request(key: string, changes: Partial<BlockRequest> = {}): BlockRequest {
  return {
    key,
    origin: "http://host",
    position: `tile ${key}`,
    makeJob: () => plainJob(key),
    ...changes,
  };
}

/** A delay between two attempts, which the test ends. */
export interface Sleep {
  readonly ms: number;
  readonly signal: AbortSignal;
  wake(): void;
}

/** A scheduler whose pool, time and random numbers the test controls. */
export function schedulerUnderTest(
  changes: Partial<Omit<BlockSchedulerOptions, "retry">> & { retry?: RetryOptions } = {},
) {
  const pool = new HandDrivenPool();
  const cache = new TileCache();
  const sleeps: Sleep[] = [];
  const delay = (ms: number, signal: AbortSignal): Promise<void> => {
    const { done, end } = heldWait(signal);
    sleeps.push({ ms, signal, wake: end });
    return done;
  };
  const options = { pool, cache, maxRequests: 32, delay, random: () => 0.5, ...changes };
  const scheduler = new BlockScheduler({ ...options, retry: { ...defaultRetry, ...changes.retry } });
  return { pool, cache, sleeps, scheduler };
}

/** The value of a plain block. */
export function voxelOf(outcome: BlockOutcome): number | bigint | undefined {
  return outcome.kind === "block" ? outcome.block.data[0] : undefined;
}
