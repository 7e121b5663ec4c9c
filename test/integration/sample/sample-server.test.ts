import { request } from "node:http";
import { decode } from "jpeg-js";
import UPNG from "upng-js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { CatmaidClient } from "../../../src/client/catmaid-client.js";
import { sampleVoxel } from "../../../src/sample/draw-sample.js";
import {
  type SampleServer,
  type SampleServerOptions,
  startSampleServer,
} from "../../../src/sample/sample-server.node.js";
import { sampleStack, sampleStacks } from "../../../src/sample/sample-stack.js";

/** Small enough to be drawn in a moment, with short tiles at both edges. */
const small = { dimension: { x: 700, y: 600, z: 14 } };

interface Image {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

async function image(url: string): Promise<Image> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const bytes = await response.arrayBuffer();
  if (response.headers.get("Content-Type") === "image/jpeg") {
    const { width, height, data } = decode(bytes, { useTArray: true });
    return { width, height, grey: data.filter((_, i) => i % 4 === 0) };
  }
  const png = UPNG.decode(bytes);
  const rgba = new Uint8Array(UPNG.toRGBA8(png)[0] ?? new ArrayBuffer(0));
  return { width: png.width, height: png.height, grey: rgba.filter((_, i) => i % 4 === 0) };
}

const extra: SampleServer[] = [];
async function start(options: SampleServerOptions): Promise<SampleServer> {
  const server = await startSampleServer({ stacks: sampleStacks(small), ...options });
  extra.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(extra.splice(0).map((server) => server.close()));
});

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks: sampleStacks(small) });
});
afterAll(() => server.close());

