import { getEventListeners } from "node:events";
import { Worker } from "node:worker_threads";
import workerSource from "virtual:node-tile-worker-source";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { ThreadedImageFetcher } from "../../../src/fetcher/threaded-image-fetcher.js";
import { ChunkedWriter } from "../../../src/out/chunked/chunked-writer.js";
import { type CompressionOption, outCompression } from "../../../src/out/packing/compression-option.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import { omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Bytes } from "../../../src/space/bytes.js";
import { filesOf } from "../../support/exports/export-volume.js";
import { packHere } from "../../support/exports/write-dataset.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import type { Script } from "../../support/model/model-server.js";
import { ModelServer } from "../../support/model/model-server.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";
import { packedInWorkers } from "../../support/pools/packed-in-workers.js";

afterEach(closeSharedPools);

// Nine columns and eight rows of tiles of 64 × 48.
const stack = modelStack({ dimension: { x: 576, y: 384, z: 4 } });

/** A region of so many tiles of one section. */
function tiles(rows: number, columns: number, z = 0): readonly [Triple, Triple] {
  return [
    [z, 0, 0],
    [z + 1, 48 * rows, 64 * columns],
  ];
}

function expected([lower, upper]: readonly [Triple, Triple]): Uint8Array {
  const region = { lower, upper } as const;
  return expectedVolume(stack, region).data;
}

/** Workers that were started, and the blocks that they were given. */
class CountedWorkers {
  started = 0;
  jobs = 0;
  readonly create = (): Worker => {
    this.started++;
    const worker = new Worker(workerSource, { eval: true });
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message, ...more) => {
      if (message.path?.[0] === "run") this.jobs++;
      post(message, ...more);
    };
    return worker;
  };
}

interface Setting {
  readonly server: ModelServer;
  readonly workers: CountedWorkers;
  readonly warnings: string[];
  readonly open: () => ImageFetcher;
}

async function setting(script?: Script, createWorker?: () => Worker): Promise<Setting> {
  const server = await ModelServer.start(stack, script);
  onTestFinished(() => server.close());
  const workers = new CountedWorkers();
  const warnings: string[] = [];
  const options = {
    threads: 2,
    createWorker: createWorker ?? workers.create,
    onWarning: (message: string) => warnings.push(message),
  };
  const open = (): ImageFetcher => {
    const fetcher = ThreadedImageFetcher.fromStackInfo(modelStackInfo(stack, [server.base()]), options);
    onTestFinished(() => fetcher.close());
    return fetcher;
  };
  return { server, workers, warnings, open };
}

describe("in Node, blocks are fetched and decoded", () => {
  test.each([
    ["of 1 block", tiles(1, 1), 0],
    ["of 63 blocks", tiles(7, 9), 0],
    ["of 64 blocks", tiles(8, 8), 64],
  ])("in the calling thread for a region of few, in workers for one of many: %s", async (_, roi, jobs) => {
    const { workers, open, server } = await setting();
    const { data, report } = await open().get(roi);
    expect(data).toEqual(expected(roi));
    expect(workers.jobs).toBe(jobs);
    expect(workers.started > 0).toBe(jobs > 0);
    expect(report.blocks.fetched).toBe(server.requests.length);
  });

  test("each region in its own place, while both are under way", async () => {
    const { workers, open } = await setting();
    const fetcher = open();
    const [few, many] = [tiles(3, 5, 0), tiles(8, 9, 1)];
    const [small, large] = await Promise.all([fetcher.get(few), fetcher.get(many)]);
    expect(small.data).toEqual(expected(few));
    expect(large.data).toEqual(expected(many));
    expect(workers.jobs).toBe(72);
  });

  test("in workers for all portions of a large region, however small they are", async () => {
    const { workers, open } = await setting();
    await open().get(tiles(8, 9), { out: { chunkShape: [1, 48, 64], write() {} } });
    expect(workers.jobs).toBe(72);
  });

  test("a broken section that takes another's blocks makes the region no larger", async () => {
    const { server, workers, warnings } = await setting();
    const info = { ...modelStackInfo(stack, [server.base()]), broken_slices: { 1: 1 } };
    const fetcher = ThreadedImageFetcher.fromStackInfo(info, {
      threads: 2,
      createWorker: workers.create,
      brokenSliceHandling: "above",
    });
    onTestFinished(() => fetcher.close());
    const [lower, upper] = tiles(5, 8);
    await fetcher.get([lower, [2, upper[1], upper[2]]]);
    expect([workers.started, server.requests.length, warnings]).toEqual([0, 40, []]);
  });

  test("a probe of mirrors starts no worker", async () => {
    const { workers, open } = await setting();
    expect(await open().probeMirrors({ reps: 2 })).toMatchObject([{ ok: true }]);
    expect(workers.started).toBe(0);
  });

  test("in workers that fetchers share, and that stay warm from one to the next", async () => {
    const { workers, open } = await setting();
    const [one, other] = [open(), open()];
    await Promise.all([one.get(tiles(8, 8)), other.get(tiles(8, 8, 1))]);
    const { started } = workers;
    expect(started).toBe(2);
    await Promise.all([one.close(), other.close()]);
    await open().get(tiles(8, 8, 2));
    expect(workers).toMatchObject({ started, jobs: 3 * 64 });
  });

  test("where no worker can be started, in the calling thread, which says so with the first large region", async () => {
    const { open, warnings } = await setting(undefined, () => {
      throw new Error("no workers here");
    });
    const fetcher = open();
    await fetcher.get(tiles(7, 9));
    expect(warnings).toEqual([]);
    const roi = tiles(8, 9, 1);
    expect((await fetcher.get(roi)).data).toEqual(expected(roi));
    expect(warnings).toEqual([expect.stringContaining("No tile worker could be started")]);
  });
});

