import { describe, expect, test } from "vitest";
import type { TileErrorReason, TileErrorRecord } from "../../src/errors.js";
import {
  BrokenSliceError,
  CatmaidApiError,
  ClosedError,
  InvalidOptionError,
  InvalidOutError,
  InvalidRoiError,
  InvalidStackError,
  InvalidZoomLevelError,
  isCatmaidImageError,
  isTileError,
  NoMirrorError,
  TileDecodeError,
  TileFetchError,
  TileMissingError,
  tileErrorFrom,
  UnsupportedMirrorError,
  WorkerError,
} from "../../src/errors.js";

const record = (reason: TileErrorReason): TileErrorRecord => ({
  reason,
  message: "it went wrong",
  url: "http://host/tile",
  status: 500,
});

const all = [
  [new InvalidRoiError("x"), "invalid-roi", RangeError],
  [new InvalidZoomLevelError("x"), "invalid-zoom-level", RangeError],
  [new InvalidOptionError("x"), "invalid-option", TypeError],
  [new InvalidOutError("x"), "invalid-out", TypeError],
  [new InvalidStackError("x"), "invalid-stack", TypeError],
  [new UnsupportedMirrorError("x"), "unsupported-mirror", Error],
  [new NoMirrorError("x"), "no-mirror", Error],
  [new BrokenSliceError("x", 7), "broken-slice", Error],
  [new CatmaidApiError("x", { url: "u", status: 0 }), "api", Error],
  [new WorkerError("x"), "worker", Error],
  [new ClosedError("x"), "closed", Error],
  [new TileMissingError(record("missing"), 1, undefined), "tile-missing", Error],
  [new TileFetchError(record("http"), 1, undefined), "tile-fetch", Error],
  [new TileDecodeError(record("corrupt-image"), 1, undefined), "tile-decode", Error],
] as const;

describe("every class", () => {
  test.each(all)("%s: code %s, its own name, and the built-in class that fits", (error, code, Builtin) => {
    expect(error.code).toBe(code);
    expect(error).toBeInstanceOf(Builtin);
    expect(error.name).toBe(error.constructor.name);
    expect(error.stack).toContain("errors.test");
    expect(isCatmaidImageError(error)).toBe(true);
  });

  test("has a code of its own", () => {
    expect(new Set(all.map(([error]) => error.code)).size).toBe(all.length);
  });
});

describe("isCatmaidImageError", () => {
  test("knows errors that come from elsewhere by their code alone", () => {
    expect(isCatmaidImageError({ code: "tile-fetch", message: "from another realm" })).toBe(true);
    expect(isCatmaidImageError(structuredClone({ code: "closed", message: "" }))).toBe(true);
  });

  test.each([
    [new Error("x")],
    [Object.assign(new Error("x"), { code: "ECONNRESET" })],
    [{ code: "closed" }],
    [{ code: "constructor", message: "x" }],
    [{ code: 404, message: "x" }],
    [null],
    [undefined],
    ["closed"],
    [new DOMException("aborted", "AbortError")],
  ])("is not taken in by %j", (value) => {
    expect(isCatmaidImageError(value)).toBe(false);
  });
});

describe("tileErrorFrom", () => {
  test.each<[TileErrorReason, string]>([
    ["missing", "TileMissingError"],
    ["network", "TileFetchError"],
    ["timeout", "TileFetchError"],
    ["http", "TileFetchError"],
    ["redirect", "TileFetchError"],
    ["too-large", "TileFetchError"],
    ["not-an-image", "TileDecodeError"],
    ["unsupported-image", "TileDecodeError"],
    ["corrupt-image", "TileDecodeError"],
    ["wrong-size", "TileDecodeError"],
  ])("%s is a %s", (reason, name) => {
    const error = tileErrorFrom(record(reason));
    expect(error).toMatchObject({ name, reason, url: "http://host/tile", status: 500, attempts: 1 });
    expect(isTileError(error)).toBe(true);
  });

  test("names the tile and the attempts", () => {
    expect(tileErrorFrom(record("http"), 1).message).toBe("it went wrong");
    expect(tileErrorFrom(record("http"), 3, "tile at row 5").message).toBe(
      "tile at row 5: it went wrong (3 attempts)",
    );
  });
});

test("only errors of tiles are tile errors", () => {
  expect(all.filter(([error]) => isTileError(error)).map(([error]) => error.code)).toEqual([
    "tile-missing",
    "tile-fetch",
    "tile-decode",
  ]);
  expect(isTileError(new Error("x"))).toBe(false);
});

test("a broken slice is told by its number, an API error by all that is known", () => {
  expect(new BrokenSliceError("x", 7).section).toBe(7);
  const cause = new Error("why");
  const error = new CatmaidApiError("x", { url: "u", status: 403, type: "PermissionError", cause });
  expect(error).toMatchObject({ url: "u", status: 403, type: "PermissionError", cause });
  expect("cause" in new CatmaidApiError("x", { url: "u", status: 0 })).toBe(false);
});
