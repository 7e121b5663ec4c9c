import fc from "fast-check";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import { threadKernels } from "../../../../workers/decode/kernel-keeper.js";
import { loadUnpacker, unpack } from "../../../../workers/decode/unpack/unpack.js";
import { type PackedFixture, packedFixtures } from "../../../support/block-files/packed-fixtures.js";
import { joinBytes } from "../../../support/images/build-png.js";
import { mutate, mutations } from "../../../support/images/mutate-file.js";
import { runs } from "../../../support/thorough.js";

await threadKernels.prepare();
await loadUnpacker("zstd");

const html = new TextEncoder().encode("<!doctype html><title>404</title><p>There is no such block.");
const small = packedFixtures.filter(({ file, length }) => length > 0 && file.length < 3000);

/** What a damaged file unpacks to: nothing, or as many bytes as it should; of a format with a checksum only the right ones. */
function verdict(
  { compression, length, checked }: PackedFixture,
  right: Uint8Array,
  damaged: Uint8Array,
): string {
  try {
    const bytes = unpack(compression, damaged, length);
    if (bytes.length !== length) return `${bytes.length} bytes`;
    return !checked || bytes.every((byte, i) => byte === right[i]) ? "as it should be" : "wrong bytes";
  } catch (error) {
    return error instanceof DecodeFailure ? "refused" : `broken: ${error}`;
  }
}

test.each(packedFixtures)(
  "trap 1: $compression, $name: cut, doubled, empty, and an HTML page instead are refused",
  (fixture) => {
    const { compression, file, length } = fixture;
    const right = unpack(compression, file, length);
    const changed = [
      file.subarray(0, file.length >> 1),
      file.subarray(0, -4),
      file.subarray(0, -1),
      file.subarray(4),
      new Uint8Array(),
      html,
      joinBytes([html, file]),
      joinBytes([file, html]),
    ];
    // Twice nothing is nothing.
    if (length > 0) changed.push(joinBytes([file, file]));
    const padded = compression === "gzip" && file.at(-1) === 0 ? ["as it should be"] : [];
    const padding = compression === "xz" && file.at(-1) === 0 ? ["as it should be"] : [];
    for (const damaged of changed)
      expect(["refused", ...padded, ...padding]).toContain(verdict(fixture, right, damaged));
  },
);

test.each(small)("trap 1: $compression, $name: a bit flipped anywhere is refused, or harmless", (fixture) => {
  const right = unpack(fixture.compression, fixture.file, fixture.length);
  const step = Math.ceil(fixture.file.length / runs(100));
  for (let at = 0; at < fixture.file.length; at += step) {
    const damaged = fixture.file.slice();
    damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
    expect(verdict(fixture, right, damaged), `byte ${at}`).toMatch(/^(?:refused|as it should be)$/);
  }
});

test("trap 1: files with several wounds each are refused, or harmless", () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...small), mutations, (fixture, changes) => {
      const right = unpack(fixture.compression, fixture.file, fixture.length);
      const found = verdict(fixture, right, mutate(fixture.file, changes));
      expect(found).toMatch(/^(?:refused|as it should be)$/);
      if (found === "refused") refused += 1;
    }),
    { numRuns: runs(125) },
  );
  expect(refused).toBeGreaterThan(0.7 * runs(125));
});
