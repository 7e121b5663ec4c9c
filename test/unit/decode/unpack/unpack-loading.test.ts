import { expect, test, vi } from "vitest";
import { threadKernels } from "../../../../workers/decode/kernel-keeper.js";
import { loadUnpacker, unpack } from "../../../../workers/decode/unpack/unpack.js";
import { packedFixture, packedFixtures } from "../../../support/block-files/packed-fixtures.js";

// Other files of this process may have loaded what is not to be there yet.
vi.hoisted(() => vi.resetModules());

test("gzip and zlib give the same without the kernels", async () => {
  const streams = packedFixtures.filter(
    ({ compression }) => compression === "gzip" || compression === "zlib",
  );
  const unpacked = () => streams.map(({ compression, file, length }) => unpack(compression, file, length));
  expect(threadKernels.use(() => true)).toBeUndefined();
  const plain = unpacked();
  await threadKernels.prepare();
  expect(threadKernels.use(() => true)).toBe(true);
  expect(plain.length).toBeGreaterThan(10);
  for (const [i, bytes] of unpacked().entries())
    expect(Buffer.compare(bytes, plain[i] as Uint8Array), streams[i]?.name).toBe(0);
});

test("what few volumes need is loaded when it is asked for, and once", async () => {
  const { file, length } = packedFixture("zstd", "text");
  expect(() => unpack("zstd", file, length)).toThrow(
    expect.objectContaining({
      reason: "unsupported-image",
      message: expect.stringMatching(/^what unpacks zstd could not be loaded/),
    }),
  );
  const loading = loadUnpacker("zstd");
  expect(loading).toBeInstanceOf(Promise);
  await loading;
  expect(unpack("zstd", file, length)).toHaveLength(length);
  expect(loadUnpacker("xz")).toBeUndefined();
});

test("gzip, zlib and raw bytes need no loading", () => {
  for (const compression of ["raw", "gzip", "zlib"] as const)
    expect(loadUnpacker(compression)).toBeUndefined();
});
