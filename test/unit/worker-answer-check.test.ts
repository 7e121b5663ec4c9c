import { expect, test } from "vitest";
import { isTileWorkerAnswer } from "../../src/pool/worker-answer-check.js";
import type { TileJob } from "../../workers/protocol.js";

const job = { tileWidth: 4, tileHeight: 3 } as TileJob;
const tile = { kind: "tile", data: new Uint8Array(12), width: 4, height: 3, bodyBytes: 1, decoder: "png-ts" };

test.each([
  ["a whole tile", tile],
  ["a smaller one", { ...tile, data: new Uint8Array(2), width: 1, height: 2 }],
  ["a missing one", { kind: "missing", status: 404, bodyBytes: 0 }],
  ["a body handed back", { kind: "handed-back", body: new Uint8Array(3) }],
  ["an error", { kind: "error", error: { reason: "http", message: "no", url: "", status: 500 } }],
])("%s is a result", (_what, value) => {
  expect(isTileWorkerAnswer(value, job)).toBe(true);
});

test.each([
  ["nothing", undefined],
  ["null", null],
  ["text", "tile"],
  ["another kind", { kind: "other" }],
  ["wrong length", { ...tile, data: new Uint8Array(11) }],
  ["no bytes", { ...tile, data: [1, 2] }],
  ["too wide", { ...tile, data: new Uint8Array(15), width: 5 }],
  ["too high", { ...tile, data: new Uint8Array(16), height: 4 }],
  ["no size", { ...tile, data: new Uint8Array(0), width: 0 }],
  ["half a pixel", { ...tile, data: new Uint8Array(3), width: 1.5, height: 2 }],
  ["missing without status", { kind: "missing" }],
  ["handed back without a body", { kind: "handed-back" }],
  ["an error without a record", { kind: "error" }],
  ["an error without a reason", { kind: "error", error: { message: "no" } }],
])("%s is none", (_what, value) => {
  expect(isTileWorkerAnswer(value, job)).toBe(false);
});
