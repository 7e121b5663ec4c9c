import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { ThreadedImageFetcher } from "../../../src/fetcher/threaded-image-fetcher.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { describeImageFetcher } from "../../support/fetching/fetcher-conformance.js";
import { describeRefusals } from "../../support/fetching/fetcher-refusals.js";
import { bothPlaces, fetcherKinds, openFetcher } from "../../support/fetching/open-fetcher.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import { ModelServer } from "../../support/model/model-server.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

for (const [name, make] of bothPlaces) {
  describeImageFetcher(name, make);
  describeRefusals(name, make);
}

const roi = [
  [0, 0, 0],
  [2, 107, 150],
] as const;

test("both fetchers give the same voxels and the same report", async () => {
  const volumes = [];
  for (const [, make] of fetcherKinds) {
    const { fetcher, warnings } = await openFetcher(make);
    const { data, report } = await fetcher.get(roi);
    const { mirror: _, ...rest } = report;
    volumes.push({ data, ...rest });
    // No word of workers that could not be started: the threaded one is threaded.
    expect(warnings).toEqual([]);
  }
  expect(volumes[1]).toEqual(volumes[0]);
});

describe.each(fetcherKinds)("%s", (_name, make) => {
  test("without a cache, fetches that share tiles, at once and one after the other, spoil nothing for each other", async () => {
    const { fetcher, server } = await openFetcher(make, { options: { cacheBytes: 0 } });
    const corners = [
      roi,
      [[0, 10, 20], roi[1]],
      [roi[0], [2, 60, 80]],
      [
        [1, 30, 0],
        [2, 107, 150],
      ],
    ] as const;
    const expected = corners.map(([lower, upper]) => expectedVolume(server.stack, { lower, upper }));
    for (let round = 0; round < 3; round++) {
      const volumes = await Promise.all([...corners, roi].map((region) => fetcher.get(region)));
      expect(volumes.map(({ data }) => data)).toEqual(
        [...expected, expected[0]].map((volume) => volume?.data),
      );
    }
  });

  test("a fetch function of the caller's is used for every tile, and its errors are told", async () => {
    const asked: string[] = [];
    let fails = false;
    const { fetcher, server } = await openFetcher(make, {
      options: {
        fetch: async (url, init) => {
          asked.push(String(url));
          if (fails) throw new Error("offline");
          return fetch(url, init);
        },
      },
    });
    const { report } = await fetcher.get(roi);
    expect(report.tiles.fetched).toBe(18);
    expect(asked.map((url) => new URL(url).pathname).sort()).toEqual(server.paths.sort());
    fails = true;
    fetcher.clearCache();
    await expect(fetcher.get(roi)).rejects.toMatchObject({
      code: "tile-fetch",
      message: expect.stringContaining("offline"),
    });
    expect(server.requests).toHaveLength(18);
  });

  test("a region in nanometres of a stack that lies XZ warns once, and keeps the stack's axes", async () => {
    const { fetcher, warnings } = await openFetcher(make, {
      info: () => ({ orientation: 1, translation: { x: 0, y: 0, z: 0 } }),
    });
    // Columns are project z, y, x; stack z runs along project y, and stack y along project z.
    const nm = [
      [5 * 10, 35 * 2, 4 * 20],
      [5 * 30, 35 * 4, 4 * 60],
    ] as const;
    const volume = await fetcher.getProjectSpace(nm);
    expect(volume).toMatchObject({ shape: [2, 20, 40], origin: [2, 10, 20] });
    await fetcher.getProjectSpace(nm);
    await fetcher.getStackSpace(roi);
    expect(warnings).toEqual([expect.stringContaining("the stack lies xz in project space")]);
  });
});

test("both start from CATMAID itself", async () => {
  const server = await ModelServer.start(modelStack());
  onTestFinished(() => server.close());
  const paths: string[] = [];
  const client = {
    projectId: 4,
    get: async (path: string): Promise<unknown> => {
      paths.push(path);
      return modelStackInfo(modelStack(), [server.base()]);
    },
  };
  for (const Fetcher of [ImageFetcher, ThreadedImageFetcher]) {
    await using fetcher = await Fetcher.fromCatmaid(client, 7, { fillValue: 3 });
    expect(fetcher).toBeInstanceOf(Fetcher);
    expect((await fetcher.get(roi)).report.tiles.fetched).toBe(18);
  }
  expect(paths).toEqual(["4/stack/7/info", "4/stack/7/info"]);
});

test("a factory makes a fetcher of its own class", () => {
  const info = modelStackInfo(modelStack(), ["http://host/"]);
  expect(ImageFetcher.fromStackInfo(info)).not.toBeInstanceOf(ThreadedImageFetcher);
  expect(ThreadedImageFetcher.fromStackInfo(info)).toBeInstanceOf(ThreadedImageFetcher);
});

test("threads, createWorker and keepWorkersMs are checked", () => {
  const info = modelStackInfo(modelStack(), ["http://host/"]);
  for (const options of [
    { threads: 0 },
    { threads: 1.5 },
    { threads: 257 },
    { threads: "4" },
    { createWorker: {} },
    { keepWorkersMs: -1 },
    { keepWorkersMs: Number.POSITIVE_INFINITY },
  ]) {
    expect(() => ThreadedImageFetcher.fromStackInfo(info, options as { threads: number })).toThrow(
      expect.objectContaining({
        code: "invalid-option",
        message: expect.stringMatching(/^(threads|createWorker|keepWorkersMs) must be/),
      }),
    );
  }
});
