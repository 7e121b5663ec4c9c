import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FillCause } from "../../../src/assemble/fill-cause.js";
import { TileFetchError } from "../../../src/errors.js";
import type { FetchReport, FilledBlock } from "../../../src/fetch/fetch-report.js";
import { mergeReports, mostListed, noFills, reportOf } from "../../../src/fetch/fetch-report.js";
import type { GetOptions } from "../../../src/fetch/get-options.js";
import type { Roi } from "../../../src/space/roi.js";
import { fetcherOn, ModelPool } from "../../support/model/model-fetcher.js";
import { modelStack } from "../../support/model/model-stack.js";

const count = fc.nat(1000);
const mirrors = fc.record({ position: count, title: fc.string(), id: fc.constantFrom(null, 3, "a") });
const blocks = fc.record({
  level: count,
  at: fc.tuple(count, count, count),
});
const counts = fc.record({
  planned: count,
  fetched: count,
  cached: count,
  filled: count,
  empty: count,
  elsewhere: count,
});
const causes = Object.keys(noFills) as FillCause[];
const error = fc.record({ message: fc.string() });
const replaced = fc.record({ section: fc.nat(9), sources: fc.tuple(count) });
const reports: fc.Arbitrary<FetchReport> = fc
  .record({
    mirror: mirrors,
    failovers: fc.array(fc.record({ from: mirrors, to: mirrors, error })),
    elsewhere: fc.array(fc.record({ block: blocks, mirror: mirrors })),
    blocks: counts,
    filled: fc.array(fc.record({ block: blocks, cause: fc.constantFrom(...causes) })),
    fills: fc.record(Object.fromEntries(causes.map((cause) => [cause, count])) as typeof fills),
    replaced: fc.uniqueArray(replaced, { selector: ({ section }) => section }),
    retries: count,
    bytes: count,
    outside: count,
    decoders: fc.dictionary(fc.constantFrom("png-ts", "png-wasm", "jpeg-wasm"), count),
  })
  .map((report) => ({ ...report, tiles: report.blocks }));
const fills: Record<FillCause, fc.Arbitrary<number>> = {
  missing: count,
  "broken-slice": count,
  "not-held": count,
  "short-tile": count,
  failed: count,
};

describe("mergeReports", () => {
  test("property: is associative, keeps one report as it is, and its numbers add up", () => {
    const property = fc.property(reports, reports, reports, (a, b, c) => {
      const all = mergeReports(a, b, c);
      expect(mergeReports(mergeReports(a, b), c)).toEqual(all);
      expect(mergeReports(a, mergeReports(b, c))).toEqual(all);
      expect(mergeReports(a)).toEqual(a);
      expect(all.mirror).toEqual(a.mirror);
      expect(all.tiles).toEqual(all.blocks);
      const sum = (number: (report: FetchReport) => number): number => number(a) + number(b) + number(c);
      for (const name of ["planned", "fetched", "cached", "filled", "elsewhere"] as const)
        expect(all.blocks[name]).toBe(sum((report) => report.blocks[name]));
      for (const name of ["retries", "bytes", "outside"] as const)
        expect(all[name]).toBe(sum((report) => report[name]));
      for (const cause of causes) expect(all.fills[cause]).toBe(sum((report) => report.fills[cause]));
      for (const decoder of Object.keys(all.decoders))
        expect(all.decoders[decoder]).toBe(sum(({ decoders }) => decoders[decoder] ?? 0));
      for (const list of ["filled", "elsewhere", "failovers"] as const)
        expect(all[list]).toEqual([...a[list], ...b[list], ...c[list]]);
      const sections = new Set([a, b, c].flatMap((report) => report.replaced.map(({ section }) => section)));
      expect(all.replaced.map(({ section }) => section)).toEqual(
        [...sections].sort((one, other) => one - other),
      );
      expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    });
    fc.assert(property);
  });

  test("lists end after 10,000 entries, and numbers do not", () => {
    const [one] = fc.sample(reports, 1) as [FetchReport];
    const filled: FilledBlock[] = Array.from({ length: 6000 }, (_, col) => ({
      block: { level: 0, at: [0, 0, col] },
      cause: "missing",
    }));
    const long = { ...one, filled, fills: { ...noFills, missing: 6000 } };
    const merged = mergeReports(long, long);
    expect(merged.filled).toEqual([...filled, ...filled].slice(0, mostListed));
    expect(merged.fills.missing).toBe(12_000);
  });
});

