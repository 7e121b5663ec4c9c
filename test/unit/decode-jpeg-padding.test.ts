import { expect, test } from "vitest";
import { encodeGreyJpeg } from "../../src/export/encode-jpeg.js";
import { decodeJpeg } from "../../workers/decode-jpeg.js";
import { decodeJpegWasm } from "../../workers/decode-jpeg-wasm.js";
import { kernelsForTests } from "../support/kernels-for-tests.js";

/** Files of an encoder that pads data which end on the border of a byte with a whole byte of ones. */
const files = Array.from({ length: 64 }, (_, seed) => {
  const width = 24;
  const data = Uint8Array.from(
    { length: width * width },
    (_, i) => (i * 7 + ((i * i * (seed + 3)) % 61)) & 255,
  );
  return encodeGreyJpeg(data, width, width);
});

test("a whole byte of padding at the end of the image data is no damage", async () => {
  const kernels = await kernelsForTests();
  const padded = files.filter((bytes) => bytes.at(-4) === 0xff && bytes.at(-3) === 0x00);
  expect(padded.length).toBeGreaterThan(0);
  for (const bytes of padded) {
    const expected = decodeJpeg(bytes, { width: 24, height: 24 });
    expect(decodeJpegWasm(kernels, bytes, { width: 24, height: 24 })?.data).toEqual(expected.data);
  }
});
