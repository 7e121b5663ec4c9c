import { once } from "node:events";
import { Worker } from "node:worker_threads";
import workerSource from "virtual:node-tile-worker-source";
import { afterAll, expect, test } from "vitest";
import { ThreadedImageFetcher } from "../../../src/fetcher/threaded-image-fetcher.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { expectNoComplaints } from "../../support/fetching/expect-no-complaints.js";
import { openFetcher } from "../../support/fetching/open-fetcher.js";
import { expectedVolume } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

expectNoComplaints();

const lower = [1, 30, 50] as const;
const upper = [12, 80, 145] as const; // 11 sections × 2 rows × 3 columns: enough for workers
const region = { lower, upper } as const;

/** The library's worker, until a tile comes with which it takes all the memory that a thread may have. */
function hungryWorker(fatalTile: number): Worker {
  // A list of small objects: over `Array.fill`, Node 24 ends the process instead of the thread, or nothing at all.
  const source = `${workerSource}
    let tiles = 0;
    const eat = ({ path }) => {
      if (path?.[0] !== "run" || ++tiles < ${fatalTile}) return;
      for (let eaten; ; ) eaten = { eaten, more: [1, 2, 3, 4] };
    };
    require("node:worker_threads").parentPort.on("message", eat);`;
  return new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 24 } });
}

test.each([
  ["first", 1],
  ["sixth", 6],
] as const)(
  "a worker that runs out of memory over its %s tile is replaced, and no voxel is lost",
  async (_which, fatalTile) => {
    const died: Promise<[NodeJS.ErrnoException]>[] = [];
    let started = 0;
    const createWorker = (): Worker => {
      if (++started > 1) return new Worker(workerSource, { eval: true });
      const worker = hungryWorker(fatalTile);
      died.push(once(worker, "error") as Promise<[NodeJS.ErrnoException]>);
      return worker;
    };
    const { fetcher, server, warnings } = await openFetcher(
      (info, options) => ThreadedImageFetcher.fromStackInfo(info, { threads: 1, createWorker, ...options }),
      { options: { maxRequests: 4 } },
    );
    const { data, report } = await fetcher.get([lower, upper]);
    expect(data).toEqual(expectedVolume(server.stack, region).data);
    expect(report).toMatchObject({ tiles: { planned: 66, fetched: 66, filled: 0 }, retries: 0, filled: [] });
    expect(await Promise.all(died)).toMatchObject([[{ code: "ERR_WORKER_OUT_OF_MEMORY" }]]);
    expect(started).toBe(2);
    expect(warnings).toEqual([]);
  },
);
