import fc from "fast-check";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import { createVoxels } from "../../../../src/space/data-type.js";
import type { DecodedBlock } from "../../../../workers/decode/decoded-block.js";
import { threadKernels } from "../../../../workers/decode/kernel-keeper.js";
import { decodeN5Block } from "../../../../workers/decode/n5/decode-n5-block.js";
import { loadUnpacker } from "../../../../workers/decode/unpack/unpack.js";
import { type N5Fixture, n5Fixtures } from "../../../support/block-files/n5-fixtures.js";
import { joinBytes } from "../../../support/images/build-png.js";
import { mutate, mutations } from "../../../support/images/mutate-file.js";
import { sha256 } from "../../../support/sha-256.js";
import { runs } from "../../../support/thorough.js";

await threadKernels.prepare();
await loadUnpacker("zstd");

test("there are fixtures of every compression", () => {
  const compressions = new Set(n5Fixtures.map(({ codec }) => codec.compression));
  expect([...compressions].sort()).toEqual(["blosc", "bzip2", "gzip", "lz4", "raw", "xz", "zlib", "zstd"]);
});

test.each(n5Fixtures)(
  "$name: the voxels that were written",
  async ({ codec, shape, blockShape, blocks, sha256: digest }) => {
    const [depth, height, width] = shape;
    const volume = createVoxels(codec.dataType, depth * height * width) as Uint8Array<ArrayBuffer>;
    for (const { file, origin } of blocks) {
      const block = decodeN5Block(file, codec, blockShape);
      for (let z = 0; z < Math.min(block.shape[0], depth - origin[0]); z++)
        for (let y = 0; y < Math.min(block.shape[1], height - origin[1]); y++) {
          const from = (z * block.shape[1] + y) * block.shape[2];
          const row = (block.data as Uint8Array).subarray(
            from,
            from + Math.min(block.shape[2], width - origin[2]),
          );
          volume.set(row, ((origin[0] + z) * height + origin[1] + y) * width + origin[2]);
        }
    }
    expect(await sha256(volume)).toBe(digest);
  },
);

/** Raw samples, Blosc and zstd as numcodecs writes them have no checksum: another value there is one that was written. */
const unchecked: ReadonlySet<string> = new Set(["raw", "blosc", "zstd"]);

/** What a damaged block decodes to: nothing, its voxels; or, where no checksum tells, as many as it should have. */
function verdict(
  { codec, blockShape }: Pick<N5Fixture, "codec" | "blockShape">,
  right: DecodedBlock,
  damaged: Uint8Array,
): string {
  try {
    const { data, shape } = decodeN5Block(damaged, codec, blockShape);
    if (data.length !== shape[0] * shape[1] * shape[2]) return "too few voxels";
    if (shape.some((extent, axis) => extent > (blockShape[axis] ?? 0))) return "too large a block";
    const isRight = data.length === right.data.length && data.every((voxel, i) => voxel === right.data[i]);
    return isRight || unchecked.has(codec.compression) ? "as it should be" : "wrong voxels";
  } catch (error) {
    return error instanceof DecodeFailure ? "refused" : `broken: ${error}`;
  }
}

const html = new TextEncoder().encode("<!doctype html><title>404</title><p>There is no such block.");

test.each(n5Fixtures)(
  "trap 1: $name: every block cut, doubled, empty, or an HTML page is refused",
  (fixture) => {
    for (const { file } of fixture.blocks) {
      const right = decodeN5Block(file, fixture.codec, fixture.blockShape);
      const damaged = [
        file.subarray(0, file.length >> 1),
        file.subarray(0, -4),
        file.subarray(0, -1),
        joinBytes([file, file]),
        joinBytes([file, html]),
        new Uint8Array(),
        html,
      ];
      for (const bytes of damaged) expect(verdict(fixture, right, bytes)).toBe("refused");
    }
  },
);

test.each(n5Fixtures)("trap 1: $name: a bit flipped in any block is refused, or harmless", (fixture) => {
  for (const [i, { file }] of fixture.blocks.entries()) {
    const right = decodeN5Block(file, fixture.codec, fixture.blockShape);
    // The whole header, and so many places behind it, others in each block.
    const places = [...Array(16).keys()];
    for (let at = 16 + i; at < file.length; at += Math.ceil(file.length / 60)) places.push(at);
    for (const at of places) {
      const damaged = file.slice();
      damaged[at] = (damaged[at] as number) ^ (1 << ((at + i) % 8));
      expect(verdict(fixture, right, damaged), `byte ${at}`).toMatch(/^(?:refused|as it should be)$/);
    }
  }
});

test("trap 1: 500 blocks with several wounds each are refused, or harmless", () => {
  let refused = 0;
  const any = fc.constantFrom(...n5Fixtures).chain((fixture) =>
    fc.record({
      fixture: fc.constant(fixture),
      block: fc.constantFrom(...fixture.blocks),
      changes: mutations,
    }),
  );
  fc.assert(
    fc.property(any, ({ fixture, block: { file }, changes }) => {
      const right = decodeN5Block(file, fixture.codec, fixture.blockShape);
      const found = verdict(fixture, right, mutate(file, changes));
      expect(found).toMatch(/^(?:refused|as it should be)$/);
      if (found === "refused") refused += 1;
    }),
    { numRuns: runs(125) },
  );
  expect(refused).toBeGreaterThan(0.6 * runs(125));
});
