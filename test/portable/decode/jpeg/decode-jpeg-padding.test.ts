import { expect, test } from "vitest";
import { decodeJpeg } from "../../../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../../../workers/decode/jpeg/decode-jpeg-wasm.js";
import padded from "../../../fixtures/jpeg/padded.json" with { type: "json" };
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

test("a whole byte of padding behind the image data is no damage", async () => {
  const { width, height } = padded;
  const file = bytesOf(padded.jpeg);
  const grey = bytesOf(padded.grey);
  expect([...file.slice(-4)]).toEqual([0xff, 0x00, 0xff, 0xd9]);
  expect(decodeJpeg(file, { width, height }).data).toEqual(grey);
  expect(decodeJpegWasm(await kernelsForTests(), file, { width, height })?.data).toEqual(grey);
});
