import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { defaultCacheBytes } from "../../../src/cache/tile-cache.js";
import { ThreadedImageFetcher } from "../../../src/fetcher/threaded-image-fetcher.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { RecordingWriter } from "../../support/exports/recording-writer.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import type { Misbehaviour } from "../../support/model/model-server.js";
import { ModelServer } from "../../support/model/model-server.js";
import type { ModelRegion } from "../../support/model/model-stack.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";

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
const plain = { lower: roi[0], upper: roi[1] } as const;
const expected = (changes: Partial<ModelRegion> = {}, stack = modelStack()): Uint8Array =>
  expectedVolume(stack, { ...plain, ...changes }).data;

describe.each(oneKind)("%s", (_name, make) => {
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

  test("D23 no more is held than there is memory for", async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { fetcher, server } = await openFetcher(make, { options: { maxRequests: 3, cacheBytes: 0 } });
    const out = new RecordingWriter([12, 20, 150], { pause: () => gate });
    const fetching = fetcher.get(
      [
        [0, 0, 0],
        [12, 20, 150],
      ],
      { out, maxMemoryBytes: 30_000 },
    );
    // Two portions of three sections with three tiles each.
    await server.until(({ requests }) => requests.length === 18);
    await fetcher.probeMirrors();
    expect(server.requests).toHaveLength(18 + 1);
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
    expect(report.tiles).toEqual({
      planned: 11 * 9,
      fetched: 9,
      cached: 10 * 9,
      filled: 0,
      empty: 0,
      elsewhere: 0,
    });
    // The default budget is a thousand tiles of 512 × 512, not ten.
    expect(defaultCacheBytes / (512 * 512)).toBe(1024);
  });
});

test("D22 the defaults forgive four failures in a row", async () => {
  const server = await ModelServer.start(modelStack(), ({ attempt }) =>
    attempt < 5 ? { status: 503, headers: { "Retry-After": "0" } } : undefined,
  );
  onTestFinished(() => server.close());
  await using fetcher = ThreadedImageFetcher.fromStackInfo(modelStackInfo(server.stack, [server.base()]), {
    // How often is the default; how long would only take time here.
    retry: { baseDelayMs: 1 },
  });
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
