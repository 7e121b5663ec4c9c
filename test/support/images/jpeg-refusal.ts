import { expect } from "vitest";
import { DecodeFailure } from "../../../src/errors.js";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../../workers/decode/jpeg/decode-jpeg-wasm.js";
import { verdictOf } from "./decode-verdict.js";
import { kernelsForTests } from "./kernels-for-tests.js";

const kernels = await kernelsForTests();

/** Why a JPEG file is refused. Checks that both decoders give the same reason; the message is that of the plain one. */
export function jpegRefusal(
  jpeg: Uint8Array,
  limit: { width: number; height: number } = { width: 100, height: 100 },
): { reason: string; message: string } {
  const reason = verdictOf(() => decodeJpeg(jpeg, limit));
  expect(verdictOf(() => decodeJpegWasm(kernels, jpeg, limit) ?? decodeJpeg(jpeg, limit))).toBe(reason);
  try {
    decodeJpeg(jpeg, limit);
  } catch (error) {
    if (error instanceof DecodeFailure) return { reason, message: error.message };
  }
  throw new Error("the file was not refused");
}
