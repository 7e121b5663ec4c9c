/** What goes wrong between a server and one tile, and must not reach beyond that tile. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, expect, test } from "vitest";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { fetcherKinds } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";

afterAll(closeSharedPools);

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Server {
  readonly url: string;
  /** Paths asked for, in their order. */
  readonly asked: string[];
  /** Answers that have neither ended nor lost their client. */
  readonly open: Set<ServerResponse>;
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const asked: string[] = [];
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    open.add(response);
    response.on("close", () => open.delete(response));
    answer(request, response);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, open };
}

const side = 64;

function stackInfo(mirrors: readonly { readonly url: string; readonly side?: number }[]): object {
  return {
    sid: 1,
    pid: 1,
    dimension: { x: 512, y: 512, z: 20 },
    resolution: { x: 1, y: 1, z: 1 },
    translation: { x: 0, y: 0, z: 0 },
    broken_slices: {},
    canary_location: { x: 0, y: 0, z: 0 },
    num_zoom_levels: 0,
    mirrors: mirrors.map(({ url, side: tileSide = side }, position) => ({
      id: position + 1,
      title: `mirror ${position}`,
      position,
      image_base: url,
      file_extension: "png",
      tile_width: tileSide,
      tile_height: tileSide,
      tile_source_type: 1,
    })),
  };
}

const noise = encodeGreyPng(
  Uint8Array.from({ length: side * side }, (_, n) => (n * n * 7919) >> 5),
  side,
  side,
);
const small = encodeGreyPng(new Uint8Array(256).fill(77), 16, 16);
const corner = (z: number) =>
  [
    [z, 0, 0],
    [z + 1, 10, 10],
  ] as const;

function send(response: ServerResponse, file: Uint8Array): void {
  response.writeHead(200, { "Content-Length": file.length }).end(file);
}

test.each(fetcherKinds)(
  "%s: a reset inside the body on a connection in use is one failed request",
  async (_name, make) => {
    const server = await serve(({ url, socket }, response) => {
      if (url?.startsWith("/0/")) return send(response, noise);
      response.writeHead(200, { "Content-Length": noise.length });
      response.write(noise.subarray(0, noise.length >> 1), () => socket.resetAndDestroy());
    });
    const fetcher = make(stackInfo([server]), { retry: { attempts: 1 }, maxRequests: 1 });
    cleanUps.push(() => fetcher.close());
    await fetcher.get(corner(0));
    await expect(fetcher.get(corner(1))).rejects.toMatchObject({ code: "tile-fetch", reason: "network" });
    expect(server.asked).toHaveLength(2);
    await expect.poll(() => server.open.size).toBe(0);
  },
);

test.each(fetcherKinds)(
  "%s: a server that announces gigabytes takes no memory and ends nothing",
  async (_name, make) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": 400_000_000 });
      response.write(noise, () => response.destroy());
    });
    const info = stackInfo([{ url: server.url, side: 8192 }]);
    const fetcher = make(info, { retry: { attempts: 1 } });
    cleanUps.push(() => fetcher.close());
    await expect(fetcher.get(corner(0))).rejects.toMatchObject({
      reason: "network",
      message: expect.stringContaining(`ended after ${noise.length} of 400000000 bytes`),
    });
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(300_000_000);
  },
);

test.each(["stalls", "breaks off"])("a 404 whose body %s is missing", async (how) => {
  const server = await serve((_request, response) => {
    response.writeHead(404, { "Content-Length": 1000 });
    response.write("not ", () => {
      if (how === "breaks off") response.socket?.resetAndDestroy();
    });
  });
  for (const [, make] of fetcherKinds) {
    const fetcher = make(stackInfo([server]), { retry: { attempts: 1 } });
    cleanUps.push(() => fetcher.close());
    const { report } = await fetcher.get(corner(0));
    expect(report).toMatchObject({ tiles: { filled: 1 }, filled: [{ cause: "missing" }] });
  }
});

test.each(fetcherKinds)("%s: an answer in another protocol is an error at once", async (_name, make) => {
  const switching = await serve((_request, response) => {
    response.writeHead(101, { Connection: "Upgrade", Upgrade: "tiles" }).end();
  });
  const fetcher = make(stackInfo([switching]), { retry: { attempts: 1 } });
  cleanUps.push(() => fetcher.close());
  await expect(fetcher.get(corner(0))).rejects.toMatchObject({ reason: "network" });
});

