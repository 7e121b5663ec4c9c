import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJpeg } from "../../../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../../../workers/decode/jpeg/decode-jpeg-wasm.js";
import { verdictOf } from "../../../support/images/decode-verdict.js";
import { putJpegTogether, takeJpegApart } from "../../../support/images/edit-jpeg.js";
import { jpegFixture, jpegFixtures } from "../../../support/images/jpeg-fixtures.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";
import { mutate, mutations } from "../../../support/images/mutate-file.js";
import { runs } from "../../../support/thorough.js";

const kernels = await kernelsForTests();
const limit = { width: 200, height: 200 };

/** The verdict of both decoders, which must be the same where the kernel takes the file. */
function verdict(jpeg: Uint8Array): string {
  const expected = verdictOf(() => decodeJpeg(jpeg, limit));
  expect(verdictOf(() => decodeJpegWasm(kernels, jpeg, limit) ?? decodeJpeg(jpeg, limit))).toBe(expected);
  return expected;
}

const kinds = [
  "grey-9x7",
  "grey-optimized",
  "grey-restart-unaligned",
  "colour-9x7",
  "colour-scans-apart",
  "progressive-9x7",
  "grey-progressive-restart",
  "rgb",
];

test.each(kinds)("%s cut off anywhere is an error", (name) => {
  const { jpeg } = jpegFixture(name);
  for (let length = 0; length < jpeg.length; length++) {
    const expected = length < 2 ? "not-an-image" : "corrupt-image";
    expect(verdict(jpeg.subarray(0, length)), `${length} bytes`).toBe(expected);
  }
});

test.each(kinds)("%s cut off anywhere and closed with an end marker is an error too", (name) => {
  const { segments, data } = takeJpegApart(jpegFixture(name).jpeg);
  for (let length = 0; length < data.length - 2; length++) {
    const cut = Uint8Array.of(...data.subarray(0, length), 255, 0xd9);
    expect(verdict(putJpegTogether({ segments, data: cut })), `${length} bytes of data`).toBe(
      "corrupt-image",
    );
  }
});

test("no wrong bit in the image data goes unnoticed but by another image, the same in both decoders", () => {
  const { jpeg } = jpegFixture("grey-optimized");
  const { segments, data } = takeJpegApart(jpeg);
  let refused = 0;
  for (let at = 0; at < data.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const damaged = data.slice();
      damaged[at] = (damaged[at] as number) ^ (1 << bit);
      const found = verdict(putJpegTogether({ segments, data: damaged }));
      if (found === "corrupt-image") refused++;
      else expect(found).toMatch(/^45 × 35: |^unsupported-image$/);
    }
  }
  expect(refused).toBeGreaterThan(data.length);
});

test("both decoders agree on mutated files, and throw typed errors only", () => {
  fc.assert(
    fc.property(fc.constantFrom(...jpegFixtures), mutations, ({ jpeg }, changes) => {
      expect(verdict(mutate(jpeg, changes))).toMatch(/^\d|^(corrupt|not-an|unsupported)-image$|^wrong-size$/);
    }),
    { numRuns: runs(125) },
  );
});

test("both decoders agree on extreme coefficients, whatever the tables make of them", () => {
  const { jpeg } = jpegFixture("grey-extremes-100");
  const { segments, data } = takeJpegApart(jpeg);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 64, maxLength: 64 }), (steps) => {
      const edited = segments.map(({ marker, content }) =>
        marker === 0xdb ? { marker, content: Uint8Array.of(content[0] ?? 0, ...steps) } : { marker, content },
      );
      expect(verdict(putJpegTogether({ segments: edited, data }))).toMatch(/^24 × 24: /);
    }),
  );
});
