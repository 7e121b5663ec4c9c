import { expect, test } from "vitest";
import { isWorkerAnswer } from "../../../src/pool/worker-answer-check.js";
import type { BlockJob, Codec } from "../../../workers/protocol.js";
import { tileCodec } from "../../support/model/test-tiles.js";
import { plainJob } from "../../support/pools/hand-driven-pool.js";

const job: BlockJob = { ...plainJob("https://host/1.png"), shape: [1, 3, 4] };
const record = { reason: "http", message: "no", url: "https://host/1.png", status: 500 };
const tile = {
  kind: "block",
  data: new Uint8Array(12),
  shape: [1, 3, 4],
  bodyBytes: 1,
  decoder: "png-ts",
};

test.each([
  ["a whole tile", tile],
  ["a smaller one", { ...tile, data: new Uint8Array(2), shape: [1, 2, 1] }],
  ["a missing one", { kind: "missing", status: 404, bodyBytes: 0 }],
  ["a body handed back", { kind: "handed-back", body: new Uint8Array(3) }],
  ["a tile with its file", { ...tile, bodyBytes: 0, body: new Uint8Array(0) }],
  ["an error", { kind: "error", error: record }],
  ["an error with its file", { kind: "error", error: record, body: new Uint8Array(3) }],
  ["an error without an answer", { kind: "error", error: { ...record, reason: "network", status: 0 } }],
  ["an error that asks to wait", { kind: "error", error: { ...record, retryAfterMs: 2000 } }],
  [
    "one that asks to wait for ever",
    { kind: "error", error: { ...record, retryAfterMs: Number.POSITIVE_INFINITY } },
  ],
  ["one with a masked URL", { kind: "error", error: { ...record, url: "https://host/1.png?token=***&x=1" } }],
])("%s is a result", (_what, value) => {
  expect(isWorkerAnswer(value, job)).toBe(true);
});

test.each([
  ["nothing", undefined],
  ["null", null],
  ["text", "block"],
  ["another kind", { kind: "other" }],
  ["wrong length", { ...tile, data: new Uint8Array(11) }],
  ["no bytes", { ...tile, data: [1, 2] }],
  ["too wide", { ...tile, data: new Uint8Array(15), shape: [1, 3, 5] }],
  ["too high", { ...tile, data: new Uint8Array(16), shape: [1, 4, 4] }],
  ["too deep", { ...tile, data: new Uint8Array(24), shape: [2, 3, 4] }],
  ["no size", { ...tile, data: new Uint8Array(0), shape: [1, 3, 0] }],
  ["half a voxel", { ...tile, data: new Uint8Array(3), shape: [1, 2, 1.5] }],
  ["two axes", { ...tile, shape: [3, 4] }],
  ["four axes", { ...tile, shape: [1, 3, 4, 1] }],
  ["a shape in words", { ...tile, shape: ["1", "3", "4"] }],
  ["a shape that is no list", { ...tile, shape: { 0: 1, 1: 3, 2: 4, length: 3 } }],
  ["no shape", { ...tile, shape: undefined }],
  ["another data type", { ...tile, data: new Uint16Array(12) }],
  ["of the same bytes", { ...tile, data: new Int8Array(12) }],
  ["a tile of no number of bytes", { ...tile, bodyBytes: undefined }],
  ["a tile of NaN bytes", { ...tile, bodyBytes: Number.NaN }],
  ["a tile of fewer than no bytes", { ...tile, bodyBytes: -1 }],
  ["a tile of endless bytes", { ...tile, bodyBytes: Number.POSITIVE_INFINITY }],
  ["a tile of bytes in words", { ...tile, bodyBytes: "12" }],
  ["a tile of no decoder", { ...tile, decoder: undefined }],
  ["a tile of a nameless decoder", { ...tile, decoder: 1 }],
  ["a tile with a file that is none", { ...tile, body: "PNG" }],
  ["missing without status", { kind: "missing", bodyBytes: 0 }],
  ["missing with a status in words", { kind: "missing", status: "404", bodyBytes: 0 }],
  ["missing with status NaN", { kind: "missing", status: Number.NaN, bodyBytes: 0 }],
  ["missing without bytes", { kind: "missing", status: 404 }],
  ["missing with NaN bytes", { kind: "missing", status: 404, bodyBytes: Number.NaN }],
  ["handed back without a body", { kind: "handed-back" }],
  ["an error without a record", { kind: "error" }],
  ["an error without a reason", { kind: "error", error: { ...record, reason: undefined } }],
  ["an error of an unknown reason", { kind: "error", error: { ...record, reason: "mood" } }],
  ["an error of an inherited reason", { kind: "error", error: { ...record, reason: "toString" } }],
  ["an error without a message", { kind: "error", error: { ...record, message: undefined } }],
  ["an error without a URL", { kind: "error", error: { ...record, url: undefined } }],
  ["an error with a URL object", { kind: "error", error: { ...record, url: { href: "https://u:p@host/" } } }],
  ["an error that shows a user", { kind: "error", error: { ...record, url: "https://u:p@host/1.png" } }],
  ["an error that shows a token", { kind: "error", error: { ...record, url: "https://host/1?token=abc" } }],
  ["an error without a status", { kind: "error", error: { ...record, status: undefined } }],
  ["an error with status NaN", { kind: "error", error: { ...record, status: Number.NaN } }],
  ["an error that asks to wait NaN ms", { kind: "error", error: { ...record, retryAfterMs: Number.NaN } }],
  ["an error that asks to wait in words", { kind: "error", error: { ...record, retryAfterMs: "1" } }],
  ["an error with a file that is none", { kind: "error", error: record, body: [1] }],
])("%s is none", (_what, value) => {
  expect(isWorkerAnswer(value, job)).toBe(false);
});

test.each<[string, Partial<BlockJob>, unknown, boolean]>([
  [
    "16-bit voxels",
    { codec: { ...tileCodec, dataType: "uint16" } as Codec },
    { data: new Uint16Array(12) },
    true,
  ],
  ["bytes of a 16-bit job", { codec: { ...tileCodec, dataType: "uint16" } as Codec }, {}, false],
  ["several sections", { shape: [5, 3, 4] }, { data: new Uint8Array(60), shape: [5, 3, 4] }, true],
  ["fewer sections", { shape: [5, 3, 4] }, { data: new Uint8Array(24), shape: [2, 3, 4] }, true],
  ["sections that are not there", { shape: [5, 3, 4] }, { shape: [5, 3, 4] }, false],
])("%s: %o", (_what, changes, answer, isResult) => {
  expect(isWorkerAnswer({ ...tile, ...(answer as object) }, { ...job, ...changes })).toBe(isResult);
});

test("plain bytes may be as many as they are, none too, along one axis", () => {
  const bytes = (shape: readonly number[], data: unknown = new Uint8Array(shape.reduce((a, b) => a * b))) =>
    isWorkerAnswer({ ...tile, data, shape }, { ...job, codec: { kind: "bytes" }, shape: [1, 1, 1] });
  expect([bytes([1, 1, 1000]), bytes([1, 1, 0])]).toEqual([true, true]);
  expect([bytes([1, 10, 100]), bytes([1, 1, 2], new Uint16Array(2))]).toEqual([false, false]);
});
