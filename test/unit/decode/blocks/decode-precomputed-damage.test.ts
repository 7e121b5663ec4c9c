import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import type { Voxels } from "../../../../src/space/data-type.js";
import { prepareDecoders } from "../../../../workers/decode/decode-tile.js";
import { decodePrecomputedChunk } from "../../../../workers/decode/precomputed/decode-precomputed-chunk.js";
import {
  chunksOf,
  type FixtureChunk,
  precomputedFixtures,
} from "../../../support/block-files/precomputed-fixtures.js";
import { joinBytes } from "../../../support/images/build-png.js";

await prepareDecoders();

const html = new TextEncoder().encode(
  "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>",
);
const flips = 150;

/** The voxels, or nothing where the bytes are refused. */
function decoded(bytes: Uint8Array, { codec, shape }: Omit<FixtureChunk, "bytes">): Voxels | undefined {
  try {
    const { data } = decodePrecomputedChunk(bytes, codec, shape);
    expect(data.length).toBe(shape[0] * shape[1] * shape[2]);
    return data;
  } catch (cause) {
    if (cause instanceof DecodeFailure) return undefined;
    throw cause;
  }
}

function isSame(one: Voxels, other: Voxels | undefined): boolean {
  return other !== undefined && Buffer.from(one.buffer).equals(Buffer.from(other.buffer));
}

test.each(precomputedFixtures)("FORMATS trap 1: damaged chunks of $name", async (fixture) => {
  for (const { bytes, ...chunk } of await chunksOf(fixture)) {
    const { encoding, gzip } = chunk.codec;
    const whole = decoded(bytes, chunk);
    expect(whole).toBeDefined();
    for (const foreign of [html, new Uint8Array(0)]) expect(decoded(foreign, chunk)).toBeUndefined();
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    expect(decoded(half, chunk)).toBeUndefined();
    for (const less of [1, 2, 4, 8]) {
      const found = decoded(bytes.subarray(0, bytes.length - less), chunk);
      // What a segmentation's last words say may be said elsewhere too.
      if (found !== undefined)
        expect([encoding.kind, isSame(found, whole)]).toEqual(["compressed_segmentation", true]);
    }
    const doubled = decoded(joinBytes([bytes, bytes]), chunk);
    if (doubled !== undefined) expect(isSame(doubled, whole)).toBe(true);
    if (encoding.kind === "raw") expect(doubled).toBeUndefined();
    for (let flip = 0; flip < flips; flip++) {
      const flipped = new Uint8Array(bytes);
      // The first bytes, which say what all others are, and some of every part.
      const at =
        flip < Math.min(64, bytes.length) ? flip : Math.floor((bytes.length * (flip - 64)) / (flips - 64));
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (flip & 7));
      const found = decoded(flipped, chunk);
      if (found !== undefined && (gzip || encoding.kind === "png"))
        expect(isSame(found, whole), `byte ${at}`).toBe(true);
    }
  }
});

test("a file that is gzipped at rest, and served without saying so, is called by its name", () => {
  const file = new URL(
    "../../../fixtures/blocks/precomputed/raw_gz_files/s0/0-30_0-16_0-10.gz",
    import.meta.url,
  );
  const packed = new Uint8Array(readFileSync(file));
  const codec = { kind: "precomputed", dataType: "uint8", encoding: { kind: "raw" } } as const;
  const rest = { channels: 1, channel: 0, axes: [2, 1, 0] } as const;
  expect(() => decodePrecomputedChunk(packed, { ...codec, ...rest, gzip: false }, [10, 16, 30])).toThrow(
    "it is gzip-compressed data, not a chunk of the volume",
  );
  expect(decodePrecomputedChunk(packed, { ...codec, ...rest, gzip: true }, [10, 16, 30]).data.length).toBe(
    4800,
  );
});
