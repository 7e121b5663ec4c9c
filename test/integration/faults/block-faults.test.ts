import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { blockArray, blockMirrorInfo } from "../../support/blocks/block-arrays.js";
import { openBlocks } from "../../support/blocks/open-blocks.js";
import { type MakeFetcher, oneKind } from "../../support/fetching/fetcher-kinds.js";
import { blocksFolder, type FileFault, type ServedFile } from "../../support/servers/block-server.js";
import { sha256 } from "../../support/sha-256.js";

afterAll(closeSharedPools);

const n5 = "n5_byhand/gzip";
const plain = "precomputed/raw/s0";
const sharded = "precomputed/sharded_murmur_gzip_cseg/s0";
const split = "precomputed/sharded_legacy_split/s0";

const isMetadata = ({ file }: ServedFile): boolean => /(?:attributes\.json|info)$/.test(file);
/** An index of a shard begins with its file. */
const isIndex = ({ range, file }: ServedFile): boolean =>
  range !== undefined && (range[0] === 0 || file.endsWith(".index"));

/** Points so near to each other that one lies in every block. */
function pointsInAllBlocks(shape: readonly number[]): { x: number; y: number; z: number }[] {
  const [zs = [], ys = [], xs = []] = shape.map((side) =>
    Array.from({ length: Math.ceil(side / 8) }, (_, i) => 8 * i),
  );
  return zs.flatMap((z) => ys.flatMap((y) => xs.map((x) => ({ x, y, z }))));
}

const things: readonly (readonly [string, string, (file: ServedFile) => boolean])[] = [
  ["attributes", n5, isMetadata],
  ["a block of N5", n5, (file) => !isMetadata(file)],
  ["info", plain, isMetadata],
  ["a chunk", plain, (file) => !isMetadata(file)],
  ["the index of a shard", sharded, isIndex],
  ["an old index of a shard", split, isIndex],
  ["a part of a shard", sharded, (file) => file.range !== undefined && !isIndex(file)],
];

const passing: readonly (readonly [string, FileFault])[] = [
  ["is answered with 500", { status: 500 }],
  ["is answered with 503", { status: 503, headers: { "Retry-After": "0" } }],
  ["is reset", "reset"],
  ["is cut short", "cut"],
];

