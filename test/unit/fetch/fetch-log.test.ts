import { describe, expect, test } from "vitest";
import { TileFetchError } from "../../../src/errors.js";
import { FetchLog } from "../../../src/fetch/fetch-log.js";
import type { FetchProgress, FilledBlock, ReportedBlock } from "../../../src/fetch/fetch-report.js";
import { mostListed, noFills, reportedMirror } from "../../../src/fetch/fetch-report.js";
import type { BlockIndex } from "../../../src/space/block.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { tileSourceOf } from "../../support/model/tile-sources.js";

const tileOptions = { fileExtension: "png", tileWidth: 64, tileHeight: 48, tileSourceType: 1 } as const;
const mirror = new StackMirror({
  ...tileOptions,
  imageBase: "https://user:very-secret@host.example/tiles/",
  auth: { token: "very-secret" },
  title: "first",
  position: 4,
  id: 7,
});
const named = { position: 4, title: "first", id: 7 };
const source = tileSourceOf(mirror);
const block = (col: number): BlockIndex => ({ level: 0, at: [0, 0, col] });
const tile = (col: number, width = 64): ReportedBlock => ({
  block: block(col),
  tile: { depth: 0, row: 0, col, zoomLevel: 0, width, height: 48 },
});
const plan = { outsideVoxels: 5, replacedSections: [{ section: 3, sources: [2, 4] }] };

function logUnderTest(planned: number) {
  const progress: FetchProgress[] = [];
  return {
    log: new FetchLog(mirror, plan, planned, { onProgress: (state) => progress.push(state) }),
    progress,
  };
}

const failure = new TileFetchError({ reason: "http", message: "x", url: "u", status: 500 }, 3, undefined);
const failed = { code: "tile-fetch", reason: "http", status: 500, message: failure.message } as const;

