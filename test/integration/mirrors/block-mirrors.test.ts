import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { FetchReport } from "../../../src/fetch/fetch-report.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { blockArray, blockMirrorInfo, blockStackInfo } from "../../support/blocks/block-arrays.js";
import { entry, openMirrors, tileMirror, voxels } from "../../support/blocks/block-mirrors.js";
import { openBlocks } from "../../support/blocks/open-blocks.js";
import { oneKind, promptRetry } from "../../support/fetching/fetcher-kinds.js";
import { BlockServer, type FileFault } from "../../support/servers/block-server.js";
import { sha256 } from "../../support/sha-256.js";

afterAll(closeSharedPools);

const n5 = "n5_byhand/gzip";
const plain = "precomputed/raw/s0";
const sharded = "precomputed/sharded_defaults/s0";
const secret = "very-secret";

function expectFailover(report: FetchReport, error: object): void {
  expect(report.failovers).toEqual([
    {
      from: expect.objectContaining({ title: "mirror 0" }),
      to: expect.objectContaining({ title: "mirror 1" }),
      error: expect.objectContaining(error),
    },
  ]);
  const { planned, fetched, cached, filled, empty, elsewhere } = report.blocks;
  expect(fetched + cached + filled + empty).toBe(planned);
  expect(elsewhere).toBe(report.elsewhere.length);
  expect(report.mirror.title).toBe("mirror 0");
}

const downs: readonly (readonly [string, FileFault, object])[] = [
  ["answers 500", { status: 500 }, { reason: "http", status: 500 }],
  ["gives no access", { status: 403 }, { reason: "http", status: 403 }],
  ["resets connections", "reset", { reason: "network" }],
  [
    "serves a log-in page",
    { html: `<!DOCTYPE html>\n<html><title>Please log in</title>${"<p>".repeat(500)}</html>` },
    { message: expect.stringContaining("http://") },
  ],
];