describe.each(oneKind)("%s: blocks", (_name, make) => {
  describe.each(things)("%s", (_thing, name, isIt) => {
    test.each(passing)("that %s once is asked for again", async (_what, fault) => {
      const { fetcher, array, all } = await openBlocks(make, name, {
        script: (file) => (isIt(file) && file.attempt === 1 ? fault : undefined),
      });
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(array.sha256);
      expect(report.filled).toEqual([]);
    });

    test("that is always answered with 500 is an error of three attempts, never an empty block", async () => {
      const { fetcher, server, all } = await openBlocks(make, name, {
        script: (file) => (isIt(file) ? { status: 500 } : undefined),
        options: { maxRequests: 1 },
      });
      const error = await fetcher.get(all).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "tile-fetch", reason: "http", status: 500, attempts: 3 });
      expect(String(error)).toContain(server.origin);
    });
  });

  test("trap 26: 403 is no empty block unless missingStatuses says so", async () => {
    const isGone = ({ file }: ServedFile): boolean => file.endsWith("/1/1/0");
    const script = (file: ServedFile): FileFault | undefined => (isGone(file) ? { status: 403 } : undefined);
    const refused = await openBlocks(make, n5, { script });
    await expect(refused.fetcher.get(refused.all)).rejects.toMatchObject({ reason: "http", status: 403 });
    const declared = await openBlocks(make, n5, {
      script,
      options: { missingStatuses: [403, 404], missingTile: "throw", fillValue: 9 },
    });
    const { data, report } = await declared.fetcher.get(declared.all);
    // The same block is the one that this array lacks.
    expect(await sha256(data)).toBe(blockArray("n5_byhand/missing_1_1_0").sha256);
    expect(report.blocks).toMatchObject({ fetched: 7, empty: 1, filled: 0, planned: 8 });
    expect(declared.warnings).toEqual([]);
  });

  test.each(["n5_zarrpy/missing_gzip", "precomputed/raw_missing/s0", "precomputed/sharded_missing/s0"])(
    "trap 26: an absent block of %s is 0 and counted as empty, whatever the fill value and missingTile",
    async (name) => {
      const { fetcher, array, all } = await openBlocks(make, name, {
        options: { fillValue: 77, missingTile: "throw" },
      });
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(array.sha256);
      expect(report.blocks.empty).toBeGreaterThan(0);
      expect(report.blocks.fetched + report.blocks.empty).toBe(report.blocks.planned);
      expect(report.filled).toEqual([]);
      expect(report.fills.missing).toBe(0);
    },
  );

  test.each([
    ["n5_zarrpy/missing_gzip", 404, /does not store this block \(HTTP 404 from http.*\); emptyBlock: "zero"/],
    [
      "precomputed/raw_missing/s0",
      404,
      /does not store this block \(HTTP 404 from http.*\); emptyBlock: "zero"/,
    ],
    ["precomputed/sharded_missing/s0", 0, /does not store this block \(by its index\); emptyBlock: "zero"/],
  ])('trap 26: emptyBlock: "throw" makes an absent block of %s an error', async (name, status, message) => {
    const { fetcher, array, all } = await openBlocks(make, name, { options: { emptyBlock: "throw" } });
    const error = { name: "TileMissingError", status, message: expect.stringMatching(message) };
    await expect(fetcher.get(all)).rejects.toMatchObject(error);
    await expect(fetcher.sample(pointsInAllBlocks(array.shape))).rejects.toMatchObject(error);
    const { data } = await fetcher.get(all, { emptyBlock: "zero" });
    expect(await sha256(data)).toBe(array.sha256);
  });

  test.each([n5, plain])(
    "trap 26: an absent block of %s takes no more memory than the array, whatever the block size",
    async (name) => {
      const enlarged = (_key: string, value: unknown): unknown =>
        JSON.stringify(value) === "[30,16,10]" ? [1e6, 1e6, 1e6] : value;
      const { fetcher, all } = await openBlocks(make, name, {
        script: (file) => {
          if (!isMetadata(file)) return { status: 404 };
          const metadata: unknown = JSON.parse(readFileSync(blocksFolder + file.file, "utf8"), enlarged);
          return { bytes: new TextEncoder().encode(JSON.stringify(metadata)) };
        },
      });
      const { data, report } = await fetcher.get(all);
      expect(new Set(data)).toEqual(new Set([0]));
      expect(report.blocks).toMatchObject({ planned: 1, empty: 1 });
    },
  );

  test.each([n5, plain, sharded])("trap 26: a region of %s without one block warns, once", async (name) => {
    const { fetcher, warnings, all } = await openBlocks(make, name, {
      script: (file) => (isMetadata(file) ? undefined : { status: 404 }),
    });
    const { data, report } = await fetcher.get(all);
    await fetcher.get(all);
    expect(new Set(Array.from(data, Number))).toEqual(new Set([0]));
    expect(report.blocks).toMatchObject({ fetched: 0, filled: 0, empty: report.blocks.planned });
    expect(warnings).toEqual([expect.stringContaining("image_base")]);
  });

  test("trap 26: a shard that an index promises and that is gone is an error, no empty block", async () => {
    const { fetcher, all } = await openBlocks(make, sharded, {
      script: (file) => (file.range !== undefined && !isIndex(file) ? { status: 404 } : undefined),
    });
    await expect(fetcher.get(all)).rejects.toMatchObject({
      name: expect.stringMatching(/^Tile(?:Fetch|Decode)Error$/),
    });
  });

  test.each(["whole", "unnamed"] as const)(
    "trap 21: a range that is answered with the part in another way (%s) is used, of plain and of old shards",
    async (fault) => {
      for (const name of [sharded, split, "precomputed/sharded_identity_raw/s0"]) {
        const { fetcher, array, all } = await openBlocks(make, name, {
          script: ({ range }) => (range === undefined ? undefined : fault),
        });
        expect(await sha256((await fetcher.get(all)).data)).toBe(array.sha256);
      }
    },
  );

  test.each([
    ["shifted", { code: "tile-fetch", reason: "wrong-range" }],
    ["shorter", { code: "tile-fetch", reason: "wrong-range" }],
    ["outside", { code: "tile-fetch", reason: "http", status: 416 }],
  ] as const)(
    "trap 21: a range that is answered with something else (%s) is an error",
    async (fault, error) => {
      for (const isIt of [isIndex, (file: ServedFile) => file.range !== undefined && !isIndex(file)]) {
        for (const name of [sharded, "precomputed/sharded_identity_raw/s0"]) {
          const { fetcher, all } = await openBlocks(make, name, {
            script: (file) => (isIt(file) ? fault : undefined),
          });
          await expect(fetcher.get(all)).rejects.toMatchObject(error);
        }
      }
    },
  );

  test("trap 21: a part of a shard that is packed for the way (Content-Encoding) is unpacked", async () => {
    const { fetcher, array, all } = await openBlocks(make, "precomputed/sharded_identity_raw/s0", {
      script: ({ range }) => (range === undefined ? undefined : "gzip"),
    });
    expect(await sha256((await fetcher.get(all)).data)).toBe(array.sha256);
  });

  test.each([n5, plain, sharded])("trap 30: after an abort of %s no request starts", async (name) => {
    await stopsAfterAbort(make, name, isMetadata);
    await stopsAfterAbort(make, name, (file) => !isMetadata(file));
  });

  test.each([n5, plain])("trap 30: after the first error of %s no request starts", async (name) => {
    let refused = 0;
    const { fetcher, server, all } = await openBlocks(make, name, {
      script: (file) => {
        if (isMetadata(file)) return undefined;
        refused++;
        return { status: 401 };
      },
      options: { maxRequests: 1 },
    });
    await expect(fetcher.get(all)).rejects.toMatchObject({ status: 401 });
    // Answered after all that was sent before it.
    await fetch(`${server.url()}end`);
    expect(refused).toBe(2);
  });

  test("trap 21: a page of HTML in place of a range is no image, however long it is, and asked for again", async () => {
    const page = `<!DOCTYPE html>\n<html>${"<p>Please log in".repeat(2000)}</html>`;
    for (const isIt of [isIndex, (file: ServedFile) => file.range !== undefined && !isIndex(file)]) {
      for (const fault of [{ html: page }, { html: "<html>" }]) {
        const { fetcher, array, all } = await openBlocks(make, "precomputed/sharded_identity_raw/s0", {
          script: (file) => (isIt(file) ? fault : undefined),
        });
        await expect(fetcher.get(all)).rejects.toMatchObject({ reason: "not-an-image", attempts: 3 });
        const again = await openBlocks(make, array.name, {
          script: (file) => (isIt(file) && file.attempt === 1 ? fault : undefined),
        });
        expect(await sha256((await again.fetcher.get(all)).data)).toBe(array.sha256);
      }
    }
  });

  test("a block that never comes is an error of the time limit", async () => {
    const { fetcher, all } = await openBlocks(make, n5, {
      script: (file) => (isMetadata(file) ? undefined : "stall"),
      options: { timeoutMs: 100, retry: { attempts: 1 } },
    });
    await expect(fetcher.get(all)).rejects.toMatchObject({ code: "tile-fetch", reason: "timeout" });
  });

  test.each(things)(
    "%s that is a page of HTML is refused, and onTileError fills no metadata",
    async (...args) => {
      const [thing, name, isIt] = args;
      const { fetcher, all } = await openBlocks(make, name, {
        script: (file) => (isIt(file) ? { html: "<!DOCTYPE html><title>Please log in</title>" } : undefined),
        options: { fillValue: 9 },
      });
      const error = await fetcher.get(all).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: expect.stringMatching(/^(?:tile-fetch|tile-decode|unsupported-mirror)$/),
      });
      if (thing !== "attributes" && thing !== "info") return;
      await expect(fetcher.get(all, { onTileError: "fill" })).rejects.toMatchObject({
        code: "unsupported-mirror",
      });
    },
  );

  test("blocks that cannot be had are filled and named with onTileError", async () => {
    const { fetcher, server, all } = await openBlocks(make, n5, {
      script: ({ file }) => (file.endsWith("/0/1/0") ? { html: "<html>" } : undefined),
      options: { fillValue: 9 },
    });
    const { data, report } = await fetcher.get(all, { onTileError: "fill" });
    expect(report.fills).toMatchObject({ failed: 1 });
    expect(report.filled).toEqual([
      {
        block: { level: 0, at: [0, 1, 0] },
        cause: "failed",
        url: `${server.url()}n5_byhand/gzip/0/1/0`,
        error: expect.objectContaining({ reason: "not-an-image" }),
      },
    ]);
    const at = (z: number, y: number, x: number) => data[(z * 29 + y) * 45 + x];
    expect([at(0, 16, 0), at(9, 28, 29)]).toEqual([9, 9]);
  });

  test("the other mirror of the same host is not asked without failover", async () => {
    const { fetcher, server, all } = await openBlocks(make, n5, {
      script: ({ mirror }) => (mirror === "a" ? { status: 500 } : undefined),
      info: (own) => ({
        mirrors: ["a", "b"].map((mirror, place) => blockMirrorInfo(blockArray(n5), own.url(mirror), place)),
      }),
    });
    await expect(fetcher.get(all)).rejects.toMatchObject({ status: 500 });
    expect(server.requests.filter(({ mirror }) => mirror === "b")).toEqual([]);
  });
});

/** Aborts when the first of some files has been asked for, and answers it then. */
async function stopsAfterAbort(
  make: MakeFetcher,
  name: string,
  isIt: (file: ServedFile) => boolean,
): Promise<void> {
  const { fetcher, server, all } = await openBlocks(make, name, {
    script: (file) => (isIt(file) && file.file !== "end" ? "hold" : undefined),
    options: { maxRequests: 2 },
  });
  const controller = new AbortController();
  const fetching = fetcher.get(all, { signal: controller.signal }).catch((reason: unknown) => reason);
  await server.until(({ held }) => held > 0);
  controller.abort("enough");
  expect(await fetching).toBe("enough");
  server.release();
  // Answered after all that was sent before it.
  await fetch(`${server.url()}end`);
  const before = server.requests.length;
  expect(server.requests.filter(isIt).length).toBeLessThanOrEqual(3);
  await fetch(`${server.url()}end`);
  expect(server.requests).toHaveLength(before + 1);
}
