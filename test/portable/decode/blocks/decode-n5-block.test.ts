import fc from "fast-check";
import { gzipSync, zlibSync } from "fflate";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import type { Triple } from "../../../../src/space/axis-order.js";
import { bytesPerVoxel, dataTypes } from "../../../../src/space/data-type.js";
import type { DecodedBlock } from "../../../../workers/decode/decoded-block.js";
import { decodeN5Block } from "../../../../workers/decode/n5/decode-n5-block.js";
import { loadUnpacker } from "../../../../workers/decode/unpack/unpack.js";
import type { N5Codec } from "../../../../workers/protocol.js";
import { swapBytes } from "../../../../workers/swap-bytes.js";
import { bigEndian, n5Block } from "../../../support/block-files/n5-block.js";
import { packedFixture } from "../../../support/block-files/packed-fixtures.js";
import { joinBytes } from "../../../support/images/build-png.js";

await loadUnpacker("lz4");

const codec: N5Codec = { kind: "n5", dataType: "uint8", compression: "raw", axes: [2, 1, 0], rank: 3 };

function decode(file: Uint8Array, changes: Partial<N5Codec> = {}, most: Triple = [4, 4, 4]): DecodedBlock {
  return decodeN5Block(file, { ...codec, ...changes }, most);
}

function refusal(...[file, changes, most]: Parameters<typeof decode>): string {
  try {
    decode(file, changes, most);
    return "none";
  } catch (error) {
    if (error instanceof DecodeFailure) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i + 1);

test("trap 4: an edge block is of the size that its header tells, cropped or full", () => {
  const cropped = decode(n5Block([2, 3, 1], counting(6)));
  expect(cropped).toEqual({ data: counting(6), shape: [1, 3, 2], decoder: "n5-raw" });
  expect(decode(n5Block([4, 4, 4], counting(64))).shape).toEqual([4, 4, 4]);
});

test("trap 4: raw samples are exactly as many as the header tells", () => {
  expect(refusal(n5Block([2, 3, 1], counting(5)))).toMatch(/^corrupt-image: .* 5 bytes, not the 6 /);
  expect(refusal(n5Block([2, 3, 1], counting(7)))).toMatch(/^corrupt-image: .* 7 bytes, not the 6 /);
  const whole = n5Block([2, 3, 1], counting(6));
  for (let length = 0; length < whole.length; length++)
    expect(refusal(whole.subarray(0, length)), `${length} bytes`).toMatch(/^(?:corrupt|not-an)-image: /);
  expect(refusal(joinBytes([whole, whole]))).toMatch(/^corrupt-image: /);
});

test("trap 5: a header larger than a block may be, before memory is taken", () => {
  expect(refusal(n5Block([5, 4, 4], counting(80)))).toMatch(/^wrong-size: .*5 × 4 × 4.*4 × 4 × 4/);
  expect(refusal(n5Block([4294967295, 4294967295, 4294967295], new Uint8Array(9)))).toMatch(/^wrong-size: /);
  expect(refusal(n5Block([0, 4, 4], new Uint8Array()))).toMatch(/^corrupt-image: .*0 × 4 × 4/);
});

test("trap 5: a block of two axes where the dataset has three", () => {
  expect(refusal(n5Block([4, 4], counting(16)))).toMatch(/^corrupt-image: .*2 axes, where the dataset has 3/);
});

test("trap 5: mode 1 with as many elements as voxels is a plain block, with others it is a label multiset", () => {
  const samples = counting(6);
  const mode1 = (count: number): Uint8Array => n5Block([2, 3, 1], samples, { mode: 1, count });
  expect(decode(mode1(6)).data).toEqual(samples);
  expect(refusal(mode1(7))).toMatch(/^unsupported-image: .*label multiset \(mode 1\)/);
});

test("trap 5: mode 2 and label multisets are refused by name", () => {
  expect(refusal(Uint8Array.of(0, 2, 0, 0, 0, 9))).toMatch(/^unsupported-image: .*objects \(mode 2\)/);
});

test("trap 1: what is no N5 block is named", () => {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  expect(refusal(text("<!doctype html><title>404</title>"))).toBe(
    "not-an-image: it is an HTML page, no N5 block",
  );
  expect(refusal(text('{"error": "gone"}'))).toBe("not-an-image: it is JSON, no N5 block");
  expect(refusal(gzipSync(n5Block([1, 1, 1], counting(1))))).toBe(
    "not-an-image: it is gzip-compressed data, no N5 block",
  );
  expect(refusal(new Uint8Array())).toBe("not-an-image: it is empty, no N5 block");
});

test("trap 6: gzip, and with useZlib a zlib stream, are not the same", () => {
  const samples = counting(64);
  const [gzip, zlib] = [gzipSync(samples), zlibSync(samples)].map((packed) => n5Block([4, 4, 4], packed)) as [
    Uint8Array,
    Uint8Array,
  ];
  expect(decode(gzip, { compression: "gzip" })).toEqual({
    data: samples,
    shape: [4, 4, 4],
    decoder: "n5-gzip",
  });
  expect(decode(zlib, { compression: "zlib" }).data).toEqual(samples);
  expect(refusal(gzip, { compression: "zlib" })).toMatch(/^corrupt-image: .*zlib header/);
  expect(refusal(zlib, { compression: "gzip" })).toMatch(/^corrupt-image: .*gzip header/);
});

test("the decoder's name tells how a Blosc container is packed", () => {
  const { file, length } = packedFixture("blosc", "lz4hc, shuffle bits, elements of 4, blocks of 512");
  const block = n5Block([length, 1, 1], file);
  expect(decode(block, { compression: "blosc" }, [1, 1, length]).decoder).toBe("n5-blosc-lz4");
});

const values: Readonly<Record<string, readonly (number | bigint)[]>> = {
  uint8: [0, 255],
  int8: [-128, 127, -1],
  uint16: [0, 0x0102, 0xfffe],
  int16: [-32768, 0x0102, -2],
  uint32: [0, 0x01020304, 0xfffefdfc],
  int32: [-(2 ** 31), 0x01020304, -2],
  uint64: [0n, 2n ** 53n + 1n, 2n ** 64n - 1n, 0x0102030405060708n],
  int64: [-(2n ** 63n), 2n ** 53n + 1n, -2n],
  float32: [0, -1.5, 2 ** -140, Number.POSITIVE_INFINITY],
  float64: [0, -1.1, 5e-324, Number.NEGATIVE_INFINITY],
};

test.each(dataTypes)("trap 8: big-endian %s, wherever in a buffer the body lies", (dataType) => {
  const numbers = values[dataType] ?? [];
  for (let count = 1; count <= numbers.length; count++) {
    const block = n5Block([count, 1, 1], bigEndian(dataType, numbers.slice(0, count)));
    for (let shift = 0; shift < 9; shift++) {
      const within = joinBytes([new Uint8Array(shift), block]).subarray(shift);
      const { data } = decode(within, { dataType }, [1, 1, 4]);
      expect(Array.from(data as Iterable<number | bigint>)).toEqual(numbers.slice(0, count));
      expect(data.buffer.byteLength).toBe(count * bytesPerVoxel(dataType));
      expect(within).toEqual(block);
    }
  }
});

test("trap 8: bytes swapped twice are what they were, whatever they mean", () => {
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 4, 8), fc.array(fc.nat(255), { maxLength: 20 }), (size, some) => {
      const bytes = Uint8Array.from(
        { length: size * some.length },
        (_, i) => (some[i % some.length] ?? 0) ^ i,
      );
      const swapped = bytes.slice();
      swapBytes(swapped, size);
      for (let i = 0; i < bytes.length; i++) {
        const mirrored = i - (i % size) + size - 1 - (i % size);
        expect(swapped[i]).toBe(bytes[mirrored]);
      }
    }),
  );
});

