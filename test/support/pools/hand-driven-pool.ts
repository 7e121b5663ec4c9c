import type { BlockPool } from "../../../src/pool/block-pool.js";
import type { BlockJob, BlockResult } from "../../../workers/protocol.js";
import { tileCodec } from "../model/test-tiles.js";

/** A job that waits for the test to end it. */
export interface HeldJob {
  readonly job: BlockJob;
  readonly signal: AbortSignal;
  resolve(result: BlockResult): void;
  reject(reason: unknown): void;
}

/** A pool whose jobs end when the test says so, or when they are aborted. It uses no timers. */
export class HandDrivenPool implements BlockPool {
  readonly kind = "in-process" as const;
  /** Jobs that have not ended, in the order in which they came. */
  readonly open: HeldJob[] = [];
  /** URLs of all jobs so far. */
  readonly started: string[] = [];
  /** URLs of the jobs that were aborted. */
  readonly aborted: string[] = [];
  /** The largest number of jobs that were open at the same time. */
  mostOpen = 0;

  run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
    if (signal.aborted) return Promise.reject(signal.reason);
    this.started.push(job.url);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal.removeEventListener("abort", onAbort);
        const index = this.open.indexOf(held);
        if (index >= 0) this.open.splice(index, 1);
      };
      const onAbort = (): void => {
        this.aborted.push(job.url);
        leave();
        reject(signal.reason);
      };
      const held: HeldJob = {
        job,
        signal,
        resolve(result) {
          leave();
          resolve(result);
        },
        reject(reason) {
          leave();
          reject(reason);
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.open.push(held);
      this.mostOpen = Math.max(this.mostOpen, this.open.length);
    });
  }

  /** Ends the job with a URL. */
  end(url: string, result: BlockResult): void {
    const held = this.open.find(({ job }) => job.url === url);
    if (held === undefined) throw new Error(`no job is open for ${url}`);
    held.resolve(result);
  }

  async close(): Promise<void> {}
}

/** A job whose details do not matter. */
export function plainJob(url: string): BlockJob {
  return {
    url,
    headers: {},
    codec: tileCodec,
    shape: [1, 2, 2],
    timeoutMs: 1000,
    missingStatuses: [404],
    maxBodyBytes: 1000,
  };
}

/** A block of 2 × 2 voxels with the same value. */
export function plainBlock(value: number): BlockResult {
  const data = new Uint8Array(4).fill(value);
  return { kind: "block", data, shape: [1, 2, 2], bodyBytes: 10 + value, decoder: "png-ts" };
}

/** A failed result. */
export function failure(
  status: number,
  more: {
    readonly reason?: "http" | "network" | "timeout" | "unsupported-image" | "worker";
    readonly retryAfterMs?: number;
  } = {},
): BlockResult {
  const { reason = "http", ...rest } = more;
  return {
    kind: "error",
    error: { reason, message: `answered with ${status}`, url: "http://host/tile", status, ...rest },
  };
}

/** Waits until everything has run that depends only on promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