describe.each([
  ["the calling thread", tiles(3, 5)],
  ["workers", tiles(8, 8)],
])("a region that is done in %s", (_name, roi) => {
  const [, [, height, width]] = roi;
  const inFlight = Math.min(32, (height / 48) * (width / 64));

  test("ends its requests when it is aborted, and leaves no listener", async () => {
    const { open, server } = await setting(() => "hold");
    const controller = new AbortController();
    const { signal } = controller;
    const fetching = open().get(roi, { signal });
    await server.until(({ held }) => held === inFlight);
    controller.abort("enough");
    await expect(fetching).rejects.toBe("enough");
    await server.until(({ disconnects }) => disconnects === inFlight);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(server.requests).toHaveLength(inFlight);
  });

  test("ends its requests when its fetcher is closed, and not those of another", async () => {
    const { open, server } = await setting(({ depth }) => (depth === 0 ? "hold" : undefined));
    const [mine, other] = [open(), open()];
    const fetching = mine.get(roi).catch((error: unknown) => error);
    await server.until(({ held }) => held === inFlight);
    const [[, ...first], [, ...last]] = roi;
    const theirs = [
      [1, ...first],
      [2, ...last],
    ] as const;
    const going = other.get(theirs);
    await mine.close();
    expect(await fetching).toMatchObject({ code: "closed" });
    expect((await going).data).toEqual(expected(theirs));
    await server.until(({ disconnects }) => disconnects === inFlight);
  });

  test("ends its requests at the time limit", async () => {
    const { server, workers } = await setting(() => "stall");
    const info = modelStackInfo(stack, [server.base()]);
    const options = { createWorker: workers.create, timeoutMs: 300, retry: { attempts: 1 } };
    const fetcher = ThreadedImageFetcher.fromStackInfo(info, options);
    onTestFinished(() => fetcher.close());
    await expect(fetcher.get(roi)).rejects.toMatchObject({ code: "tile-fetch", reason: "timeout" });
    await server.until(({ disconnects, requests }) => disconnects === requests.length);
  });
});

describe("in Node, files of an export are packed", () => {
  const roi = tiles(3, 5);
  const chunkShape: Triple = [1, 48, 64];

  const exported = async (fetcher: ImageFetcher, compression: CompressionOption): Promise<MemoryStore> => {
    const store = new MemoryStore();
    const format = omeZarrFormat({ version: "0.4", chunkShape, compression });
    await fetcher.get(roi, { out: new ChunkedWriter(store, format, { levels: 2 }) });
    return store;
  };

  test.each([
    { kind: "gzip", level: 1 },
    { kind: "zlib", level: 9 },
    { kind: "zstd", level: 1 },
    { kind: "zstd", level: 19 },
    { kind: "blosc", level: 5 },
  ] as const)(
    "in workers where there are some, to the same bytes as without: $kind of level $level",
    async (compression) => {
      const packed = packedInWorkers();
      const { server, open } = await setting();
      const store = await exported(open(), compression);
      const isCodec = compression.kind === "zstd" || compression.kind === "blosc";
      // The tiles of the volume, and the 2 × 3 files of the level that is computed.
      expect(packed).toEqual(Array(15 + 6).fill(isCodec ? "codec" : compression.kind));
      const here = ImageFetcher.fromStackInfo(modelStackInfo(stack, [server.base()]));
      onTestFinished(() => here.close());
      expect(await filesOf(await exported(here, compression))).toEqual(await filesOf(store));
      expect(packed).toHaveLength(15 + 6);
      expect(await store.get("0/0/0/0")).toEqual(
        await packHere(expected(tiles(1, 1)) as Bytes, outCompression(compression, "uint8")),
      );
    },
  );
});