describe("tiles of the sample server", () => {
  // Tile (1, 0) of section 5, and where the level allows it of level 1, at the addresses that CATMAID forms.
  const addresses: [stack: number, path: string, tileX: number, tileY: number, zoomLevel: number][] = [
    [1, "tiles/1/file/5/0_1_0.png", 512, 0, 0],
    [1, "tiles/1/zoomify/5/0/1_0.jpg", 0, 512, 0],
    [1, "tiles/1/large/1/5/0/0.png", 0, 0, 1],
    [1, "tiles/1/query/?x=256&y=0&width=256&height=256&row=y&col=x&scale=0.5&z=5", 256, 0, 1],
    [1, "tiles/1/imageblk/256_192/256_384_5/png", 256, 384, 0],
    [1, "tiles/1/render/largeDataTileSource/1024/1024/0/5/0/0.jpg", 0, 0, 0],
    [1, "tiles/1/imagetile/xy/0/1_0_5", 512, 0, 0],
    [1, "tiles/1/flix/5/0_1_0.png", 512, 0, 0],
    [1, "tiles/1/h2n5/s1/512_512_1/0_1/0_0_5.jpg", 0, 0, 1],
    [1, "1/stack/1/tile?x=512&y=0&width=512&height=512&scale=1&z=5&basename=catmaid&format=hdf5", 512, 0, 0],
    [2, "tiles/2/imagetile/xz/0/1_5_0", 512, 0, 0],
    [2, "tiles/2/file/5/0_1_0.png", 512, 0, 0],
    [3, "tiles/3/large/0/5/1/0.png", 0, 512, 0],
  ];

  it.each(addresses)("hold the tissue of stack %i: %s", async (stack, path, tileX, tileY, zoomLevel) => {
    const { width, height, grey } = await image(server.url + path);
    const { plane, dimension } = server.stacks[stack - 1] ?? sampleStack();
    const tolerance = path.includes("jpg") || path.includes("basename") ? 40 : 0;
    let compared = 0;
    for (let y = 0; y < height; y += 37) {
      for (let x = 0; x < width; x += 41) {
        const factor = 2 ** zoomLevel;
        const inside = tileX + x < dimension.x / factor && tileY + y < dimension.y / factor;
        const expected = inside ? sampleVoxel(tileX + x, tileY + y, 5, zoomLevel, { plane }) : 0;
        expect(Math.abs((grey[y * width + x] ?? 0) - expected)).toBeLessThanOrEqual(tolerance);
        if (inside) compared++;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });

  it("of DVID in ZY are mirrored along their diagonal", async () => {
    const { width, height, grey } = await image(`${server.url}tiles/3/imageblk/256_192/5_192_0/png`);
    expect([width, height]).toEqual([192, 256]);
    for (const [column, row] of [
      [0, 0],
      [13, 150],
      [3, 100],
    ] as const) {
      expect(grey[column * 192 + row]).toBe(sampleVoxel(column, 192 + row, 5, 0, { plane: "zy" }));
    }
  });

  it("at the edge are padded or cropped, as their mirror has it", async () => {
    expect(await image(`${server.url}tiles/1/file/5/1_1_0.png`)).toMatchObject({ width: 512, height: 512 });
    expect(await image(`${server.url}tiles/1/flix/5/1_1_0.png`)).toMatchObject({ width: 188, height: 88 });
  });

  it.each([
    "tiles/1/file/5/0_2_0.png",
    "tiles/1/file/5/2_0_0.png",
    "tiles/1/file/14/0_0_0.png",
    "tiles/1/file/-1/0_0_0.png",
    "tiles/1/file/5/0_-1_0.png",
    "tiles/1/file/5/0_0_9.png",
    "tiles/1/file/11/0_0_0.png",
    "tiles/1/file/5/0_0_0.jpg",
    "tiles/1/none/5/0_0_0.png",
    "tiles/9/file/5/0_0_0.png",
    "1/stack/1/tile?x=0&y=0&width=512&height=512&scale=1&z=5&basename=other",
  ])("that are not in the stack are 404: %s", async (path) => {
    const response = await fetch(server.url + path);
    await response.text();
    expect(response.status).toBe(404);
  });

  it.each(["/%E0%A4%A", "////", "http://[::bad/", "/tiles/1/file/%ff/0_0_0.png"])(
    "that are no URL are 400: %s",
    async (path) => {
      const { hostname, port } = new URL(server.url);
      const status = await new Promise((resolve, reject) => {
        request({ hostname, port, path }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
      expect(status).toBe(400);
    },
  );

  it("can be asked for by HEAD, are cached by tag, and are open to other origins", async () => {
    const url = `${server.url}tiles/1/file/5/0_0_0.png`;
    const full = await fetch(url);
    const bytes = await full.arrayBuffer();
    const head = await fetch(url, { method: "HEAD" });
    expect(head.headers.get("Content-Length")).toBe(String(bytes.byteLength));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
    expect(full.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const tag = full.headers.get("ETag") ?? "";
    expect((await fetch(url, { headers: { "If-None-Match": tag } })).status).toBe(304);
    const preflight = await fetch(url, { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toMatch(/X-Authorization/);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
  });

  it("are counted per mirror, and dropped by a dead one", async () => {
    const mirrors = sampleStack().mirrors.map((mirror) => ({ ...mirror, dead: mirror.key === "file" }));
    const counted = await start({ stacks: [sampleStack({ ...small, mirrors })] });
    await expect(fetch(`${counted.url}tiles/1/file/5/0_0_0.png`)).rejects.toThrow("fetch failed");
    await image(`${counted.url}tiles/1/large/0/5/0/0.png`);
    expect([...counted.counts.tiles]).toEqual([
      ["1/file", 1],
      ["1/large", 1],
    ]);
    expect(counted.counts.tilesServed).toBe(1);
  });

  it("are drawn once for all who ask at the same time, and later", async () => {
    const shared = await start({});
    const url = `${shared.url}tiles/1/file/5/0_0_0.png`;
    const files = await Promise.all(
      Array.from({ length: 6 }, async () => Buffer.from(await (await fetch(url)).arrayBuffer())),
    );
    files.push(Buffer.from(await (await fetch(url)).arrayBuffer()));
    expect(files.every((file) => file.equals(files[0] ?? Buffer.alloc(0)))).toBe(true);
    expect(shared.counts).toMatchObject({ tilesServed: 7, tilesDrawn: 1 });
  });

  it("are drawn at every level of a stack of any size", async () => {
    const dimension = { x: 1e6, y: 1e6, z: 1000 };
    const huge = await start({ stacks: [sampleStack({ dimension })] });
    for (const [zoomLevel, row, column] of [
      [0, 1900, 1900],
      [11, 0, 0],
      [12, 0, 0],
    ] as const) {
      const { grey } = await image(`${huge.url}tiles/1/file/998/${row}_${column}_${zoomLevel}.png`);
      const voxel = sampleVoxel(512 * column + 100, 512 * row + 200, 998, zoomLevel);
      expect(grey[200 * 512 + 100]).toBe(voxel);
    }
    expect((await fetch(`${huge.url}tiles/1/file/1000/0_0_0.png`)).status).toBe(404);
  });
});

describe("the sample server's CATMAID", () => {
  it("lists projects and stacks and describes each", async () => {
    const client = new CatmaidClient({ baseUrl: server.url });
    const projects = (await client.get("projects/")) as { id: number; stacks: { id: number }[] }[];
    expect(projects).toMatchObject([
      { id: 1, stacks: [{ id: 1, dimensions: [700, 600, 14] }, { id: 2 }, { id: 3 }, { id: 4 }] },
    ]);
    expect(await client.get("1/stacks")).toMatchObject([{ id: 1, pid: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
    expect(await client.get("1/stack/1/info")).toMatchObject({
      sid: 1,
      pid: 1,
      orientation: 0,
      num_zoom_levels: -1,
      downsample_factors: null,
      resolution: { x: 4, y: 4, z: 40 },
      broken_slices: { 11: 1, 12: 1 },
      canary_location: { x: 350, y: 300, z: 7 },
    });
    expect(await client.get("1/stack/2/info")).toMatchObject({
      orientation: 1,
      dimension: { x: 700, y: 14, z: 600 },
      resolution: { x: 4, y: 40, z: 4 },
    });
    const info = (await client.get("1/stack/3/info")) as { mirrors: { tile_source_type: number }[] };
    expect(info.mirrors.map((mirror) => mirror.tile_source_type)).toEqual([
      1, 4, 5, 2, 3, 6, 7, 8, 9, 10, 11, 14, 14,
    ]);
    expect(info.mirrors[0]).toMatchObject({ position: 0, image_base: `${server.url}tiles/3/file/` });
    expect(info).toMatchObject({ metadata: null });
    expect(info.mirrors[10]).toMatchObject({ image_base: `${server.url}tiles/3/n5/%SCALE_DATASET%/2_1_0` });
    expect(await client.get("1/stack/4/info")).toMatchObject({
      stitle: "Sample neuropil, cells",
      dimension: { x: 700, y: 600, z: 14 },
      metadata: { catmaidLabelMeta: { background: 0 } },
      mirrors: [
        {
          tile_source_type: 11,
          file_extension: "n5",
          image_base: `${server.url}tiles/4/n5/%SCALE_DATASET%/0_1_2`,
        },
        { tile_source_type: 14, file_extension: "raw" },
        { tile_source_type: 14 },
      ],
    });
    expect(await client.get("1/stack/1/groups")).toEqual({ stack_group_ids: [] });
  });

  it("tells errors as CATMAID does, by status or in the body", async () => {
    for (const errors of ["status", "body"] as const) {
      const { url: baseUrl } = await start({ errors });
      const client = new CatmaidClient({ baseUrl });
      const status = (modern: number) => (errors === "status" ? modern : 200);
      await expect(client.get("1/stack/9/info")).rejects.toMatchObject({
        status: status(404),
        type: "Http404",
      });
      await expect(client.get("8/stacks")).rejects.toMatchObject({
        status: status(500),
        type: "DoesNotExist",
      });
      await expect(client.get("nowhere")).rejects.toMatchObject({ status: 404, type: undefined });
    }
  });

  it("can want a token, in a sub-directory, behind HTTP Basic", async () => {
    const basic = ["user", "pass"] as const;
    const { url: baseUrl } = await start({ token: "right", basePath: "/catmaid/", basic });
    expect(new URL(baseUrl).pathname).toBe("/catmaid/");
    const get = (path: string, token?: string) =>
      new CatmaidClient({ baseUrl, auth: basic, ...(token === undefined ? {} : { token }) }).get(path);
    await expect(new CatmaidClient({ baseUrl }).get("projects/")).rejects.toMatchObject({ status: 401 });
    expect(await get("projects/")).toEqual([]);
    expect(await get("projects/", "right")).toHaveLength(1);
    await expect(get("projects/", "wrong")).rejects.toMatchObject({ status: 401, message: /Invalid token/ });
    await expect(get("1/stacks")).rejects.toMatchObject({ status: 403, type: "PermissionError" });
    await expect(get("1/stacks", "wrong")).rejects.toMatchObject({
      status: 403,
      message: /check the token$/,
    });
    expect(await get("1/stacks", "right")).toHaveLength(4);
    const tile = `${baseUrl}1/stack/1/tile?x=0&y=0&width=512&height=512&scale=1&z=5&basename=catmaid`;
    const Authorization = `Basic ${btoa("user:pass")}`;
    expect((await fetch(tile, { headers: { Authorization } })).status).toBe(403);
    expect((await fetch(tile, { headers: { Authorization, "X-Authorization": "Token right" } })).status).toBe(
      200,
    );
  });

  it("closes although connections are open and tiles are held back", async () => {
    const slow = await start({ delayMs: 3_600_000 });
    const answer = fetch(`${slow.url}tiles/1/file/5/0_0_0.png`).catch((error: unknown) => error);
    await expect.poll(() => slow.counts.tiles.get("1/file")).toBe(1);
    await slow.close();
    expect(await answer).toBeInstanceOf(TypeError);
    await slow.close();
  });

  it("rejects where its port is taken", async () => {
    const port = Number(new URL(server.url).port);
    await expect(startSampleServer({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
