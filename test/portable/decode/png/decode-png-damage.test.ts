import fc from "fast-check";
import { expect, test } from "vitest";
import { decodePng } from "../../../../workers/decode/png/decode-png.js";
import { decodePngWasm } from "../../../../workers/decode/png/decode-png-wasm.js";
import { withRightChecksums } from "../../../support/images/build-png.js";
import { verdictOf } from "../../../support/images/decode-verdict.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";
import { mutate, mutations } from "../../../support/images/mutate-file.js";
import { pngFixture, pngFixtures } from "../../../support/images/png-fixtures.js";
import { runs } from "../../../support/thorough.js";

const kernels = await kernelsForTests();
const limit = { width: 200, height: 200 };

/** The verdict of both decoders, which must be the same. */
function verdict(png: Uint8Array): string {
  const expected = verdictOf(() => decodePng(png, limit));
  expect(verdictOf(() => decodePngWasm(kernels, png, limit))).toBe(expected);
  return expected;
}

test.each(["grey-8", "rgb-8", "palette-4-interlaced", "idat-pieces", "deflate-stored"])(
  "%s cut off anywhere is an error",
  (name) => {
    const { png } = pngFixture(name);
    for (let length = 0; length < png.length; length++) {
      expect(verdict(png.subarray(0, length)), `${length} bytes`).toBe(
        length < 8 ? "not-an-image" : "corrupt-image",
      );
    }
  },
);

test("any wrong bit in the header, the image data or their checksums is an error", () => {
  const { png } = pngFixture("grey-8");
  for (let at = 8; at < png.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const damaged = png.slice();
      damaged[at] = (damaged[at] as number) ^ (1 << bit);
      expect(verdict(damaged), `bit ${bit} of byte ${at}`).toMatch(/^(corrupt|not-an|unsupported)-image$/);
    }
  }
});

test("no wrong bit in the zlib stream gives wrong pixels, even where the chunk's checksum was made to fit", () => {
  const { png } = pngFixture("grey-8");
  const intact = verdict(png);
  let refused = 0;
  let flips = 0;
  for (let at = 33 + 8; at < png.length - 16; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const damaged = png.slice();
      damaged[at] = (damaged[at] as number) ^ (1 << bit);
      const found = verdict(withRightChecksums(damaged));
      flips++;
      if (found === "corrupt-image") refused++;
      // Idle bits at the end, or a match that finds the same bytes elsewhere.
      else expect(found === intact, `bit ${bit} of byte ${at}`).toBe(true);
    }
  }
  expect(refused).toBeGreaterThan(0.99 * flips);
});

test("both decoders agree on mutated files, and throw typed errors only", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...pngFixtures.filter(({ bits }) => bits === 8)),
      mutations,
      fc.boolean(),
      ({ png }, changes, repaired) => {
        const mutated = mutate(png, changes);
        verdict(repaired ? withRightChecksums(mutated) : mutated);
      },
    ),
    { numRuns: runs(125) },
  );
});
