import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import { crc32 } from "../../../../workers/crc-32.js";
import { threadKernels } from "../../../../workers/decode/kernel-keeper.js";
import { bloscCodecOf } from "../../../../workers/decode/unpack/blosc-header.js";
import { unpackGzip } from "../../../../workers/decode/unpack/gzip.js";
import { loadUnpacker, unpack } from "../../../../workers/decode/unpack/unpack.js";
import { packedFixture, packedFixtures } from "../../../support/block-files/packed-fixtures.js";
import { joinBytes } from "../../../support/images/build-png.js";
import { sha256 } from "../../../support/sha-256.js";

await loadUnpacker("zstd");
await threadKernels.prepare();

function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof DecodeFailure) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

/** A comparison of many bytes takes its time. */
const short = packedFixtures.filter(({ length }) => length < 10_000);

test.each(packedFixtures)("$compression, $name: the bytes that were packed", async (fixture) => {
  const { compression, file, length, sha256: digest } = fixture;
  const bytes = unpack(compression, file, length);
  expect(bytes).toHaveLength(length);
  expect(await sha256(bytes)).toBe(digest);
  expect(bytes.buffer.byteLength).toBe(length);
});

test.each(short)("$compression, $name: the same from the middle of other bytes", (fixture) => {
  const { compression, file, length } = fixture;
  const around = joinBytes([Uint8Array.of(1, 2, 3), file, new Uint8Array(20).fill(255)]);
  const within = around.subarray(3, 3 + file.length);
  expect(unpack(compression, within, length)).toEqual(unpack(compression, file, length));
  expect(around.subarray(3, 3 + file.length)).toEqual(file);
});

test.each(packedFixtures)("$compression, $name: refused where a byte more or less is expected", (fixture) => {
  const { compression, file, length } = fixture;
  expect(refusalOf(() => unpack(compression, file, length + 1))).toMatch(/^corrupt-image: /);
  if (length > 0) expect(refusalOf(() => unpack(compression, file, length - 1))).toMatch(/^corrupt-image: /);
});

test("trap 2: a Blosc header that disagrees with the file or what is expected is an error", () => {
  const { file, length } = packedFixture("blosc", "zstd, shuffle bytes, elements of 2, blocks of any size");
  const withByte = (at: number, value: number): Uint8Array => {
    const changed = file.slice();
    changed[at] = value;
    return changed;
  };
  const refusal = (changed: Uint8Array): string | undefined =>
    refusalOf(() => unpack("blosc", changed, length));
  expect(refusal(file)).toBeUndefined();
  expect(refusal(withByte(0, 1))).toMatch(/no Blosc container of version 2 but 1/);
  expect(refusal(withByte(0, 5))).toMatch(/no Blosc container of version 2 but 5/);
  expect(refusal(withByte(1, 2))).toMatch(/unknown codec version/);
  expect(refusal(withByte(3, 0))).toMatch(/header is invalid/);
  expect(refusal(withByte(2, (file[2] as number) | 5))).toMatch(/header is invalid/);
  expect(refusal(withByte(2, 0xe0))).toMatch(/header is invalid/);
  expect(refusal(withByte(4, (file[4] as number) ^ 1))).toMatch(/unpacks to \d+ bytes, not the 2000/);
  expect(refusal(withByte(8, 0).fill(0, 8, 12))).toMatch(/header is invalid/);
  expect(refusal(joinBytes([file, Uint8Array.of(0)]))).toMatch(/tells \d+ bytes, but it has/);
  expect(refusal(file.subarray(0, -1))).toMatch(/tells \d+ bytes, but it has/);
  expect(refusal(file.subarray(0, 15))).toMatch(/ends within the Blosc header/);
  expect(bloscCodecOf(file)).toBe("zstd");
});

