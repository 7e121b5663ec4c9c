import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SharedPoolOptions } from "../../src/pool/shared-pool.js";
import { TestTiles } from "../support/model/test-tiles.js";
import { bundleForNode } from "../support/programs/bundle-for-node.js";
import { runNode } from "../support/programs/run-node.js";
import { type HttpTestServer, startHttpTestServer } from "../support/servers/http-test-server.js";

let server: HttpTestServer;
let shared: Awaited<ReturnType<typeof bundleForNode>>;
let inProcess: Awaited<ReturnType<typeof bundleForNode>>;
beforeAll(async () => {
  server = await startHttpTestServer();
  shared = await bundleForNode("src/pool/shared-pool.ts");
  inProcess = await bundleForNode("src/pool/in-process-pool.ts");
});
afterAll(async () => {
  await server.close();
  await rm(shared.folder, { recursive: true });
  await rm(inProcess.folder, { recursive: true });
});

const start = (tiles: TestTiles, options: Partial<SharedPoolOptions> = {}): string => `
  const { acquireSharedPool, closeSharedPools } = await import(${JSON.stringify(shared.url)});
  const warnings = [];
  const pool = acquireSharedPool({ threads: 2, onFallback: (message) => warnings.push(message), ...${JSON.stringify(options)} });
  const job = (behaviour) => ({ ...${JSON.stringify(tiles.job("BEHAVIOUR"))}, url: ${JSON.stringify(tiles.url(""))} + behaviour });
  const never = new AbortController().signal;
  const say = (more) => console.log(JSON.stringify({ kind: pool.kind, warnings, ...more }));
`;

/** Runs a script that must end by itself, with code 0 and nothing on stderr; what it says last is the result. */
async function said(script: string): Promise<unknown> {
  const { code, stdout, stderr } = await runNode(script);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("a process ends by itself although nobody closed the pool", async () => {
  const tiles = new TestTiles(server.url);
  const script = `${start(tiles)}
    const tile = await pool.run(job("tile/64x48/1"), never);
    say({ pixels: tile.data.length });`;
  expect(await said(script)).toEqual({ kind: "workers", warnings: [], pixels: 64 * 48 });
});

test("a process in which small regions and large ones were fetched ends by itself too", async () => {
  const script = `${start(new TestTiles(server.url))}
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const blocks = (seed) => seed % 2 === 0 ? 63 : 64;
    const tiles = await Promise.all(seeds.map((seed) => pool.run(job("tile/64x48/" + seed), never, blocks(seed))));
    say({ pixels: tiles.map(({ data }) => data.length) });`;
  const pixels = new Array<number>(40).fill(64 * 48);
  expect(await said(script)).toEqual({ kind: "workers", warnings: [], pixels });
});

test("a process does not end while a tile is awaited, with nothing else to keep it alive", async () => {
  const tiles = new TestTiles(server.url);
  const script = `${start(tiles)}
    const tile = await pool.run(job("hold/64x48/1"), never);
    say({ pixels: tile.data.length });`;
  const result = said(script);
  await tiles.untilRequests(1);
  await tiles.release();
  expect(await result).toMatchObject({ kind: "workers", pixels: 64 * 48 });
});

test("warm workers that never had a job do not keep a process alive", async () => {
  expect(await said(`${start(new TestTiles(server.url))} say();`)).toEqual({ kind: "workers", warnings: [] });
});

test("closing a share, all pools, twice, and during a job, ends quietly", async () => {
  const tiles = new TestTiles(server.url);
  const script = `${start(tiles)}
    const first = pool.run(job("silence"), never).catch((error) => error.code);
    await pool.close();
    await pool.close();
    const again = acquireSharedPool({ threads: 2 });
    const second = again.run(job("silence"), never).catch((error) => error.code);
    await Promise.all([closeSharedPools(), closeSharedPools()]);
    say({ first: await first, second: await second });`;
  expect(await said(script)).toMatchObject({ first: "closed", second: "closed" });
});

test("an aborted job does not keep a process alive", async () => {
  const tiles = new TestTiles(server.url);
  const script = `${start(tiles)}
    const controller = new AbortController();
    const done = pool.run(job("silence"), controller.signal).catch((reason) => reason);
    controller.abort("enough");
    say({ reason: await done });`;
  expect(await said(script)).toMatchObject({ reason: "enough" });
});

test("the calling thread's pool ends with its process too", async () => {
  const tiles = new TestTiles(server.url);
  const script = `
    const { createInProcessPool } = await import(${JSON.stringify(inProcess.url)});
    const pool = createInProcessPool();
    const tile = await pool.run(${JSON.stringify(tiles.job("tile/64x48/1"))}, new AbortController().signal);
    console.log(tile.data.length);`;
  expect(await said(script)).toBe(64 * 48);
});

test.each([
  ["--max-old-space-size=512"],
  ["--max-semi-space-size=1", "--stack-size=900", "--expose-gc"],
  ["--trace-warnings", "--enable-source-maps", "--max-http-header-size=32768"],
])("workers start in a process that was given %s", async (...flags) => {
  const tiles = new TestTiles(server.url);
  const script = `${start(tiles)}
    const tile = await pool.run(job("tile/64x48/1"), never);
    say({ pixels: tile.data.length });`;
  const { stdout } = await runNode(script, { args: [...flags, "--input-type=module", "-e", script] });
  expect(JSON.parse(stdout)).toEqual({ kind: "workers", warnings: [], pixels: 64 * 48 });
});
