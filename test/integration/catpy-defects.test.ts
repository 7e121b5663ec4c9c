import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { defaultCacheBytes } from "../../src/cache/tile-cache.js";
import { closeSharedPools } from "../../src/pool/shared-pool.js";
import type { Orientation3D, Triple } from "../../src/space/axis-order.js";
import { reorder } from "../../src/space/axis-order.js";
import { ThreadedImageFetcher } from "../../src/threaded-image-fetcher.js";
import { encodeGrey16Png } from "../support/encode-grey-16-png.js";
import { fetcherKinds, openFetcher } from "../support/fetcher-kinds.js";
import { modelStackInfo } from "../support/model-fetcher.js";
import type { Misbehaviour } from "../support/model-server.js";
import { ModelServer } from "../support/model-server.js";
import type { ModelRegion } from "../support/model-stack.js";
import { expectedVolume, modelStack } from "../support/model-stack.js";
import { RecordingWriter } from "../support/recording-writer.js";

afterAll(closeSharedPools);

/** What catpy gets wrong and we must not: the numbers are those of the list of its defects. */

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const; // 2 sections × 2 rows × 3 columns of 64 × 48 pixels
const wholeStack = [
  [0, 0, 0],
  [12, 107, 150],
] as const; // 12 sections × 3 rows × 3 columns
const plain = {
  orientation: "zyx",
  handling: "fill",
  fillValue: 0,
  zoomLevel: 0,
  lower: roi[0],
  upper: roi[1],
} as const;
const expected = (changes: Partial<ModelRegion> = {}, stack = modelStack()): Uint8Array =>
  expectedVolume(stack, { ...plain, ...changes }).data;

