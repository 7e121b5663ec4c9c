/** What the files of an OME-Zarr hold, byte by byte, and what becomes of damaged ones. */

import { describe, expect, it, test } from "vitest";
import type { DatasetLevel } from "../../../src/out/chunked/chunk-format.js";
import { crc32c } from "../../../src/out/zarr/crc-32c.js";
import { type OmeZarrOptions, omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { Bytes } from "../../../src/space/bytes.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import {
  type DatasetFiles,
  firstLevel,
  levelOf,
  packHere,
  volumeOf,
} from "../../support/exports/write-dataset.js";
import { exportDataset } from "../../support/readers/exported-dataset.js";

const shape: Triple = [3, 5, 7];
const info = volumeInfo(shape, { dataType: "uint16", fillValue: 0xfeed });
const voxels = volumeOf("uint16", shape);

async function written(
  options: OmeZarrOptions,
): Promise<{ readonly level: DatasetLevel; readonly files: DatasetFiles }> {
  const format = omeZarrFormat(options);
  const [level] = format.layOut(info, [firstLevel(info)]).levels;
  if (level === undefined) throw new Error("there is no level");
  return { level, files: (await exportDataset(format, info)).files };
}

const read16 = (bytes: Bytes) => Array.from(new Uint16Array(new Uint8Array(bytes).buffer));

describe("a chunk at the end of the array", () => {
  test.each(["0.4", "0.5"] as const)(
    "trap 34: is whole in %s, and what is beyond is the fill value, not what lay in memory",
    async (version) => {
      const { level, files } = await written({ version, chunkShape: [2, 4, 4], compression: "none" });
      const edge = read16(files.get(level.path([1, 1, 1])) as Bytes);
      expect(edge).toHaveLength(2 * 4 * 4);
      const expected = Array.from({ length: 2 * 4 * 4 }, (_, i) => {
        const at = [2 + (i >> 4), 4 + ((i >> 2) & 3), 4 + (i & 3)] as const;
        return at.every((place, axis) => place < (shape[axis] as number))
          ? voxels[(at[0] * shape[1] + at[1]) * shape[2] + at[2]]
          : 0xfeed;
      });
      expect(edge).toEqual(expected);
    },
  );

  it("trap 34: is so in a shard as well", async () => {
    const { level, files } = await written({
      chunkShape: [2, 4, 4],
      shardShape: [2, 4, 8],
      compression: "none",
    });
    const shard = files.get(level.path([1, 1, 0])) as Bytes;
    const [chunkBytes, chunks] = [2 * 4 * 4 * 2, 2];
    expect(shard).toHaveLength(chunkBytes * chunks + 16 * chunks + 4);
    // One row of three voxels is what the array has of it.
    const second = read16(shard.slice(chunkBytes, 2 * chunkBytes));
    const row = (2 * shape[1] + 4) * shape[2];
    expect(second).toEqual([...voxels.subarray(row + 4, row + 7), ...Array<number>(29).fill(0xfeed)]);
  });

  it("trap 34: is so in a shard that has the memory of another", async () => {
    const { level } = await written({ chunkShape: [2, 4, 4], shardShape: [2, 4, 8], compression: "none" });
    const encode = (at: Triple, extent: Triple): Promise<Bytes> =>
      level.encode(at, { data: volumeOf("uint16", extent), shape: extent }, packHere);
    const fresh = (await encode([1, 1, 0], [1, 1, 7])).slice();
    const other = await encode([0, 0, 0], [2, 4, 7]);
    other.fill(0x5a);
    level.free?.(other);
    const reused = await encode([1, 1, 0], [1, 1, 7]);
    expect(reused.buffer).toBe(other.buffer);
    expect(reused).toEqual(fresh);
  });
});

describe("a file's name", () => {
  const names = async (options: OmeZarrOptions) => [...(await written(options)).files.keys()].sort();

  it("is the chunk's place in the grid, with slashes", async () => {
    expect(await names({ version: "0.4", chunkShape: [3, 5, 4] })).toEqual([
      ".zattrs",
      ".zgroup",
      "0/.zarray",
      "0/0/0/0",
      "0/0/0/1",
    ]);
    expect(await names({ chunkShape: [3, 5, 2], shardShape: [3, 5, 4] })).toEqual([
      "0/c/0/0/0",
      "0/c/0/0/1",
      "0/zarr.json",
      "zarr.json",
    ]);
  });

  it("begins with the number of the level", () => {
    const { levels } = omeZarrFormat().layOut(info, [firstLevel(info), levelOf(info, [1, 2, 2])]);
    expect(levels.map((level) => level.path([3, 2, 1]))).toEqual(["0/c/3/2/1", "1/c/3/2/1"]);
  });
});