test("a Blosc container packed with snappy is refused by name", () => {
  const { file, length } = packedFixture("blosc", "lz4, shuffle none, elements of 4, blocks of 512");
  const snappy = file.slice();
  snappy[2] = ((file[2] as number) & 31) | (2 << 5);
  expect(refusalOf(() => unpack("blosc", snappy, length))).toMatch(/^unsupported-image: .*snappy/);
});

test("trap 3: gzip with zeros behind it, and one member after the other", () => {
  const { file, length } = packedFixture("gzip", "text");
  const bytes = unpack("gzip", file, length);
  const zeros = new Uint8Array(100);
  expect(unpack("gzip", joinBytes([file, zeros]), length)).toEqual(bytes);
  expect(unpack("gzip", joinBytes([file, file, zeros]), 2 * length)).toEqual(joinBytes([bytes, bytes]));
  expect(refusalOf(() => unpack("gzip", joinBytes([file, file]), length))).toMatch(
    /more bytes than it should/,
  );
  expect(refusalOf(() => unpack("gzip", joinBytes([file, zeros, file]), 2 * length))).toMatch(/follows/);
  expect(refusalOf(() => unpack("gzip", joinBytes([file, Uint8Array.of(1)]), length))).toBeDefined();
});

test("gzip of a length that nobody knows is unpacked within a limit", () => {
  const { file, length } = packedFixture("gzip", "text");
  expect(unpackGzip(file, 0, 10_000)).toHaveLength(length);
  expect(refusalOf(() => unpackGzip(file, 0, length - 1))).toMatch(/more bytes than it should/);
});

test("trap 7: an lz4 stream of several blocks, one stored, and the end mark", () => {
  const { file, length } = packedFixture("lz4", "several blocks, one stored");
  const starts = Array.from(file.keys()).filter((at) => ascii(file.subarray(at, at + 8)) === "LZ4Block");
  expect(starts.length).toBeGreaterThan(4);
  expect(starts.map((at) => (file[at + 8] as number) >>> 4)).toEqual(expect.arrayContaining([1, 2]));
  expect(unpack("lz4", file, length)).toHaveLength(length);
  const refusal = (changed: Uint8Array): string | undefined =>
    refusalOf(() => unpack("lz4", changed, length));
  const end = starts.at(-1) as number;
  expect(refusal(file.subarray(0, end))).toMatch(/ends early/);
  expect(refusal(joinBytes([file, Uint8Array.of(0)]))).toMatch(/follows/);
  expect(refusal(joinBytes([file.subarray(0, starts[2]), file.subarray(starts[3])]))).toMatch(/fewer than/);
});

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

test("zstd with a dictionary and xz with a filter are refused by name", () => {
  // A frame header: magic, flags (single segment, one byte of dictionary), dictionary 7, content size 1.
  const dictionary = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 1, 9, 0, 0, 120);
  expect(refusalOf(() => unpack("zstd", dictionary, 1))).toMatch(/^unsupported-image: .*dictionary/);
  // The header of the first block begins behind the stream's, and ends with its checksum; delta is filter 3.
  const delta = packedFixture("xz", "text").file.slice();
  const headerBytes = 4 * ((delta[12] as number) + 1);
  expect(delta[14]).toBe(0x21);
  delta[14] = 3;
  new DataView(delta.buffer).setUint32(8 + headerBytes, crc32(delta, 12, 8 + headerBytes), true);
  expect(refusalOf(() => unpack("xz", delta, 2000))).toMatch(/^unsupported-image: .*filter/);
});

test("trap 4: raw bytes are exactly as many as they should be, and a copy", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4).subarray(1);
  const unpacked = unpack("raw", bytes, 3);
  expect(unpacked).toEqual(Uint8Array.of(2, 3, 4));
  expect(unpacked.buffer).not.toBe(bytes.buffer);
  expect(refusalOf(() => unpack("raw", bytes, 2))).toMatch(/takes? 3 bytes, not the 2/);
  expect(refusalOf(() => unpack("raw", bytes, 4))).toMatch(/takes? 3 bytes, not the 4/);
});
