import { gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { deflate } from "../../../workers/encode/deflate.node.js";

const size = 2 ** 18;

/** Grey levels around a mean, as in micrographs: by a generator of numbers that is the same everywhere. */
function noise(): Uint8Array {
  let state = 1;
  const next = () => {
    state = Math.imul(state, 1664525) + 1013904223;
    return state >>> 26;
  };
  return Uint8Array.from({ length: size }, () => 90 + next() + next());
}

const blank = new Uint8Array(size);
const labels = new Uint8Array(
  BigUint64Array.from({ length: size / 8 }, (_, i) => 2n ** 40n + BigInt(i >> 9)).buffer,
);
const half = noise();
half.set(half.subarray(0, size / 2), size / 2);
const framed = noise();
framed.fill(0, 0, size / 4);
const repeated = noise();
for (let at = 4096; at < size; at += 4096) repeated.copyWithin(at, 0, 4096);

const volumes = { noise: noise(), blank, labels, half, framed, repeated, short: noise().slice(0, 5000) };

describe.each(Object.entries(volumes))("%s", (_, bytes) => {
  test.each([1, 4, 9])("is packed as it is, and no longer than zlib packs it, at level %i", (level) => {
    const packed = deflate(bytes, "gzip", level);
    expect(gunzipSync(packed).equals(bytes)).toBe(true);
    expect(packed.length).toBeLessThanOrEqual(1.01 * gzipSync(bytes, { level }).length);
    expect(inflateSync(deflate(bytes, "zlib", level)).equals(bytes)).toBe(true);
  });

  test("is stored at level 0", () => {
    expect(deflate(bytes, "gzip", 0).length).toBeGreaterThan(bytes.length);
  });
});

test("in noise nothing but runs is looked for, which makes it shorter", () => {
  const everything = gzipSync(noise(), { level: 4, memLevel: 9 });
  expect(deflate(noise(), "gzip", 4).length).toBeLessThan(everything.length);
});
