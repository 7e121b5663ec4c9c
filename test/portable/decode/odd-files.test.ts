import { expect, test } from "vitest";
import { TileDecoder } from "../../../workers/decode/decode-tile.js";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../../workers/decode/jpeg/decode-jpeg-wasm.js";
import { verdictOf } from "../../support/images/decode-verdict.js";
import { jpegFixture } from "../../support/images/jpeg-fixtures.js";
import { kernelsForTests } from "../../support/images/kernels-for-tests.js";
import { oddFiles, refusedFiles } from "../../support/images/odd-files.js";

const kernels = await kernelsForTests();
const limit = { width: 100, height: 100 };
const withKernels = new TileDecoder();
await withKernels.prepare();
const without = new TileDecoder();

/** What is made of a file with the kernels, and without; which must be the same. */
function verdict(file: Uint8Array): string {
  const found = verdictOf(() => withKernels.decode(file, limit));
  expect(verdictOf(() => without.decode(file, limit))).toBe(found);
  return found;
}

function greyOf(file: Uint8Array): Uint8Array {
  const { data } = withKernels.decode(file, limit);
  const plain = without.decode(file, limit);
  expect(plain.decoder).toMatch(/-ts$/);
  expect(plain.data).toEqual(data);
  return data;
}

test.each(oddFiles.filter(({ name }) => name.includes(".")))(
  "$name gives the pixels of its control",
  (odd) => {
    const control = `control.${odd.name.slice(-3)}`;
    expect(greyOf(odd.file)).toEqual(oddFiles.find(({ name }) => name === control)?.grey);
  },
);

test.each(oddFiles)("read: $name", ({ file, grey }) => {
  expect(greyOf(file)).toEqual(grey);
});

test.each(refusedFiles)("refused: $name", ({ file, reason }) => {
  const found = verdict(file);
  expect(found).toMatch(/^(corrupt|unsupported|not-an)-image$/);
  if (reason !== null) expect(found).toBe(reason);
});

test("bytes before a restart marker leave no trace in what follows", () => {
  const { jpeg, grey } = jpegFixture("grey-restart-unaligned");
  for (const rest of [[0xfe], [0xab, 0xcd], [0x12, 0x34, 0x56], [0xf8, 0x77, 0x3a, 0xd1, 0x5b]]) {
    const odd = Array.from(jpeg).flatMap((byte, n) =>
      byte === 0xff && ((jpeg[n + 1] ?? 0) & 0xf8) === 0xd0 ? [...rest, byte] : [byte],
    );
    expect(greyOf(Uint8Array.from(odd)), rest.join(" ")).toEqual(grey);
  }
});

test("the kernel decodes files of odd headers itself", () => {
  for (const name of ["junk-text-before-frame", "no-dht-colour", "dnl-thrice", "avi1", "dqt-zero"]) {
    const { file, grey } = oddFiles.find((odd) => odd.name === name) ?? { file: new Uint8Array(), grey: [] };
    expect(decodeJpegWasm(kernels, file, limit)?.data, name).toEqual(grey);
  }
});

test("further units behind the image are damage, other bytes are not", () => {
  const { jpeg, grey, height } = jpegFixture("grey-optimized");
  const at = jpeg.findIndex((byte, n) => byte === 0xff && jpeg[n + 1] === 0xc0);
  const lower = jpeg.slice();
  lower[at + 6] = height - 16;
  expect(verdict(lower)).toBe("corrupt-image");
  // A last byte that is not padded with ones was cut, or belongs to something else.
  const end = jpeg.length - 2;
  for (const rest of [[0], [0, 0, 0, 0], [0xff, 0], [1, 2, 3, 4, 5, 6, 7]]) {
    const longer = Uint8Array.of(...jpeg.subarray(0, end), ...rest, 0xff, 0xd9);
    expect(decodeJpeg(longer, limit).data, rest.join(" ")).toEqual(grey);
    expect(verdict(longer)).toBe(verdict(jpeg));
  }
});