describe("the index of a shard", () => {
  it("has a checksum that others compute as well", () => {
    // RFC 3720, B.4, and the value that catalogues of checksums have.
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it("says where the chunks are, in C order, and that there are none beyond the array", async () => {
    const { level, files } = await written({
      chunkShape: [2, 2, 2],
      shardShape: [2, 4, 8],
      compression: "none",
    });
    const shard = files.get(level.path([0, 1, 0])) as Bytes;
    const index = new DataView(shard.buffer, shard.byteOffset + shard.length - 8 * 16 - 4);
    const entries = Array.from({ length: 8 }, (_, chunk) => [
      index.getBigUint64(16 * chunk, true),
      index.getBigUint64(16 * chunk + 8, true),
    ]);
    const none = [2n ** 64n - 1n, 2n ** 64n - 1n];
    // Rows 4 and 5, of which the array has the first.
    expect(entries).toEqual([[0n, 16n], [16n, 16n], [32n, 16n], [48n, 16n], none, none, none, none]);
  });
});

describe("a damaged file is told from a whole one", () => {
  const corrupt = { reason: "corrupt-image" };
  const at: Triple = [0, 0, 0];

  test.each([
    { version: "0.4", compression: "none" },
    { version: "0.4", compression: "gzip" },
    { version: "0.4", compression: "zlib" },
    { version: "0.5", compression: "zstd" },
    { version: "0.5", compression: "blosc" },
    { version: "0.5", compression: "gzip", shardShape: [4, 8, 8] },
  ] as const)("$version $compression: cut, empty, longer, or an HTML page", async (options) => {
    const { level, files } = await written({ chunkShape: [2, 4, 4], ...options });
    const whole = files.get(level.path(at)) as Bytes;
    await expect(level.decode(at, whole)).resolves.toMatchObject({ shape: expect.anything() });
    const longer = new Uint8Array(whole.length + 4).fill(1);
    longer.set(whole);
    const page = new TextEncoder().encode("<!DOCTYPE html><title>502</title>");
    for (const bytes of [
      whole.slice(0, -4),
      whole.slice(0, whole.length >> 1),
      new Uint8Array(0),
      longer,
      page,
    ])
      await expect(level.decode(at, bytes)).rejects.toMatchObject(corrupt);
  });

  test.each(["gzip", "zlib"] as const)("any byte of one packed by %s", async (compression) => {
    const { level, files } = await written({ version: "0.4", chunkShape: [2, 4, 4], compression });
    const whole = files.get(level.path(at)) as Bytes;
    const { data } = await level.decode(at, whole);
    for (let byte = 0; byte < whole.length; byte++) {
      const bytes = Uint8Array.from(whole, (value, i) => (i === byte ? value ^ 0x55 : value));
      const read = await level.decode(at, bytes).catch((failure: unknown) => failure);
      // What gzip says of time and system is no voxel.
      if (read instanceof Error) expect(read).toMatchObject(corrupt);
      else expect(read).toMatchObject({ data });
    }
  });

  test("any byte of a shard's index", async () => {
    const { level, files } = await written({ chunkShape: [2, 4, 4], shardShape: [4, 8, 8] });
    const whole = files.get(level.path(at)) as Bytes;
    for (let byte = whole.length - 8 * 16 - 4; byte < whole.length; byte++) {
      const bytes = Uint8Array.from(whole, (value, i) => (i === byte ? value ^ 1 : value));
      await expect(level.decode(at, bytes)).rejects.toMatchObject(corrupt);
    }
  });

  test("a chunk that lies beyond its shard, though the checksum holds", async () => {
    const { level, files } = await written({ chunkShape: [2, 4, 4], shardShape: [4, 8, 8] });
    const bytes = (files.get(level.path(at)) as Bytes).slice();
    const start = bytes.length - 8 * 16 - 4;
    const index = new DataView(bytes.buffer, start);
    index.setBigUint64(0, BigInt(start), true);
    index.setUint32(8 * 16, crc32c(bytes.subarray(start, -4)), true);
    await expect(level.decode(at, bytes)).rejects.toMatchObject(corrupt);
  });
});

it("does not change the block that it is given, which is the fetcher's", async () => {
  for (const options of [{ compression: "none" }, { shardShape: [4, 8, 8] }] as const) {
    const [level] = omeZarrFormat({ chunkShape: [2, 4, 4], ...options }).layOut(info, [
      firstLevel(info),
    ]).levels;
    const block = { data: voxels.slice(0, 8), shape: [2, 2, 2] } as const;
    await level?.encode([0, 0, 0], block, packHere);
    expect(block.data).toEqual(voxels.slice(0, 8));
  }
});