test("nothing is written and nothing told after an abort while another mirror takes over from its cache", async () => {
  const [down, good] = [
    await serve((_request, response) => response.writeHead(500).end()),
    await serve((_request, response) => send(response, small)),
  ];
  for (const [, make] of fetcherKinds) {
    const info = stackInfo([
      { url: down.url, side: 512 },
      { url: good.url, side: 16 },
    ]);
    const fetcher = make(info, { failover: true, retry: { attempts: 1 }, fillValue: 1 });
    cleanUps.push(() => fetcher.close());
    const section = [
      [0, 0, 0],
      [1, 512, 512],
    ] as const;
    fetcher.mirror = 1;
    await fetcher.get(section); // now in the cache
    fetcher.mirror = 0;
    const out = new Uint8Array(512 * 512).fill(255);
    const controller = new AbortController();
    let told = 0;
    const onProgress = (): void => {
      if (++told === 5) controller.abort("enough");
    };
    await expect(fetcher.get(section, { out, signal: controller.signal, onProgress })).rejects.toBe("enough");
    const [written, toldThen] = [out.filter((grey) => grey !== 255).length, told];
    // Whatever went on would do so in microtasks, and in the turns that follow.
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([out.filter((grey) => grey !== 255).length, told]).toEqual([written, toldThen]);
  }
});

test("what onProgress throws for one tile of a pair is the fetch's rejection, and no other", async () => {
  const server = await serve((_request, response) => send(response, noise));
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on("unhandledRejection", note);
  for (const [, make] of fetcherKinds) {
    const info = { ...stackInfo([server]), broken_slices: { 5: 1 } };
    const fetcher = make(info, { brokenSliceHandling: "interpolate" });
    cleanUps.push(() => fetcher.close());
    await fetcher.get(corner(6));
    const onProgress = (): void => {
      throw new Error("mine");
    };
    await expect(fetcher.get(corner(5), { onProgress })).rejects.toThrow("mine");
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

test("no request begins after an abort, however busy the worker is", async () => {
  const big = encodeGreyPng(new Uint8Array(2048 * 2048).fill(9), 2048, 2048);
  let aborted = false;
  let late = 0;
  const server = await serve((_request, response) => {
    if (aborted) late++;
    send(response, big);
  });
  const [, make] = fetcherKinds[1] as (typeof fetcherKinds)[number];
  const info = { ...stackInfo([{ url: server.url, side: 2048 }]), dimension: { x: 4096, y: 4096, z: 20 } };
  for (let round = 0; round < 5; round++) {
    const fetcher = make(info, { threads: 1, maxRequests: 4 } as object);
    const controller = new AbortController();
    const all = [
      [0, 0, 0],
      [20, 4096, 4096],
    ] as const;
    aborted = false;
    const onProgress = (): void => {
      if (aborted) return;
      aborted = true;
      controller.abort("enough");
    };
    await expect(fetcher.get(all, { signal: controller.signal, onProgress })).rejects.toBe("enough");
    await fetcher.close();
  }
  expect(late).toBe(0);
});

test("the tiles of very many chunks are not counted one by one: a fetch of them begins at once, and can be aborted", async () => {
  const server = await serve((_request, response) => send(response, noise));
  for (const [, make] of fetcherKinds) {
    const info = { ...stackInfo([server]), dimension: { x: 1e6, y: 1e6, z: 1e6 } };
    const fetcher = make(info);
    cleanUps.push(() => fetcher.close());
    const out = { chunkShape: [1, 16, 16] as const, write: async () => {} };
    const everything = [
      [0, 0, 0],
      [1000, 1e6, 1e6],
    ] as const;
    const { voxels, blocks, requests } = await fetcher.estimate(everything, { out });
    expect([voxels, blocks === requests]).toEqual([1e15, true]);
    const controller = new AbortController();
    const onProgress = (): void => controller.abort("enough");
    await expect(fetcher.get(everything, { out, onProgress, signal: controller.signal })).rejects.toBe(
      "enough",
    );
  }
});

test.each([
  ["memory", undefined, 3e8],
  ["a writer", { write: () => {} }, 1e12],
  ["a writer of chunks", { chunkShape: [1, 1024, 1024] as const, write: () => {} }, 1e12],
])("an abort is heard while %s is filled with what lies outside the stack", async (_name, out, voxels) => {
  for (const [, make] of fetcherKinds) {
    const fetcher = make(stackInfo([{ url: "http://127.0.0.1:9" }]));
    cleanUps.push(() => fetcher.close());
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 0);
    const outside = [
      [0, 0, 1000],
      [voxels / 1e6, 1000, 2000],
    ] as const;
    await expect(fetcher.get(outside, { out, signal: controller.signal })).rejects.toBe("enough");
  }
});

test("a retry is told while the tile is under way, and counted once", async () => {
  const server = await serve((_request, response) => {
    if (server.asked.length < 3) response.writeHead(500).end();
    else send(response, noise);
  });
  const fetcher = (fetcherKinds[0] as (typeof fetcherKinds)[number])[1](stackInfo([server]), {
    retry: { baseDelayMs: 0 },
  });
  cleanUps.push(() => fetcher.close());
  const told: [done: number, retries: number][] = [];
  const { report } = await fetcher.get(corner(0), {
    onProgress: ({ done, retries }) => told.push([done, retries]),
  });
  expect(told.slice(0, 3)).toEqual([
    [0, 1],
    [0, 2],
    [1, 2],
  ]);
  expect(report.retries).toBe(2);
});