describe.each(oneKind)("%s: mirrors of blocks", (_name, make) => {
  describe.each([n5, plain, sharded])("%s", (name) => {
    test.each(downs)("that %s from its metadata on hands over to tiles", async (_what, fault, error) => {
      const tiles = await tileMirror(await voxels(make));
      const { fetcher, all } = await openMirrors(make, (server) => [entry(name, server.url()), tiles.info], {
        script: () => fault,
      });
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(blockArray(n5).sha256);
      expectFailover(report, error);
      expect(report.elsewhere).toHaveLength(report.blocks.planned);
      expect(report.filled).toEqual([]);
    });

    test.each(downs)("that %s after its metadata hands over to tiles", async (_what, fault, error) => {
      const tiles = await tileMirror(await voxels(make));
      const { fetcher, all } = await openMirrors(make, (server) => [entry(name, server.url()), tiles.info], {
        script: ({ file }) => (/attributes\.json$|info$/.test(file) ? undefined : fault),
      });
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(blockArray(n5).sha256);
      expectFailover(report, error);
    });

    test("takes over from tiles that are down", async () => {
      const tiles = await tileMirror(await voxels(make), () => 500);
      const { fetcher, all } = await openMirrors(make, (server) => [tiles.info, entry(name, server.url())]);
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(blockArray(n5).sha256);
      expectFailover(report, { reason: "http", status: 500 });
    });

    test("takes over in the middle of a fetch, and no voxel moves", async () => {
      const tiles = await tileMirror(await voxels(make), (path) =>
        /\/7\/|\/12\//.test(path) ? 502 : undefined,
      );
      const { fetcher, all } = await openMirrors(make, (server) => [tiles.info, entry(name, server.url())]);
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(blockArray(n5).sha256);
      expectFailover(report, { status: 502 });
    });
  });

  test("whose metadata cannot be had are passed over, and so is one of another data type", async () => {
    const { fetcher, server, all } = await openMirrors(
      make,
      (own) => [
        entry(n5, own.url("down")),
        entry(plain, own.url("login")),
        entry("precomputed/raw_u16/s0", own.url("other")),
        entry(sharded, own.url("good")),
      ],
      {
        script: ({ mirror, file }) => {
          if (mirror === "down" && !file.endsWith("attributes.json")) return { status: 500 };
          return mirror === "login" ? { html: "<html>log in</html>" } : undefined;
        },
      },
    );
    const { data, report } = await fetcher.get(all);
    expect(await sha256(data)).toBe(blockArray(n5).sha256);
    expect(report.failovers.map(({ from, to }) => [from.title, to.title])).toEqual([
      ["mirror 0", "mirror 3"],
    ]);
    expect(
      server.requests.filter(({ mirror, file }) => mirror === "other" && !file.endsWith("info")),
    ).toEqual([]);
  });

  test("each have their own offset and bounds", async () => {
    const whole = await voxels(make);
    const { fetcher } = await openMirrors(
      make,
      (server) => [
        entry(n5, server.url(), {
          offset: { x: 4, y: 2, z: 1 },
          bounds: { lower: { x: 0, y: 0, z: 0 }, upper: { x: 45, y: 29, z: 10 } },
        }),
        entry(plain, server.url(), { offset: { x: -3, y: 0, z: 0 } }),
      ],
      { options: { failover: false, fillValue: 200 } },
    );
    const at = ([z, y, x]: readonly [number, number, number]) => whole[(z * 29 + y) * 45 + x];
    const region = [
      [8, 5, 6],
      [12, 7, 9],
    ] as const;
    const expected = (shift: readonly [number, number, number], end: number) =>
      [8, 9, 10, 11].flatMap((z) =>
        [5, 6].flatMap((y) =>
          [6, 7, 8].map((x) => (z < end ? at([z + shift[0], y + shift[1], x + shift[2]]) : 200)),
        ),
      );
    const first = await fetcher.get(region);
    expect([...first.data]).toEqual(expected([1, 2, 4], 10));
    expect(first.report.fills["not-held"]).toBeGreaterThan(0);
    fetcher.mirror = 1;
    expect([...(await fetcher.get(region)).data]).toEqual(expected([0, 0, -3], 19));
  });

  test("trap 16: metadata.voxelOffset is applied once, and voxel_offset names chunks only", async () => {
    const whole = await voxels(make);
    for (const name of [n5, plain, "precomputed/raw_offset/s0", sharded]) {
      const { fetcher } = await openBlocks(make, name, {
        info: () => ({ metadata: { voxelOffset: [5, -2, 1] } }),
        options: { fillValue: 200 },
      });
      const { data } = await fetcher.get([
        [3, 4, 9],
        [4, 5, 12],
      ]);
      expect([...data]).toEqual([4, 5, 6].map((x) => whole[(2 * 29 + 6) * 45 + x]));
    }
  });

  test("credentials go with every request to their origin, to no other, and into no error", async () => {
    for (const name of [
      n5,
      plain,
      "precomputed/sharded_legacy_split/s0",
      "precomputed/sharded_murmur_gzip_cseg/s0",
    ]) {
      const elsewhere = await BlockServer.start();
      onTestFinished(() => elsewhere.close());
      const { fetcher, server, all } = await openBlocks(make, name, {
        script: ({ file }) => (/attributes\.json$|info$/.test(file) ? undefined : { status: 401 }),
        options: { auth: { token: secret }, headers: { "X-Own": secret }, failover: true },
        info: (own) => {
          const query = { image_base: `${own.url()}${blockArray(name).address}?token=${secret}` };
          return {
            mirrors: [
              { ...blockMirrorInfo(blockArray(name), own.url()), ...query },
              blockMirrorInfo(blockArray(name), elsewhere.url(), 1),
            ],
          };
        },
      });
      const { data, report } = await fetcher.get(all);
      expect(await sha256(data)).toBe(blockArray(name).sha256);
      expect(JSON.stringify(report)).not.toContain(secret);
      expect(server.requests.length).toBeGreaterThan(1);
      for (const { headers, query } of server.requests) {
        expect(headers).toMatchObject({ authorization: `Token ${secret}`, "x-own": secret });
        expect(query).toBe(`?token=${secret}`);
      }
      expect(elsewhere.requests.length).toBeGreaterThan(1);
      expect(JSON.stringify(elsewhere.requests)).not.toContain(secret);
      fetcher.clearCache();
      const error: unknown = await make(
        blockStackInfo(blockArray(name), [], {
          mirrors: [
            {
              ...blockMirrorInfo(blockArray(name), server.url()),
              image_base: `${server.url()}${blockArray(name).address}?token=${secret}`,
            },
          ],
        }),
        { retry: promptRetry, auth: ["me", secret] },
      )
        .get(all)
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ status: 401 });
      expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toContain(secret);
    }
  });
});