test.each([
  [[2, 1, 0], "0_1_2"],
  [[0, 1, 2], "2_1_0"],
  [[1, 2, 0], "0_2_1"],
  [[0, 2, 1], "1_2_0"],
] as const)("trap 9: axes %j of the dataset are z, y, x (slice dims %s)", (axes, _name) => {
  // Sizes that differ along all axes; the first axis of the file is the fastest.
  const size = [2, 3, 4] as const;
  const file = n5Block(size, counting(24));
  const most = axes.map((axis) => size[axis]) as unknown as Triple;
  const { data, shape } = decode(file, { axes }, most);
  expect(shape).toEqual(most);
  const expected: number[] = [];
  for (let z = 0; z < most[0]; z++)
    for (let y = 0; y < most[1]; y++)
      for (let x = 0; x < most[2]; x++) {
        const at = [0, 0, 0];
        axes.forEach((axis, i) => {
          at[axis] = [z, y, x][i] as number;
        });
        const [a, b, c] = at as [number, number, number];
        expect(a < 2 && b < 3 && c < 4).toBe(true);
        expected.push(1 + a + 2 * (b + 3 * c));
      }
  expect(Array.from(data as Uint8Array)).toEqual(expected);
  expect(refusal(file, { axes }, [most[0], most[1], most[2] - 1])).toMatch(/^wrong-size: /);
});

test("axes beyond three have length 1, wherever they come", () => {
  const samples = counting(24);
  const plain = decode(n5Block([2, 3, 4], samples), { axes: [1, 2, 0] }, [3, 4, 2]);
  const more = decode(n5Block([1, 2, 1, 3, 4], samples), { axes: [3, 4, 1], rank: 5 }, [3, 4, 2]);
  expect(more).toEqual(plain);
  expect(refusal(n5Block([2, 3, 2, 2], samples), { rank: 4 })).toMatch(/^wrong-size: .*2 × 3 × 2 × 2/);
});
