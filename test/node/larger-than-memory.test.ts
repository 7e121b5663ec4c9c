import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { axisOrders } from "../../src/space/axis-order.js";
import { encodeGreyPng } from "../support/images/encode-grey-png.js";
import { modelStackInfo } from "../support/model/model-fetcher.js";
import { modelStack } from "../support/model/model-stack.js";
import { runNode } from "../support/programs/run-node.js";
import { isThorough } from "../support/thorough.js";

/** 20,000 tiles. */
const tileSide = 64;
const tiles = { z: 200, y: 10, x: 10 } as const;
const size = { z: tiles.z, y: tiles.y * tileSide, x: tiles.x * tileSide };

/** The value of a voxel is that of its place in the tile, shifted by one of the tile; each axis adds its part of it, modulo 256. */
const parts = {
  z: (z: number): number => z * 7,
  y: (y: number): number => (y >> 6) * 31 + (y & 63) * 5,
  x: (x: number): number => (x >> 6) * 101 + (x & 63) * 3,
} as const;
const shiftOf = (z: number, row: number, col: number): number => (z * 7 + row * 31 + col * 101) & 255;

/** As there are no more shifts than these, the tiles are drawn once. */
const files = Array.from({ length: 256 }, (_, shift) =>
  encodeGreyPng(
    Uint8Array.from({ length: tileSide * tileSide }, (_, i) => shift + (i >> 6) * 5 + (i & 63) * 3),
    tileSide,
    tileSide,
  ),
);

const asked = new Map<string, number>();
const server = createServer((request, response) => {
  const path = request.url ?? "";
  asked.set(path, (asked.get(path) ?? 0) + 1);
  const [z = 0, row = 0, col = 0] = (/(\d+)\/(\d+)_(\d+)_0\.png$/.exec(path) ?? []).slice(1).map(Number);
  response.writeHead(200, { "Content-Type": "image/png" }).end(files[shiftOf(z, row, col)]);
});

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** Fetches all of it, as a user would, and says how much memory that took above an idle process. */
function fetchScript(path: string, orientation: string): string {
  const { port } = server.address() as AddressInfo;
  const stack = modelStack({ dimension: size, tileWidth: tileSide, tileHeight: tileSide });
  const info = modelStackInfo(stack, [`http://127.0.0.1:${port}/`]);
  const roi = [[0, 0, 0], [...orientation].map((axis) => size[axis as "x" | "y" | "z"])];
  const entry = (name: string): string => new URL(`../../dist/${name}`, import.meta.url).href;
  return `
    const { ThreadedImageFetcher } = await import(${JSON.stringify(entry("index.node.js"))});
    const { fileSink, NpyWriter } = await import(${JSON.stringify(entry("out.node.js"))});
    const idle = process.memoryUsage.rss();
    const fetcher = ThreadedImageFetcher.fromStackInfo(${JSON.stringify(info)}, { outputOrientation: "${orientation}" });
    const roi = ${JSON.stringify(roi)};
    const out = new NpyWriter(await fileSink(${JSON.stringify(path)}));
    const estimate = await fetcher.estimate(roi, { out });
    const { report } = await fetcher.get(roi, { out });
    await fetcher.close();
    const peak = process.resourceUsage().maxRSS * 1024;
    console.log(JSON.stringify({ estimate, tiles: report.tiles, megabytes: (peak - idle) / 1e6 }));`;
}

/** How many rows of voxels of a file are not the model's. */
async function countWrong(path: string, orientation: string): Promise<number> {
  const [slow = "z", middle = "y", fast = "x"] = [...orientation] as ("x" | "y" | "z")[];
  // There are no more rows than shifts.
  const rows = Array.from({ length: 256 }, (_, shift) =>
    Buffer.from(Uint8Array.from({ length: size[fast] }, (_, i) => shift + parts[fast](i))),
  );
  const voxels = (await readFile(path)).subarray(128);
  let wrong = 0;
  for (let i = 0; i < size[slow] * size[middle]; i++) {
    const shift = parts[slow](Math.floor(i / size[middle])) + parts[middle](i % size[middle]);
    const row = voxels.subarray(i * size[fast], (i + 1) * size[fast]);
    if (rows[shift & 255]?.equals(row) !== true) wrong++;
  }
  return wrong;
}

// Each axis is once the slowest, and once the fastest.
test.each(isThorough ? axisOrders : (["zyx", "yxz", "xzy"] as const))(
  "20,000 tiles into an .npy file, %s: each once, and at most 300 MB",
  async (orientation) => {
    const path = join(folder, `${orientation}.npy`);
    asked.clear();
    const { code, stdout, stderr } = await runNode(fetchScript(path, orientation));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { estimate, tiles: counts, megabytes } = JSON.parse(stdout);
    expect(estimate).toMatchObject({
      voxels: 81_920_000,
      bytes: 81_920_000,
      blocks: 20_000,
      requests: 20_000,
    });
    expect(estimate.portions).toBeGreaterThan(1);
    expect(counts).toEqual({
      planned: 20_000,
      fetched: 20_000,
      cached: 0,
      filled: 0,
      empty: 0,
      elsewhere: 0,
    });
    expect(asked.size).toBe(20_000);
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
    expect((await stat(path)).size).toBe(128 + 81_920_000);
    expect(await countWrong(path, orientation)).toBe(0);
    expect(megabytes).toBeLessThan(300);
  },
);