describe("the report of a fetch", () => {
  // As many tiles of one voxel as a list does not hold.
  const side = 101;
  const tiny = modelStack({ dimension: { x: side, y: side, z: 3 }, tileWidth: 1, tileHeight: 1 });
  const section = [
    [0, 0, 0],
    [1, side, side],
  ] as const;

  test("lists 10,000 filled tiles of more, and onFilled is told of all", async () => {
    const pool = new ModelPool(tiny, () => ({ kind: "missing", status: 404, bodyBytes: 0 }));
    const told: FilledBlock[] = [];
    const { report } = await fetcherOn(pool, tiny).get(section, { onFilled: (entry) => told.push(entry) });
    expect(report.filled).toHaveLength(mostListed);
    expect(report.blocks.filled).toBe(side ** 2);
    expect(report.fills).toEqual({ ...noFills, missing: side ** 2 });
    expect(told.slice(0, mostListed)).toEqual(report.filled);
    expect(new Set(told.map(({ tile }) => `${tile?.row} ${tile?.col}`)).size).toBe(side ** 2);
  });

  test("is JSON that reads the same again, whatever was filled", async () => {
    const stack = modelStack({ brokenSlices: [1, 3] });
    const pool = new ModelPool(stack, ({ row, col }) =>
      row === 0 && col === 0
        ? { kind: "missing", status: 404, bodyBytes: 0 }
        : col === 1
          ? failing
          : undefined,
    );
    const fetcher = fetcherOn(pool, stack, { retry: { attempts: 1 }, brokenSliceHandling: "closest" });
    const { report } = await fetcher.get(
      [
        [-1, -5, -5],
        [4, 120, 160],
      ],
      { onTileError: "fill" },
    );
    expect(report.fills).toMatchObject({ missing: 4, failed: 12 });
    expect(report.filled).toContainEqual(
      expect.objectContaining({
        error: { code: "tile-fetch", reason: "http", status: 400, message: expect.stringContaining("no") },
      }),
    );
    expect(JSON.parse(JSON.stringify(report))).toStrictEqual(report);
  });

  test("what onFilled throws rejects the fetch, as with onProgress", async () => {
    const pool = new ModelPool(tiny, () => ({ kind: "missing", status: 404, bodyBytes: 0 }));
    const mine = new Error("mine");
    const onFilled = (): void => {
      throw mine;
    };
    const got = await fetcherOn(pool, tiny)
      .get(section, { onFilled })
      .catch((reason: unknown) => reason);
    expect(got).toBe(mine);
    expect(reportOf(got)).toBeUndefined();
  });

  test("onFilled must be a function", async () => {
    const got = fetcherOn(new ModelPool(tiny), tiny).get(section, { onFilled: 1 as never });
    await expect(got).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("onFilled"),
    });
  });
});

const failing = {
  kind: "error",
  error: { reason: "http", message: "no", url: "http://model/", status: 400 },
} as const;

/** Something that is waited for until it is opened. */
class Gate {
  open = (): void => {};
  readonly opened: Promise<void> = new Promise((resolve) => {
    this.open = resolve;
  });
}

