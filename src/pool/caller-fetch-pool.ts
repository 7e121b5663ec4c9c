import type { TileFetch } from "../../workers/fetch-transport.js";
import type { TileJob, TileResult } from "../../workers/protocol.js";
import { OpenJobs } from "./open-jobs.js";
import type { TilePool } from "./tile-pool.js";

/** A pool that fetches with the caller's own `fetch`, in the calling thread, and leaves the decoding to another pool. */
export function createCallerFetchPool(inner: TilePool, fetchTile: TileFetch): TilePool {
  const jobs = new OpenJobs();
  return {
    get kind() {
      return inner.kind;
    },
    run(job: TileJob, signal: AbortSignal): Promise<TileResult> {
      return jobs.run(signal, (jobSignal) => run(job, fetchTile, inner, jobSignal));
    },
    close: () => inner.close(),
  };
}

async function run(
  job: TileJob,
  fetchTileBytes: TileFetch,
  inner: TilePool,
  signal: AbortSignal,
): Promise<TileResult> {
  const [{ fetchTile }, { createFetchTransport }] = await Promise.all([
    import("../../workers/fetch-tile.js"),
    import("../../workers/fetch-transport.js"),
  ]);
  const transport = createFetchTransport(fetchTileBytes, () => "failed in the fetch function that was given");
  const fetched = await fetchTile(job, signal, transport);
  if (fetched.kind !== "body") return fetched;
  return inner.run({ ...job, body: fetched.body, headers: {} }, signal);
}
