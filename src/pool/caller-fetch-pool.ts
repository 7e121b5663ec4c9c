import type { BlockJob, BlockResult } from "../../workers/protocol.js";
import type { TileFetch } from "../../workers/transport/fetch-transport.js";
import type { TileTransport } from "../../workers/transport/tile-transport.js";
import { ClosedError } from "../errors.js";
import type { BlockPool } from "./block-pool.js";
import { OpenJobs } from "./open-jobs.js";

/** A pool that fetches with the caller's own `fetch`, in the calling thread, and leaves the decoding to another pool. */
export function createCallerFetchPool(inner: BlockPool, fetchTile: TileFetch): BlockPool {
  const jobs = new OpenJobs();
  let closed = false;
  return {
    get kind() {
      return inner.kind;
    },
    run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
      if (closed) return Promise.reject(new ClosedError("the tile pool is closed"));
      return jobs.run(signal, (jobSignal) => run(job, fetchTile, inner, jobSignal));
    },
    expect: (tiles) => inner.expect?.(tiles),
    async close(): Promise<void> {
      closed = true;
      jobs.rejectAll(new ClosedError("the tile pool was closed while a tile was awaited"));
      await inner.close();
    },
  };
}

async function run(
  job: BlockJob,
  fetchTileBytes: TileFetch,
  inner: BlockPool,
  signal: AbortSignal,
): Promise<BlockResult> {
  if (job.body !== undefined) return inner.run(job, signal);
  const [{ fetchTile }, { createFetchTransport }] = await Promise.all([
    import("../../workers/transport/fetch-tile.js"),
    import("../../workers/transport/fetch-transport.js"),
  ]);
  const transport = createFetchTransport(fetchTileBytes, () => "failed in the fetch function that was given");
  const fetched = await fetchTile(job, signal, endedByAbort(transport));
  if (fetched.kind !== "body") return fetched;
  return inner.run({ ...job, body: fetched.body, headers: {} }, signal);
}

/** A function that was given may pay no heed to its signal; the time limit must hold all the same. */
function endedByAbort(transport: TileTransport): TileTransport {
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