describe("reportOf", () => {
  const stack = modelStack();
  const roi = [
    [0, 0, 0],
    [2, 107, 150],
  ] as const; // 2 × 9 tiles

  test("says what was done until a fetch was rejected", async () => {
    const pool = new ModelPool(stack, ({ depth, row }) => (depth === 1 && row === 2 ? failing : undefined));
    const fetcher = fetcherOn(pool, stack, { maxRequests: 1 });
    const got: unknown = await fetcher.get(roi).catch((reason: unknown) => reason);
    expect(got).toBeInstanceOf(TileFetchError);
    expect(reportOf(got)?.blocks).toEqual({
      planned: 18,
      fetched: 15,
      cached: 0,
      filled: 0,
      empty: 0,
      elsewhere: 0,
    });
    expect(reportOf(got)).toBe((got as { report?: unknown }).report);
    expect(JSON.stringify(got)).not.toContain("planned");
  });

  test("says of two fetches that share the failing request what each has done", async () => {
    const pool = new ModelPool(stack, ({ row, col }) => (row === 2 && col === 2 ? failing : undefined));
    // It fails when both wait for it, the second one for nothing else.
    const [asked, allElse] = [new Gate(), new Gate()];
    const run = pool.run.bind(pool);
    pool.run = async (job, signal) => {
      const result = await run(job, signal);
      if (result !== failing) return result;
      asked.open();
      await allElse.opened;
      return result;
    };
    const fetcher = fetcherOn(pool, stack);
    const rejection = (region: Roi, options: GetOptions = {}): Promise<unknown> =>
      fetcher.get(region, options).catch((reason: unknown) => reason);
    const one = rejection([
      [0, 96, 128],
      [1, 107, 150],
    ]);
    await asked.opened;
    const whole = rejection(
      [
        [0, 0, 0],
        [1, 107, 150],
      ],
      { onProgress: ({ done }) => done === 8 && allElse.open() },
    );
    const got = await Promise.all([one, whole]);
    expect(pool.asked.filter(({ row, col }) => row === 2 && col === 2)).toHaveLength(1);
    expect(got.map((reason) => reportOf(reason)?.blocks.planned)).toEqual([1, 9]);
    const [first, second] = got as [TileFetchError, TileFetchError];
    for (const reason of [first, second]) {
      expect(reason).toBeInstanceOf(TileFetchError);
      expect(reason).toMatchObject({ code: "tile-fetch", status: 400, attempts: 1, message: first.message });
      expect(reason.stack).toContain(first.message);
      expect(Object.prototype.toString.call(reason)).toBe("[object Error]");
    }
  });

  test("has nothing of a fetch that was aborted: the reason is the very one that was given", async () => {
    const fetcher = fetcherOn(new ModelPool(stack), stack);
    const controller = new AbortController();
    const reason = new TileFetchError({ reason: "http", message: "x", url: "u", status: 500 }, 1, undefined);
    const onProgress = (): void => controller.abort(reason);
    const got = await fetcher
      .get(roi, { signal: controller.signal, onProgress })
      .catch((error: unknown) => error);
    expect(got).toBe(reason);
    expect(Object.hasOwn(reason, "report")).toBe(false);
  });

  test.each([
    [
      "a region that is none",
      {
        roi: [
          [0, 0],
          [1, 1],
        ] as never,
        options: {},
      },
    ],
    ["a wrong out", { roi, options: { out: new Uint8Array(3) } }],
    ["a zoom level that is none", { roi, options: { zoomLevel: -1 } }],
  ])("has nothing of what comes before the first request: %s", async (_what, { roi: region, options }) => {
    const fetcher = fetcherOn(new ModelPool(stack), stack);
    const got: unknown = await fetcher.get(region, options).catch((reason: unknown) => reason);
    expect(got).toBeInstanceOf(Error);
    expect(reportOf(got)).toBeUndefined();
  });

  test("has nothing of credentials that are none, which come before the first request", async () => {
    const fetcher = fetcherOn(new ModelPool(stack), stack);
    for (const auth of [{ headers: { "no name": "x" } }, { token: "\n" }] as never[]) {
      const got: unknown = await (async () => {
        fetcher.auth = auth;
        return fetcher.get(roi);
      })().catch((reason: unknown) => reason);
      expect(reportOf(got)).toBeUndefined();
    }
  });

  test.each([undefined, null, "no", new Error("no"), { report: {} }])("of %s is nothing", (value) => {
    expect(reportOf(value)).toBeUndefined();
  });
});
