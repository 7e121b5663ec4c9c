import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32c } from "../../src/out/zarr/crc-32c.js";
import { crc32 } from "../../workers/crc-32.js";

/** Bit by bit, as the definition has it. */
function slowly(bytes: Uint8Array, polynomial: number): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
  }
  return ~crc >>> 0;
}

describe("checksums", () => {
  test("are those of the standards: the check values of their catalogues", () => {
    const bytes = new TextEncoder().encode("123456789");
    expect(crc32(bytes, 0, 9)).toBe(0xcbf43926);
    expect(crc32c(bytes)).toBe(0xe3069283);
    expect(crc32(bytes, 4, 4)).toBe(0);
  });

  test("are right for any part of a file, and for views", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(9), (bytes, start) => {
        const end = start + bytes.length;
        const file = new Uint8Array([...new Uint8Array(start), ...bytes, 1, 2]);
        expect(crc32(file, start, end)).toBe(slowly(bytes, 0xedb88320));
        expect(crc32c(file.subarray(start, end))).toBe(slowly(bytes, 0x82f63b78));
      }),
    );
  });
});
