import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { ThreadTurn } from "../concurrency/thread-turn.js";
import { ClosedError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { OpenJobs } from "./open-jobs.js";

/** A pool that can say how much it has to do. */
export interface InProcessPool extends BlockPool {
  /** How many jobs it is doing. */
  readonly load: number;
}

/** A pool that fetches and decodes in the calling thread; its code is loaded with the first job. */
export function createInProcessPool(): InProcessPool {
  const jobs = new OpenJobs();
  let closed = false;
  let code: Promise<typeof import("../../workers/run-job.js")> | undefined;

  const loadCode = async (): Promise<typeof import("../../workers/run-job.js")> => {
    code ??= import("../../workers/run-job.js");
    try {
      return await code;
    } catch (error) {
      code = undefined;
      throw error;
    }
  };

  return {
    kind: "in-process",
    get load() {
      return jobs.size;
    },
    run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      return jobs.run(signal, async (inner) => (await loadCode()).runJob(job, inner, new ThreadTurn(inner)));
    },
    async close(): Promise<void> {
      closed = true;
      jobs.rejectAll(new ClosedError("the tile pool was closed while a tile was awaited"));
    },
  };
}