describe("FetchLog", () => {
  test("counts what became of each tile", () => {
    const { log, progress } = logUnderTest(6);
    log.fetched(block(0), source, { retries: 2, bodyBytes: 100, decoder: "png-ts" });
    log.fetched(block(0), source, { retries: 0, bodyBytes: 50, decoder: "jpeg-wasm" });
    log.fetched(block(0), source, { retries: 0, bodyBytes: 25, decoder: "png-ts" });
    log.cached(block(0), source);
    log.filled({ ...tile(1), cause: "missing", url: "u" }, { retries: 1, bodyBytes: 7 });
    log.filled({ ...tile(2), cause: "broken-slice" });
    expect(log.finish()).toEqual({
      mirror: named,
      failovers: [],
      elsewhere: [],
      blocks: { planned: 6, fetched: 3, cached: 1, filled: 2, empty: 0, elsewhere: 0 },
      tiles: { planned: 6, fetched: 3, cached: 1, filled: 2, empty: 0, elsewhere: 0 },
      filled: [
        { ...tile(1), cause: "missing", url: "u" },
        { ...tile(2), cause: "broken-slice" },
      ],
      fills: { ...noFills, missing: 1, "broken-slice": 1 },
      replaced: [{ section: 3, sources: [2, 4] }],
      retries: 3,
      bytes: 182,
      outside: 5,
      decoders: { "png-ts": 2, "jpeg-wasm": 1 },
    });
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 6]);
    expect(progress[4]).toEqual({
      planned: 6,
      fetched: 3,
      cached: 1,
      filled: 1,
      empty: 0,
      elsewhere: 0,
      done: 5,
      retries: 3,
      bytes: 182,
    });
  });

  test("a short tile is named, and is no filled tile", () => {
    const { log, progress } = logUnderTest(1);
    log.fetched(block(0), source, { retries: 0, bodyBytes: 1, decoder: "png-ts" });
    log.short(tile(0), "u");
    const report = log.finish();
    expect(report.tiles).toEqual({ planned: 1, fetched: 1, cached: 0, filled: 0, empty: 0, elsewhere: 0 });
    expect(report.fills).toEqual({ ...noFills, "short-tile": 1 });
    expect(report.filled).toEqual([{ ...tile(0), cause: "short-tile", url: "u" }]);
    expect(progress).toHaveLength(2);
  });

  test("a failed tile keeps its error; uses that share the error count its retries once", () => {
    const { log } = logUnderTest(2);
    log.failed(tile(0), failure);
    log.failed(tile(0), failure);
    const report = log.finish();
    expect(report).toMatchObject({ retries: 2, bytes: 0, tiles: { filled: 2 } });
    expect(report.filled[0]).toEqual({ ...tile(0), cause: "failed", url: "u", error: failed });
  });

  test("no progress goes beyond the planned number, which may be too low for a writer", () => {
    const { log, progress } = logUnderTest(1);
    for (const col of [0, 1]) log.filled({ ...tile(col), cause: "not-held" });
    expect(progress.map(({ done, planned }) => [done, planned])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test("another mirror is named, with what came from it and what was tried before", () => {
    const { log, progress } = logUnderTest(2);
    const other = new StackMirror({ ...tileOptions, imageBase: "https://other.example/", tileWidth: 32 });
    log.fetched(block(0), source, { retries: 0, bodyBytes: 1, decoder: "png-ts" });
    log.abandoned(failure);
    log.abandoned(failure);
    const change = { from: named, to: reportedMirror(other), error: failed };
    log.failedOver(change);
    log.replanned(1);
    log.outside(4);
    log.fetched(block(2), tileSourceOf(other), { retries: 0, bodyBytes: 1, decoder: "png-ts" });
    log.cached(block(3), tileSourceOf(other));
    expect(log.finish()).toMatchObject({
      mirror: named,
      failovers: [change],
      elsewhere: [
        { ...tile(2, 32), mirror: reportedMirror(other) },
        { ...tile(3, 32), mirror: reportedMirror(other) },
      ],
      tiles: { planned: 3, fetched: 2, cached: 1, filled: 0, empty: 0, elsewhere: 2 },
      retries: 2,
      outside: 5 + 4,
    });
    expect(progress.at(-1)).toMatchObject({ planned: 3, done: 3 });
  });

  test("a region without tiles has progress all the same: at its end", () => {
    const { log, progress } = logUnderTest(0);
    log.finish();
    expect(progress).toEqual([
      { planned: 0, fetched: 0, cached: 0, filled: 0, empty: 0, elsewhere: 0, done: 0, retries: 0, bytes: 0 },
    ]);
  });

  test("states are snapshots", () => {
    const { log, progress } = logUnderTest(2);
    log.cached(block(0), source);
    log.cached(block(0), source);
    expect(progress.map(({ cached }) => cached)).toEqual([1, 2]);
  });

  test("nobody need listen", () => {
    const log = new FetchLog(mirror, plan, 1, {});
    log.cached(block(0), source);
    expect(log.finish().tiles.cached).toBe(1);
  });

  test("the report is plain JSON, without credentials", () => {
    const { log } = logUnderTest(1);
    log.failed(tile(0), failure);
    log.cached(block(1), source);
    log.short(tile(1), undefined);
    log.failedOver({ from: named, to: { position: 5, title: "other", id: 8 }, error: failed });
    const report = log.finish();
    const json = JSON.stringify(report);
    expect(json).not.toContain("very-secret");
    expect(JSON.parse(json)).toStrictEqual(report);
  });

  test("lists end, numbers go on, and onFilled is told of all", () => {
    const told: FilledBlock[] = [];
    const log = new FetchLog(mirror, plan, 0, { onFilled: (entry) => told.push(entry) });
    const many = mostListed + 5;
    const other = tileSourceOf(new StackMirror({ ...tileOptions, imageBase: "https://other.example/" }));
    for (let col = 0; col < many; col++) {
      log.filled({ ...tile(col), cause: "missing" });
      log.short(tile(col), undefined);
      log.cached(block(col), other);
    }
    const report = log.finish();
    expect([report.filled.length, report.elsewhere.length]).toEqual([mostListed, mostListed]);
    expect(report.filled).toEqual(told.slice(0, mostListed));
    expect(told).toHaveLength(2 * many);
    expect(told.at(-1)).toEqual({ ...tile(many - 1), cause: "short-tile" });
    expect(report.fills).toEqual({ ...noFills, missing: many, "short-tile": many });
    expect(report.blocks).toMatchObject({ filled: many, cached: many, elsewhere: many });
  });

  test("what a listener throws leaves the numbers whole", () => {
    const log = new FetchLog(mirror, plan, 1, {
      onFilled: () => {
        throw new Error("stop");
      },
    });
    const entry = { ...tile(0), cause: "missing" } as const;
    expect(() => log.filled(entry, { retries: 2, bodyBytes: 3 })).toThrow("stop");
    expect(log.report()).toMatchObject({
      blocks: { filled: 1 },
      fills: { missing: 1 },
      retries: 2,
      bytes: 3,
    });
  });

  test("a report that was given does not change", () => {
    const { log } = logUnderTest(2);
    const before = log.report();
    const copy = structuredClone(before);
    log.filled({ ...tile(0), cause: "missing" });
    log.fetched(block(0), source, { retries: 0, bodyBytes: 1, decoder: "png-ts" });
    expect(before).toEqual(copy);
  });
});
