import fc from "fast-check";
import { zlibSync } from "fflate";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import { crc32 } from "../../../../workers/crc-32.js";
import {
  inflateInputSlack,
  inflateOutputSlack,
  inflateZlib,
} from "../../../../workers/decode/inflate/inflate.js";
import { adler32 } from "../../../../workers/decode/inflate/inflate-adler.js";
import { joinBytes, slowAdler32, slowCrc32 } from "../../../support/images/build-png.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";

const kernels = await kernelsForTests();

/** What both make of a stream, garbage around it: its first `size` bytes of at most `most`, or "corrupt". */
function inflate(stream: Uint8Array, size: number, most = size): Uint8Array | "corrupt" {
  const source = joinBytes([
    new Uint8Array(5).fill(255),
    stream,
    new Uint8Array(inflateInputSlack).fill(255),
  ]);
  const target = new Uint8Array(most + inflateOutputSlack).fill(255);
  const regions = kernels.reserve(stream.length, 0, most + 288);
  kernels.bytes().set(source.subarray(5), regions.input);
  const status = kernels.exports.inflateZlib(
    regions.input,
    regions.input + stream.length,
    regions.work,
    size,
    most,
  );
  try {
    inflateZlib(source, 5, 5 + stream.length, target, size, most);
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    expect(status).not.toBe(0);
    return "corrupt";
  }
  expect(status).toBe(0);
  const inflated = target.slice(0, size);
  expect(kernels.bytes().slice(regions.work, regions.work + size)).toEqual(inflated);
  return inflated;
}

