import { decodersMissing } from "../../workers/decoders-missing.js";
import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import { withController } from "../concurrency/linked-signal.js";
import { ThreadTurn } from "../concurrency/thread-turn.js";
import { ClosedError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { OpenJobs } from "./open-jobs.js";

/** A pool that fetches and decodes in the calling thread; its code is loaded with the first job. */
export function createInProcessPool(): BlockPool {
  const jobs = new OpenJobs();
  let closed = false;
  let code: Promise<typeof import("../../workers/run-job.js")> | undefined;

  const loadCode = async (): Promise<typeof import("../../workers/run-job.js")> => {
    code ??= import("../../workers/run-job.js");
    try {
      return await code;
    } catch (error) {
      code = undefined;
      throw decodersMissing(error);
    }
  };

  const runHere = async (job: BlockJob, signal: AbortSignal): Promise<BlockResult> => {
    const { runJob } = await loadCode();
    return withController([signal], (controller) => runJob(job, controller, new ThreadTurn(signal)));
  };

  return {
    kind: "in-process",
    run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      return jobs.run(signal, () => runHere(job, signal));
    },
    async close(): Promise<void> {
      closed = true;
      jobs.rejectAll(new ClosedError("the tile pool was closed while a tile was awaited"));
    },
  };
}