describe.each(fetcherKinds)("%s", (_name, make) => {
  test("D03 a missing tile costs no volume: it is filled, threaded or not", async () => {
    const isMissing: NonNullable<ModelRegion["isMissing"]> = ({ row, col }) => row === 1 && col === 2;
    const { fetcher } = await openFetcher(make, {
      script: (tile) => (isMissing(tile) ? { status: 404 } : undefined),
      options: { fillValue: 99 },
    });
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expected({ fillValue: 99, isMissing }));
    expect(report.filled.map(({ tile }) => [tile.depth, tile.row, tile.col])).toEqual([
      [1, 1, 2],
      [2, 1, 2],
    ]);
  });

  test("D06 a broken slice is filled whole, also where tiles are not square", async () => {
    const { fetcher } = await openFetcher(make, { stack: { brokenSlices: [2] }, options: { fillValue: 99 } });
    const { data } = await fetcher.get([
      [2, 0, 0],
      [3, 107, 150],
    ]);
    expect(data.every((value) => value === 99)).toBe(true);
    expect((await fetcher.get(roi)).data).toEqual(
      expected({ fillValue: 99 }, modelStack({ brokenSlices: [2] })),
    );
  });

  test.each<Orientation3D>(["xzy", "yxz"])(
    "D08 order %s is right, though it is not its own inverse",
    async (order) => {
      const { fetcher } = await openFetcher(make, { options: { outputOrientation: order } });
      const [lower, upper] = [[3, 60, 70] as Triple, [5, 107, 150] as Triple].map((corner) =>
        reorder(corner, "zyx", order),
      );
      if (lower === undefined || upper === undefined) return;
      const volume = await fetcher.get([lower, upper]);
      expect(volume.shape).toEqual(reorder([2, 47, 80], "zyx", order));
      expect(volume.data).toEqual(expected({ orientation: order, lower, upper }));
    },
  );

  test("D09 a tile that is larger than its mirror declares is an error, and overwrites nothing", async () => {
    const pixels = { data: new Uint8Array(128 * 96).fill(255), width: 128, height: 96 };
    const { fetcher } = await openFetcher(make, { script: () => ({ pixels }), options: { fillValue: 7 } });
    await expect(fetcher.get(roi)).rejects.toMatchObject({ code: "tile-decode", reason: "wrong-size" });
    const out = new Uint8Array(2 * 50 * 95).fill(3);
    await expect(fetcher.get(roi, { out })).rejects.toMatchObject({ reason: "wrong-size" });
    expect(out.every((value) => value === 3)).toBe(true);
  });

  test("D10 there is one fill: what is missing, short or outside has the same value", async () => {
    const stack = { cropped: true, dimension: { x: 100, y: 60, z: 4 } };
    const { fetcher, server } = await openFetcher(make, {
      stack,
      script: ({ depth, row, col }) => (depth === 1 && row === 0 && col === 0 ? { status: 404 } : undefined),
      options: { fillValue: 77 },
    });
    const [lower, upper] = [[-1, -3, -3] as const, [5, 70, 110] as const];
    const { data } = await fetcher.get([lower, upper]);
    const isMissing: NonNullable<ModelRegion["isMissing"]> = ({ depth, row, col }) =>
      depth === 1 && row === 0 && col === 0;
    expect(data).toEqual(expected({ fillValue: 77, lower, upper, isMissing }, server.stack));
    expect(data.includes(0)).toBe(false);
  });

  test("D13 a mirror that answers with an error is never the fastest", async () => {
    const faults: readonly Misbehaviour[] = [
      { status: 500 },
      { status: 403 },
      { status: 404 },
      { html: "<html>" },
    ];
    for (const fault of faults) {
      const { fetcher, server } = await openFetcher(make, {
        script: ({ mirror }) => (mirror === "bad" ? fault : undefined),
        info: (at) => modelStackInfo(at.stack, [at.base("bad"), at.base("good")]),
      });
      expect((await fetcher.setFastestMirror()).imageBase).toBe(server.base("good"));
    }
  });

  test("D14 a probe sends the credentials that a fetch sends", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ headers }) => (headers["authorization"] === "Token t" ? undefined : { status: 401 }),
      options: { auth: { token: "t" } },
    });
    expect(await fetcher.probeMirrors()).toMatchObject([{ ok: true }]);
    expect(await fetcher.setFastestMirror()).toBe(fetcher.mirror);
    expect(server.requests).toHaveLength(2);
  });

  test("D15 mirror and credentials can be set after construction, and none goes to another's mirror", async () => {
    const other = await ModelServer.start(modelStack());
    onTestFinished(() => other.close());
    const { fetcher, server } = await openFetcher(make, {
      info: (own) => modelStackInfo(own.stack, [own.base(), other.base()]),
      script: ({ headers }) => (headers["authorization"] === undefined ? { status: 401 } : undefined),
    });
    await expect(fetcher.get(roi)).rejects.toMatchObject({ status: 401 });
    fetcher.auth = ["userA", "passA"];
    expect((await fetcher.get(roi)).data).toEqual(expected());
    fetcher.mirror = 1;
    expect((await fetcher.get(roi)).data).toEqual(expected());
    const sent = (at: ModelServer): Set<unknown> =>
      new Set(at.requests.map(({ headers }) => headers["authorization"]));
    expect(sent(server)).toEqual(new Set([undefined, `Basic ${btoa("userA:passA")}`]));
    expect(sent(other)).toEqual(new Set([undefined]));
  });

  test("D17 after a change of mirror, no tile of the old one comes back", async () => {
    const black = { pixels: { data: new Uint8Array(64 * 48), width: 64, height: 48 } };
    const { fetcher } = await openFetcher(make, {
      script: ({ mirror }) => (mirror === "black" ? black : undefined),
      info: (at) => modelStackInfo(at.stack, [at.base("black"), at.base("good")]),
    });
    expect((await fetcher.get(roi)).data.every((value) => value === 0)).toBe(true);
    fetcher.mirror = 1;
    const { data, report } = await fetcher.get(roi);
    expect(data).toEqual(expected());
    expect(report.tiles).toMatchObject({ fetched: 12, cached: 0 });
    fetcher.mirror = 0;
    expect((await fetcher.get(roi)).report.tiles).toMatchObject({ fetched: 0, cached: 12 });
  });

  test.each([
    ["image/png; charset=binary"],
    ["IMAGE/PNG"],
    ["application/octet-stream"],
    ["text/plain"],
    [null],
  ])("D18 a tile is what its bytes are, served as %s", async (contentType) => {
    const { fetcher } = await openFetcher(make, { script: () => ({ contentType }) });
    expect((await fetcher.get(roi)).data).toEqual(expected());
  });

  test("D19 samples of 16 bits are never clipped to 8 in silence", async () => {
    const samples = Uint16Array.from({ length: 64 * 48 }, (_, i) => 257 * (i % 256));
    const file = encodeGrey16Png(samples, 64, 48);
    const { fetcher } = await openFetcher(make, { script: () => ({ file }) });
    const refusal = {
      code: "tile-decode",
      reason: "unsupported-image",
      attempts: 1,
      message: expect.stringContaining("16"),
    };
    await expect(fetcher.get(roi)).rejects.toMatchObject(refusal);
  });

  test("D22 one failed answer out of many costs nothing but another request", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ depth, row, col, attempt }) =>
        depth === 7 && row === 1 && col === 0 && attempt === 1 ? { status: 503 } : undefined,
    });
    const { data, report } = await fetcher.get(wholeStack);
    expect(data).toEqual(expected({ lower: wholeStack[0], upper: wholeStack[1] }));
    expect(report.retries).toBe(1);
    expect(server.requests).toHaveLength(12 * 9 + 1);
  });

  test("D22 after a failure, what was queued is not asked for any more", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ depth, row, col }) => (depth === 0 && row === 1 && col === 0 ? { status: 400 } : undefined),
      options: { maxRequests: 2 },
    });
    await expect(fetcher.get(wholeStack)).rejects.toMatchObject({ status: 400 });
    server.script = () => undefined;
    // Whatever had been sent before the rejection has come by the time that this is answered.
    await fetcher.get([
      [11, 0, 0],
      [12, 10, 10],
    ]);
    // Of the two that run at a time, the other one may have gone on while the failure was on its way.
    expect(server.requests.length).toBeLessThan(12 * 9 - 40);
  });

  test("D23 no more tiles are held than are under way", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { fetcher, server } = await openFetcher(make, { options: { maxRequests: 3, cacheBytes: 0 } });
    const out = new RecordingWriter([12, 20, 150], undefined, () => gate);
    const fetching = fetcher.get(
      [
        [0, 0, 0],
        [12, 20, 150],
      ],
      { out },
    );
    await server.until(({ requests }) => requests.length === 3);
    await fetcher.probeMirrors();
    expect(server.requests).toHaveLength(3 + 1);
    open();
    await fetching;
    expect(out.data).toEqual(expected({ lower: [0, 0, 0], upper: [12, 20, 150] }));
  });

  test("D25 nothing is printed", async () => {
    const written: unknown[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, "write").mockImplementation((chunk) => written.push(chunk) > 0);
    for (const level of ["log", "info", "warn", "error", "debug"] as const)
      vi.spyOn(console, level).mockImplementation((...line) => written.push(line));
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const server = await ModelServer.start(modelStack({ brokenSlices: [1] }), ({ col }) =>
      col === 1 ? { status: 404 } : undefined,
    );
    onTestFinished(() => server.close());
    await using fetcher = make(modelStackInfo(server.stack, [server.base()]));
    await fetcher.get(roi);
    await fetcher.setFastestMirror();
    expect(written).toEqual([]);
  });

  test.each([-1, 256, 300, 0.5, Number.NaN, "0"])("D28 a fill value of %j is refused", (fillValue) => {
    const info = modelStackInfo(modelStack(), ["http://host/"]);
    expect(() => make(info, { fillValue: fillValue as number })).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining("fillValue") }),
    );
  });

  test("D29 an unknown mirror warns; one whose title is a number can be had; a mirror can be given credentials", async () => {
    const { fetcher, server, warnings } = await openFetcher(make, {
      options: { preferredMirror: "no such mirror" },
      info: (at) => {
        const mirrors = modelStackInfo(
          at.stack,
          ["a", "b"].map((name) => at.base(name)),
        )["mirrors"] as object[];
        return { mirrors: mirrors.map((mirror, i) => ({ ...mirror, title: i === 1 ? "7" : "file-based" })) };
      },
    });
    expect(warnings).toEqual([
      expect.stringMatching(/no mirror "no such mirror".*0 "file-based", 1 "7".*using 0/),
    ]);
    fetcher.mirror = "7";
    expect(fetcher.mirror).toBe(fetcher.stack.mirrors[1]);
    fetcher.mirror.auth = { token: "t" };
    await fetcher.get(roi);
    expect(server.requests[0]).toMatchObject({ mirror: "b", headers: { authorization: "Token t" } });
    expect(warnings).toHaveLength(1);
  });

  test("D31 an out of another shape is refused before anything is downloaded", async () => {
    const { fetcher, server } = await openFetcher(make);
    const dense = (z: number, y: number, x: number) => ({
      data: new Uint8Array(z * y * x),
      shape: [z, y, x],
      stride: [y * x, x, 1],
    });
    for (const out of [
      dense(5, 50, 95),
      dense(1, 50, 95),
      dense(2, 40, 95),
      dense(3, 50, 95),
      dense(2, 95, 50),
    ]) {
      const untouched = out.data.slice();
      await expect(fetcher.get(roi, { out })).rejects.toMatchObject({ code: "invalid-out" });
      expect(out.data).toEqual(untouched);
    }
    expect(server.requests).toEqual([]);
  });

  test("D33 tiles are asked for in order: section by section, row by row", async () => {
    const { fetcher, server } = await openFetcher(make, { options: { maxRequests: 1 } });
    await fetcher.get(roi);
    const order = [1, 2].flatMap((z) =>
      [0, 1].flatMap((row) => [0, 1, 2].map((col) => `/a/${z}/${row}_${col}_0.png`)),
    );
    expect(server.paths).toEqual(order);
  });

  test("D33 moving a region by one section asks for the new section alone", async () => {
    const { fetcher, server } = await openFetcher(make);
    await fetcher.get(wholeStack.map(([z, y, x]) => [Math.min(z, 11), y, x]) as unknown as typeof wholeStack);
    expect(server.requests).toHaveLength(11 * 9);
    const { report } = await fetcher.get([
      [1, 0, 0],
      [12, 107, 150],
    ]);
    expect(report.tiles).toEqual({ planned: 11 * 9, fetched: 9, cached: 10 * 9, filled: 0 });
    // The default budget is a thousand tiles of 512 × 512, not ten.
    expect(defaultCacheBytes / (512 * 512)).toBe(1024);
  });
});

test("D22 the defaults forgive four failures in a row", async () => {
  // "Retry-After: 0" takes the waiting out of it.
  const server = await ModelServer.start(modelStack(), ({ attempt }) =>
    attempt < 5 ? { status: 503, headers: { "Retry-After": "0" } } : undefined,
  );
  onTestFinished(() => server.close());
  await using fetcher = ThreadedImageFetcher.fromStackInfo(modelStackInfo(server.stack, [server.base()]));
  const { data, report } = await fetcher.get(roi);
  expect(data).toEqual(expected());
  expect(report.retries).toBe(12 * 4);
});

test("D24 more than ten threads keep their connections for the next fetch", async () => {
  const server = await ModelServer.start(modelStack());
  onTestFinished(() => server.close());
  const info = modelStackInfo(server.stack, [server.base()]);
  await using fetcher = ThreadedImageFetcher.fromStackInfo(info, {
    threads: 12,
    maxRequests: 24,
    cacheBytes: 0,
  });
  await fetcher.get(wholeStack);
  await fetcher.get(wholeStack);
  expect(server.requests).toHaveLength(2 * 12 * 9);
  expect(server.connections).toBeLessThanOrEqual(24);
});