/** Bytes with repetitions near and far, and values of very different frequencies. */
const content = fc
  .array(
    fc.oneof(
      fc.record({ fresh: fc.uint8Array({ maxLength: 300 }) }),
      fc.record({ skewed: fc.nat(1 << 20), count: fc.nat(3000) }),
      fc.record({ back: fc.integer({ min: 1, max: 40_000 }), count: fc.nat(700) }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => {
    const bytes: number[] = [];
    for (const part of parts) {
      if ("fresh" in part) bytes.push(...part.fresh);
      else if ("skewed" in part) {
        let state = part.skewed;
        for (let i = 0; i < part.count; i++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          bytes.push(Math.min(255, Math.clz32(state >>> 3) * 9 + (state & 3)));
        }
      } else if (bytes.length > 0) {
        const back = Math.min(part.back, bytes.length);
        for (let i = 0; i < part.count; i++) bytes.push(bytes[bytes.length - back] as number);
      }
    }
    return new Uint8Array(bytes);
  });

test("inflates what was deflated, and nothing longer or shorter", () => {
  fc.assert(
    fc.property(content, fc.constantFrom(0, 1, 6, 9), (bytes, level) => {
      const stream = zlibSync(bytes, { level: level as 0 | 1 | 6 | 9 });
      expect(inflate(stream, bytes.length)).toEqual(bytes);
      expect(inflate(stream, bytes.length + 1)).toBe("corrupt");
      if (bytes.length > 0) expect(inflate(stream, bytes.length - 1)).toBe("corrupt");
    }),
  );
});

test("a surplus is inflated for its checksum, as far as it is allowed", () => {
  fc.assert(
    fc.property(content, fc.constantFrom(0, 1, 6, 9), fc.nat(), (bytes, level, cut) => {
      const stream = zlibSync(bytes, { level: level as 0 | 1 | 6 | 9 });
      const size = cut % (bytes.length + 1);
      expect(inflate(stream, size, bytes.length)).toEqual(bytes.subarray(0, size));
      expect(inflate(stream, size, bytes.length + 9)).toEqual(bytes.subarray(0, size));
      if (bytes.length > size) expect(inflate(stream, size, bytes.length - 1)).toBe("corrupt");
      stream[stream.length - 1] = (stream.at(-1) as number) ^ 1;
      expect(inflate(stream, size, bytes.length)).toBe("corrupt");
    }),
  );
});

test("what follows the stream is ignored, what is missing is an error", () => {
  const bytes = Uint8Array.from({ length: 500 }, (_, i) => (i * i) % 251);
  const stream = zlibSync(bytes);
  expect(inflate(joinBytes([stream, new Uint8Array(9)]), 500)).toEqual(bytes);
  for (let length = 0; length < stream.length; length++) {
    expect(inflate(stream.subarray(0, length), 500), `${length} bytes`).toBe("corrupt");
  }
});

/** A stream of bits, each number written lowest bit first as `[value, size]`; Huffman codes as text of bits. */
function bitStream(...parts: readonly (readonly [number, number] | string)[]): Uint8Array {
  const bits = parts.flatMap((part) =>
    typeof part === "string"
      ? Array.from(part, Number)
      : Array.from({ length: part[1] }, (_, i) => (part[0] >>> i) & 1),
  );
  const body = Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((value, bit, i) => value | (bit << i), 0),
  );
  return new Uint8Array([0x78, 0x9c, ...body]);
}

function withAdler(stream: Uint8Array, content: Uint8Array): Uint8Array {
  const adler = slowAdler32(content);
  return joinBytes([stream, new Uint8Array([adler >>> 24, adler >>> 16, adler >>> 8, adler])]);
}

const ok = new Uint8Array(3).fill(0x41);
const lastFixed = [3, 3] as const;
/** "A" and the end of the block, in fixed codes. */
const [A, end] = ["01110001", "0000000"];

test("fixed codes", () => {
  expect(inflate(withAdler(bitStream(lastFixed, A, A, A, end), ok), 3)).toEqual(ok);
  // A match of 3 at distance 1; of 258 at distance 2.
  const run = new Uint8Array(4).fill(0x41);
  expect(inflate(withAdler(bitStream(lastFixed, A, "0000001", "00000", end), run), 4)).toEqual(run);
  const pairs = Uint8Array.from({ length: 260 }, (_, i) => 0x41 + (i % 2));
  const far = bitStream(lastFixed, A, "01110010", "11000101", "00001", end);
  expect(inflate(withAdler(far, pairs), 260)).toEqual(pairs);
});

const empty = new Uint8Array(0);
test.each([
  ["a block of type 3", bitStream([7, 3]), 0],
  ["a distance before the first byte", bitStream(lastFixed, A, "0000001", "00001", end), 4],
  ["a match at the very start", bitStream(lastFixed, "0000001", "00000", end), 3],
  ["distance code 30", bitStream(lastFixed, A, "0000001", "11110", end), 4],
  ["length code 286", bitStream(lastFixed, A, "11000110", "00000", end), 4],
  ["a stored block whose length is garbled", bitStream([1, 8], [1, 16], [1, 16], [0x41, 8]), 1],
  ["a stored block that goes on too long", bitStream([1, 8], [900, 16], [0xffff - 900, 16], [0x41, 8]), 900],
  ["287 literal codes", bitStream([5, 3], [30, 5], [0, 5], [15, 4], [0, 57]), 0],
  ["31 distance codes", bitStream([5, 3], [0, 5], [30, 5], [15, 4], [0, 57]), 0],
  ["no code lengths", bitStream([5, 3], [0, 5], [0, 5], [0, 4], [0, 12]), 0],
  [
    "an over-full code of code lengths",
    bitStream([5, 3], [0, 5], [0, 5], [0, 4], [1, 3], [1, 3], [1, 3], [0, 3]),
    0,
  ],
  [
    "a repetition of nothing",
    bitStream([5, 3], [0, 5], [0, 5], [0, 4], [1, 3], [0, 3], [0, 3], [1, 3], "1", [0, 2]),
    0,
  ],
])("%s is refused", (_, stream, size) => {
  expect(inflate(withAdler(joinBytes([stream, new Uint8Array(4)]), empty), size)).toBe("corrupt");
});

test.each([
  ["a wrong check", [0x78, 0x9d]],
  ["another method", [0x77, 0x85]],
  ["a window too large", [0x88, 0x1c]],
  ["a preset dictionary", [0x78, 0xbb]],
])("a zlib header with %s is refused", (_, header) => {
  const bytes = new Uint8Array([1, 2, 3]);
  const stream = zlibSync(bytes);
  expect(inflate(stream, 3)).toEqual(bytes);
  stream.set(header);
  expect(inflate(stream, 3)).toBe("corrupt");
});

test("checksums equal those of the definition, for all lengths", () => {
  const bytes = Uint8Array.from({ length: 12_000 }, (_, i) => (i < 6000 ? 255 : (i * 7919) >>> 3));
  const { input } = kernels.reserve(bytes.length, 0, 0);
  kernels.bytes().set(bytes, input);
  for (const length of [0, 1, 7, 8, 15, 16, 17, 31, 33, 2768, 2769, 5551, 5552, 5553, 6001, 11_104, 12_000]) {
    expect(adler32(bytes, length), `${length}`).toBe(slowAdler32(bytes.subarray(0, length)));
    expect(kernels.exports.crc32(input, length) >>> 0, `${length}`).toBe(
      slowCrc32(bytes.subarray(0, length)),
    );
    const start = Math.min(3, length);
    expect(crc32(bytes, start, length), `${length}`).toBe(slowCrc32(bytes.subarray(start, length)));
  }
});

/** A zlib stream of the byte 0, in a block whose header announces so many codes of literals. */
function withLiteralCodes(count: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = 0; bit < length; bit++) bits.push((value >> bit) & 1);
  };
  put(1, 1); // the last block
  put(2, 2); // with codes of its own
  put(count - 257, 5);
  put(0, 5); // one code of distances
  put(14, 4);
  // In the order of RFC 1951: of lengths there are 1, and 18, which repeats zeros.
  for (const symbol of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1])
    put(symbol === 1 || symbol === 18 ? 1 : 0, 3);
  const zeros = (times: number): void => {
    put(1, 1);
    put(times - 11, 7);
  };
  put(0, 1); // literal 0
  zeros(138);
  zeros(117);
  put(0, 1); // the end of the block
  zeros(count - 257);
  put(0, 1); // distance 0
  put(0, 1);
  put(1, 1);
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) =>
    bits.slice(8 * at, 8 * at + 8).reduce((byte, bit, place) => byte | (bit << place), 0),
  );
  return Uint8Array.of(0x78, 0x9c, ...bytes, 0, 1, 0, 1);
}

test("a block may have 286 codes of literals, and no more", () => {
  expect(inflate(withLiteralCodes(286), 1)).toEqual(Uint8Array.of(0));
  expect(inflate(withLiteralCodes(287), 1)).toBe("corrupt");
  expect(inflate(withLiteralCodes(288), 1)).toBe("corrupt");
});
