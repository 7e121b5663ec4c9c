import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { xxh32, xxh32Of } from "../../../src/out/xxh32.js";
import { crc32 } from "../../../workers/crc-32.js";

/** By the package xxhash of Python, of the first so many of {@link someBytes}. */
const expected: readonly (readonly [length: number, checksum: number])[] = [
  [0, 46947589],
  [1, 3479547966],
  [3, 343163253],
  [4, 3371569093],
  [5, 4251513967],
  [15, 1387102178],
  [16, 3780884165],
  [17, 57326711],
  [31, 102516910],
  [32, 2467129939],
  [33, 3570337706],
  [100, 2919378252],
  [1000, 283281203],
];

function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 3)) & 255);
}

test.each(expected)("is that of xxHash for %i bytes, and for a view at any place", (length, checksum) => {
  const bytes = someBytes(length);
  for (const start of [0, 1, 2, 3, 16]) {
    const view = new Uint8Array(start + length + 5).fill(255).subarray(start, start + length);
    view.set(bytes);
    expect(xxh32(view)).toBe(checksum);
  }
});

test("tells files apart that carry a CRC of their own, which CRC-32 does not", () => {
  const fileOf = (value: number) => new Uint8Array(gzipSync(new Uint8Array(100).fill(value), { level: 0 }));
  const crcOf = (file: Uint8Array) => crc32(file, 0, file.length);
  expect(crcOf(fileOf(0))).toBe(crcOf(fileOf(1)));
  expect(xxh32(fileOf(0))).not.toBe(xxh32(fileOf(1)));
});

test("of checksums depends on each of them, and on their order", () => {
  const all = [[], [1], [2], [1, 2], [2, 1], [0, 1, 2]].map(xxh32Of);
  expect(new Set(all).size).toBe(all.length);
});
