import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import type { FetchFunction } from "../../workers/transport/fetch-transport.js";
import type { Transport } from "../../workers/transport/transport.js";
import { withController } from "../concurrency/linked-signal.js";
import { ClosedError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { OpenJobs } from "./open-jobs.js";

/** A pool that fetches with the caller's own `fetch`, in the calling thread, and leaves the decoding to another pool. */
export function createCallerFetchPool(inner: BlockPool, fetchFunction: FetchFunction): BlockPool {
  const jobs = new OpenJobs();
  let closed = false;
  return {
    get kind() {
      return inner.kind;
    },
    run(job: BlockJob, signal: AbortSignal, regionBlocks?: number): Promise<BlockResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      return jobs.run(signal, async () => {
        const fetched = job.body === undefined ? await fetchBody(job, fetchFunction, signal) : job;
        return "kind" in fetched ? fetched : inner.run(fetched, signal, regionBlocks);
      });
    },
    async close(): Promise<void> {
      closed = true;
      jobs.rejectAll(new ClosedError("the tile pool was closed while a tile was awaited"));
      await inner.close();
    },
  };
}

/** Fetches the body of a job. Returns the job with the body or, if there is none, the result of the job. */
async function fetchBody(
  job: BlockJob,
  fetchBytes: FetchFunction,
  signal: AbortSignal,
): Promise<BlockJob | BlockResult> {
  const [{ fetchFile }, { createFetchTransport }] = await Promise.all([
    import("../../workers/transport/fetch-file.js"),
    import("../../workers/transport/fetch-transport.js"),
  ]);
  const transport = createFetchTransport(fetchBytes, "failed in the fetch function that was given");
  const fetched = await withController([signal], (controller) =>
    fetchFile(job, controller, endedByAbort(transport)),
  );
  return fetched.kind === "body" ? { ...job, body: fetched.body, headers: {} } : fetched;
}

/** The caller's function may ignore its signal; the time limit must hold all the same. */
function endedByAbort(transport: Transport): Transport {
  return async (request, signal) => {
    let abort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort);
    });
    try {
      return await Promise.race([transport(request, signal), aborted]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };
}
