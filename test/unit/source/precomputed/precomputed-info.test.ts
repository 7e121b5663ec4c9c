import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidOptionError, InvalidZoomLevelError, UnsupportedMirrorError } from "../../../../src/errors.js";
import type { BlockSource } from "../../../../src/source/block-source.js";
import type { Triple } from "../../../../src/space/axis-order.js";
import {
  infoWith,
  openInfo,
  openVolume,
  plainInfo,
  plainScale,
  type VolumeOptions,
  volumeUrl,
} from "../../../support/block-files/precomputed-volume.js";
import { runs } from "../../../support/thorough.js";

const first = { level: 0, at: [0, 0, 0] } as const;

function fileOf(source: BlockSource, at: Triple = [0, 0, 0], level = 0): string {
  return new URL(source.url({ level, at })).href;
}

function twoScales(second: object, options: VolumeOptions = {}): Promise<BlockSource> {
  const scales = [plainScale, { ...plainScale, key: "8_8_80", ...second }];
  const downsampleFactors = [1, 2].map((factor) => ({ x: factor, y: factor, z: factor }));
  const stack = { dimension: { x: 45, y: 29, z: 19 }, downsampleFactors, ...options.stack };
  return openInfo({ ...plainInfo, scales }, { ...options, stack });
}

describe("trap 10: the address of a precomputed volume", () => {
  it.each([
    ["/%SCALE_DATASET%/0_1_2", "/info", "/4_4_40/0-30_0-16_0-10"],
    ["/%SCALE_DATASET%/0_1_2/", "/info", "/4_4_40/0-30_0-16_0-10"],
    ["/%SCALE_DATASET%/0_1_2?a=b/c", "/info?a=b/c", "/4_4_40/0-30_0-16_0-10?a=b/c"],
    ["/0_1_2", "/info", "/4_4_40/0-30_0-16_0-10"],
    ["/%SCALE_DATASET%/group/0_1_2", "/info", "/4_4_40/group/0-30_0-16_0-10"],
  ])("%s", async (address, info, chunk) => {
    const { source, asked } = await openVolume(() => plainInfo, { address });
    expect(asked.map(({ url }) => url)).toEqual([volumeUrl + info]);
    expect(source.url(first)).toBe(volumeUrl + chunk);
  });

  it.each([
    ["", /has no slice dimensions/],
    ["/%SCALE_DATASET%", /has no slice dimensions/],
    ["/%SCALE_DATASET%/0_1_2_3", /has the slice dimensions 0_1_2_3/],
  ])("%j is refused in a sentence, before anything is asked for", async (address, message) => {
    const files = (): never => {
      throw new Error("asked");
    };
    await expect(openVolume(files, { address })).rejects.toThrow(UnsupportedMirrorError);
    await expect(openVolume(files, { address })).rejects.toThrow(message);
  });

  it("without a placeholder there is zoom level 0 alone", async () => {
    const source = await twoScales({}, { address: "/0_1_2" });
    expect(source.level(0).blockShape).toEqual([10, 16, 30]);
    expect(() => source.level(1)).toThrow(InvalidZoomLevelError);
    expect(() => source.level(1)).toThrow(/has no %SCALE_DATASET%/);
  });

  it("an info that is not there is a sentence that says where it was looked for", async () => {
    await expect(openVolume(() => undefined)).rejects.toThrow(UnsupportedMirrorError);
    await expect(openVolume(() => undefined)).rejects.toThrow(`there is no ${volumeUrl}/info`);
  });
});

describe("trap 9: every order of slice dimensions", () => {
  const volume = infoWith({ voxel_offset: [100, 200, 300] });

  it.each([
    [[0, 1, 2], "130-145_216-229_310-319"],
    [[0, 2, 1], "130-145_216-229_310-319"],
    [[1, 0, 2], "130-145_216-229_310-319"],
    [[1, 2, 0], "130-145_216-229_310-319"],
    [[2, 0, 1], "130-145_216-229_310-319"],
    [[2, 1, 0], "130-145_216-229_310-319"],
  ] as const)("%j", async ([x, y, z], last) => {
    const [size, chunk] = [
      [45, 29, 19],
      [30, 16, 10],
    ];
    const ofStack = (values: readonly number[]): unknown => [values[z], values[y], values[x]];
    const source = await openInfo(volume, { address: `/%SCALE_DATASET%/${x}_${y}_${z}` });
    const { blockShape, held } = source.level(0);
    expect([blockShape, held.upper]).toEqual([ofStack(chunk as number[]), ofStack(size as number[])]);
    expect(source.codec(0)).toMatchObject({ kind: "precomputed", axes: [z, y, x] });
    expect(fileOf(source, [1, 1, 1])).toBe(`${volumeUrl}/4_4_40/${last}`);
    expect(source.shapeOf?.({ level: 0, at: [1, 1, 1] })).toEqual(ofStack([15, 13, 9]));
    // The second chunk along x of the volume alone.
    const alongX = ofStack([1, 0, 0]) as Triple;
    expect(fileOf(source, alongX)).toBe(`${volumeUrl}/4_4_40/130-145_200-216_300-310`);
  });
});

describe("trap 12: scales and zoom levels", () => {
  it("zoom level n is scale n, hidden ones too; factors that disagree with the stack's are told", async () => {
    const source = await twoScales({ resolution: [8, 8, 40], size: [23, 15, 19], hidden: true });
    expect(fileOf(source, [0, 0, 0], 1)).toBe(`${volumeUrl}/8_8_80/0-23_0-15_0-10`);
    expect(source.warnings).toHaveLength(1);
    expect(source.warnings[0]).toMatch(
      /^mirror 0 "blocks" is downsampled by 2 × 2 × 1 \(x, y, z\).* and by 2 × 2 × 2 by the stack's/,
    );
  });

  it.each([[[8, 8, 80]], [[8.02, 7.99, 80]]])("resolutions of %j are half of it", async (resolution) => {
    const source = await twoScales({ resolution, size: [23, 15, 10] });
    expect(source.warnings).toEqual([]);
  });

  it("compares the axes of the volume that the stack has", async () => {
    const factors = [1, 2].map((factor) => ({ x: 1, y: factor, z: factor }));
    const stack = { dimension: { x: 19, y: 29, z: 45 }, downsampleFactors: factors };
    const second = { resolution: [8, 8, 40], size: [23, 15, 19] };
    const source = await twoScales(second, { stack, address: "/%SCALE_DATASET%/2_1_0" });
    expect(source.warnings).toEqual([]);
  });

  it("a level that the volume lacks is told, and refused when it is asked for", async () => {
    const stack = { maxZoomLevel: 2, downsampleFactors: null };
    const source = await openInfo(plainInfo, { stack });
    expect(source.warnings).toEqual([
      `mirror 0 "blocks" cannot serve zoom levels 1, 2: ${volumeUrl}/info has no scale 1`,
    ]);
    for (const level of [1, 2, 3, -1, 0.5]) expect(() => source.level(level)).toThrow(InvalidZoomLevelError);
  });

  it("scales beyond the stack's levels may be anything", async () => {
    const source = await openInfo({ ...plainInfo, scales: [plainScale, null, { encoding: "jxl" }] });
    expect(source.warnings).toEqual([]);
  });

  it("a scale that cannot be read is a level that the mirror lacks", async () => {
    const source = await twoScales({ encoding: "jxl" });
    expect(source.level(0).dataType).toBe("uint8");
    expect(() => source.level(1)).toThrow(InvalidZoomLevelError);
    expect(() => source.level(1)).toThrow(/chunks of encoding "jxl"/);
    expect(source.warnings.join()).toMatch(/cannot serve zoom level 1: .*"jxl"/);
  });
});

it.each([
  [
    [22, 14, 9],
    [9, 14, 22],
  ],
  [
    [23, 15, 10],
    [10, 15, 23],
  ],
])(
  "trap 15: a level of %j voxels is held up to its end, and the last chunk is cut there",
  async (size, end) => {
    const source = await twoScales({ size, resolution: [8, 8, 80], chunk_sizes: [[16, 16, 16]] });
    expect(source.level(1).held.upper).toEqual(end);
    expect(source.shapeOf?.({ level: 1, at: [0, 0, 1] })).toEqual([end[0], end[1], (size[0] as number) - 16]);
    expect(source.warnings).toEqual([]);
  },
);

it("a volume may have shards in some scales and files in others", async () => {
  const sharding = {
    "@type": "neuroglancer_uint64_sharded_v1",
    hash: "identity",
    preshift_bits: 0,
    minishard_bits: 0,
    shard_bits: 0,
  };
  const source = await twoScales({ size: [23, 15, 10], resolution: [8, 8, 80], sharding });
  const locate = (level: number) =>
    source.locate?.({ level, at: [0, 0, 0] }, () => true, new AbortController().signal);
  expect(await locate(0)).toBe("whole-file");
  expect(await locate(1)).toBeUndefined();
  expect(fileOf(source)).toBe(`${volumeUrl}/4_4_40/0-30_0-16_0-10`);
  expect(fileOf(source, [0, 0, 0], 1)).toBe(`${volumeUrl}/8_8_80/0.shard`);
});

describe("trap 16: voxel_offset", () => {
  it("is in names, of each scale its own; the stack begins at the volume's first voxel", async () => {
    const scales = [
      { ...plainScale, voxel_offset: [101, -20, 7] },
      {
        ...plainScale,
        key: "8_8_80",
        resolution: [8, 8, 80],
        size: [23, 15, 10],
        voxel_offset: [50, -10, 3],
      },
    ];
    const downsampleFactors = [1, 2].map((factor) => ({ x: factor, y: factor, z: factor }));
    const source = await openInfo({ ...plainInfo, scales }, { stack: { downsampleFactors } });
    expect(fileOf(source)).toBe(`${volumeUrl}/4_4_40/101-131_-20--4_7-17`);
    expect(fileOf(source, [1, 1, 1])).toBe(`${volumeUrl}/4_4_40/131-146_-4-9_17-26`);
    expect(fileOf(source, [0, 0, 0], 1)).toBe(`${volumeUrl}/8_8_80/50-73_-10-5_3-13`);
    for (const level of [0, 1]) expect(source.level(level).origin).toEqual([0, 0, 0]);
  });

  it("metadata.voxelOffset and the mirror's offset shift the array, and count once", async () => {
    const volume = infoWith({ voxel_offset: [100, 200, 300] });
    const metadata = { voxelOffset: [-3, 4, 5] };
    const shifted = await openInfo(volume, { stack: { metadata } });
    expect(shifted.level(0).origin).toEqual([5, 4, -3]);
    const both = await openInfo(volume, { stack: { metadata }, mirror: { offset: { x: 1, y: 1, z: 1 } } });
    expect(both.level(0).origin).toEqual([4, 3, -4]);
    expect(fileOf(both)).toBe(`${volumeUrl}/4_4_40/100-130_200-216_300-310`);
  });

  it("is 0 where it is not given", async () => {
    const { voxel_offset: _, ...scale } = plainScale;
    expect(fileOf(await openInfo({ ...plainInfo, scales: [scale] }))).toMatch(/\/0-30_0-16_0-10$/);
  });
});

describe("trap 17: what an info may be written like", () => {
  it.each([
    ["../vol2/4_4_40", "http://volumes.example/data/vol2/4_4_40/"],
    ["a/b/c", `${volumeUrl}/a/b/c/`],
    ["a/b/", `${volumeUrl}/a/b/`],
    [".", `${volumeUrl}/`],
    ["", `${volumeUrl}/`],
    ["4 nm?#%20+ü", `${volumeUrl}/4%20nm%3F%23%2520%2B%C3%BC/`],
    ["https://elsewhere.example/x", `${volumeUrl}/https%3A/elsewhere.example/x/`],
  ])("a key %j", async (key, folder) => {
    expect(fileOf(await openInfo(infoWith({ key })))).toBe(`${folder}0-30_0-16_0-10`);
  });

  it("a data type and an encoding in capitals, a type that is not said, several sizes of chunks", async () => {
    const scale = {
      encoding: "RAW",
      chunk_sizes: [
        [8, 8, 8],
        [64, 64, 1],
      ],
      hidden: true,
    };
    const source = await openInfo(
      infoWith(scale, { "@type": undefined, data_type: "UINT8", num_channels: undefined }),
    );
    expect(source.level(0)).toMatchObject({ dataType: "uint8", blockShape: [8, 8, 8], absent: "empty" });
    expect(source.codec(0)).toEqual({
      kind: "precomputed",
      dataType: "uint8",
      encoding: { kind: "raw" },
      gzip: false,
      channels: 1,
      channel: 0,
      axes: [2, 1, 0],
    });
  });

  it.each(["int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"])(
    "voxels of %s",
    async (data_type) => {
      expect((await openInfo(infoWith({}, { data_type }))).level(0).dataType).toBe(data_type);
    },
  );
});

describe("trap 18 and 19: encodings that hold such voxels", () => {
  const cells = { encoding: "compressed_segmentation", compressed_segmentation_block_size: [7, 5, 3] };

  it.each([
    [{ encoding: "jpeg" }, { data_type: "uint8" }, { kind: "jpeg" }],
    [{ encoding: "png" }, { data_type: "uint16" }, { kind: "png" }],
    [cells, { data_type: "uint64" }, { kind: "compressed_segmentation", blockSize: [7, 5, 3] }],
  ])("%j of %j", async (scale, volume, encoding) => {
    expect((await openInfo(infoWith(scale, volume))).codec(0)).toMatchObject({ encoding });
  });

  it.each([
    [{ encoding: "jpeg" }, { data_type: "uint16" }],
    [{ encoding: "jpeg" }, { num_channels: 2 }],
    [{ encoding: "png" }, { data_type: "uint32" }],
    [{ encoding: "png" }, { num_channels: 5 }],
    [cells, { data_type: "uint16" }],
  ])("%j of %j is refused", async (scale, volume) => {
    await expect(openInfo(infoWith(scale, volume), { channel: 0 })).rejects.toThrow(/which it cannot hold/);
  });

  it.each(["compresso", "jxl", "fpzip", "zfpc", "kempressed", "crackle", "crackle+gz", "constructor"])(
    "%s is refused by name",
    async (encoding) => {
      await expect(openInfo(infoWith({ encoding }))).rejects.toThrow(UnsupportedMirrorError);
      await expect(openInfo(infoWith({ encoding }))).rejects.toThrow(`has chunks of encoding "${encoding}"`);
    },
  );
});

describe("trap 27: segmentations and channels", () => {
  it.each([
    ["a segmentation of 16 bits", { type: "segmentation", data_type: "uint16" }, {}, true],
    ["an image of 64 bits", { data_type: "uint64" }, {}, true],
    [
      "an image that the stack has for labels",
      {},
      { metadata: { catmaidLabelMeta: { background: 0 } } },
      true,
    ],
    ["an image", {}, {}, false],
  ])("%s: labels %j", async (_, volume, stack, isLabels) => {
    expect((await openInfo(infoWith({}, volume), { stack })).isLabels).toBe(isLabels);
  });

  it("several channels are refused unless the option says which", async () => {
    const volume = infoWith({}, { num_channels: 2 });
    await expect(openInfo(volume)).rejects.toThrow(UnsupportedMirrorError);
    await expect(openInfo(volume)).rejects.toThrow(/has 2 channels: .* option channel, from 0 to 1/);
    expect((await openInfo(volume, { channel: 1 })).codec(0)).toMatchObject({ channels: 2, channel: 1 });
    await expect(openInfo(volume, { channel: 2 })).rejects.toThrow(InvalidOptionError);
    await expect(openInfo(plainInfo, { channel: 1 })).rejects.toThrow(
      /has the channels 0 to 0, and channel is 1/,
    );
    expect((await openInfo(plainInfo, { channel: 0 })).codec(0)).toMatchObject({ channel: 0 });
  });
});

it("trap 26: a chunk that is not there is empty; positions, keys and warnings name no credentials", async () => {
  const source = await openInfo(plainInfo);
  expect(source.level(0).absent).toBe("empty");
  expect(source.position({ level: 0, at: [1, 0, 0] })).toBe("chunk 0-30_0-16_10-19 of zoom level 0");
  expect(source.key({ level: 0, at: [1, 0, 0] })).toBe("0/1/0/0");
  expect(source.locate).toBeUndefined();
});

describe("nonsense is refused", () => {
  it.each([
    ["<!DOCTYPE html><title>Sign in</title>", /has the content "<!DOCTYPE html>/],
    ["", /has the content ""/],
    ["[]", /has the content \[\]/],
    ["null", /has the content null/],
    [{ "@type": "neuroglancer_skeletons" }, /@type "neuroglancer_skeletons"/],
    [{ ...plainInfo, type: "mesh" }, /the type "mesh"/],
    [{ ...plainInfo, type: undefined }, /the type undefined/],
    [{ ...plainInfo, data_type: "float16" }, /the data_type "float16"/],
    [{ ...plainInfo, data_type: 8 }, /the data_type 8/],
    [{ ...plainInfo, num_channels: 0 }, /num_channels 0/],
    [{ ...plainInfo, num_channels: "1" }, /num_channels "1"/],
    [{ ...plainInfo, scales: [] }, /the scales \[\]/],
    [{ ...plainInfo, scales: {} }, /the scales \{\}/],
    [{ ...plainInfo, scales: [null] }, /scale 0 of .* has the content null/],
    [infoWith({ key: 5 }), /the key 5/],
    [infoWith({ key: "\ud800" }), /the key/],
    [infoWith({ size: [45, 29] }), /the size \[45,29\]/],
    [infoWith({ size: [45, 29, -19] }), /the size \[45,29,-19\]/],
    [infoWith({ size: [45, 29, 0] }), /the size \[45,29,0\]/],
    [infoWith({ size: [45, 29, 1.5] }), /the size/],
    [infoWith({ size: [45, 29, 2 ** 53] }), /the size/],
    [infoWith({ size: ["45", "29", "19"] }), /the size/],
    [infoWith({ voxel_offset: [0, 0, 0.5] }), /the voxel_offset/],
    [infoWith({ voxel_offset: null }), /the voxel_offset null/],
    [infoWith({ resolution: [4, 4, 0] }), /the resolution/],
    [infoWith({ chunk_sizes: [] }), /the chunk_sizes \[\]/],
    [infoWith({ chunk_sizes: [64, 64, 64] }), /the chunk_sizes/],
    [infoWith({ chunk_sizes: [[64, 64, 0]] }), /the chunk_sizes/],
    [infoWith({ size: [2e4, 2e4, 2e4], chunk_sizes: [[2e4, 2e4, 2e4]] }), /too large to be read/],
    [infoWith({ encoding: undefined }), /the encoding undefined/],
    [
      infoWith({ encoding: "compressed_segmentation" }, { data_type: "uint32" }),
      /compressed_segmentation_block_size/,
    ],
    [infoWith({ sharding: "yes" }), /the sharding "yes"/],
    [infoWith({ sharding: { "@type": "neuroglancer_uint64_sharded_v2" } }), /sharding of @type/],
    [sharded({ hash: "md5" }), /hash "md5"/],
    [sharded({ hash: undefined }), /hash undefined/],
    [sharded({ preshift_bits: 65 }), /preshift_bits 65/],
    [sharded({ minishard_bits: -1 }), /minishard_bits -1/],
    [sharded({ shard_bits: 1.5 }), /shard_bits 1.5/],
    [
      sharded({ minishard_bits: 10, shard_bits: 55 }),
      /shard_bits 55: it must be a whole number from 0 to 54/,
    ],
    [sharded({ data_encoding: "zstd" }), /data_encoding "zstd"/],
    [sharded({ minishard_index_encoding: "br" }), /minishard_index_encoding "br"/],
  ])("%#: %j", async (info, message) => {
    await expect(openInfo(info)).rejects.toThrow(UnsupportedMirrorError);
    await expect(openInfo(info)).rejects.toThrow(message);
  });

  function sharded(sharding: object): object {
    const plain = { preshift_bits: 0, hash: "identity", minishard_bits: 0, shard_bits: 0 };
    return infoWith({ sharding: { "@type": "neuroglancer_uint64_sharded_v1", ...plain, ...sharding } });
  }

  it("null means that a scale is not sharded", async () => {
    expect((await openInfo(infoWith({ sharding: null }))).locate).toBeUndefined();
  });

  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(0, -1, 1e300, 2 ** 53, "uint8", "raw", "", "__proto__", null, [1, 2, 3], [[1, 2, 3]], {}),
  );
  /** One field in eight is anything at all. */
  const mostly = (usual: unknown): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: value });
  const recordOf = (fields: object): fc.Arbitrary<object> =>
    fc.record(Object.fromEntries(Object.entries(fields).map(([name, usual]) => [name, mostly(usual)])), {
      requiredKeys: [],
    });
  const sharding = recordOf({
    "@type": "neuroglancer_uint64_sharded_v1",
    hash: "murmurhash3_x86_128",
    preshift_bits: 3,
    minishard_bits: 2,
    shard_bits: 5,
    data_encoding: "gzip",
  });
  const scale = fc
    .tuple(
      recordOf({ ...plainScale, compressed_segmentation_block_size: [8, 8, 8] }),
      fc.constantFrom("raw", "jpeg", "png", "compressed_segmentation", "jxl"),
      fc.option(sharding),
    )
    .map(([fields, encoding, shards]) => ({ ...fields, encoding, sharding: shards }));
  const anyInfo = fc
    .tuple(recordOf(plainInfo), fc.oneof(fc.array(scale, { maxLength: 3 }), value))
    .map(([fields, scales]) => ({ ...fields, scales }));

  test.prop([fc.oneof({ weight: 9, arbitrary: anyInfo }, { weight: 1, arbitrary: fc.jsonValue() })], {
    numRuns: runs(125),
  })("any JSON gives a source or a typed error", async (json) => {
    let source: BlockSource;
    try {
      source = await openInfo(JSON.stringify(json), { stack: { maxZoomLevel: 2 } });
    } catch (error) {
      expect(error).toBeInstanceOf(UnsupportedMirrorError);
      return;
    }
    for (const level of [0, 1, 2]) {
      try {
        const { blockShape, held } = source.level(level);
        expect([...blockShape, ...held.upper].every((length) => Number.isSafeInteger(length))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidZoomLevelError);
        continue;
      }
      expect(fileOf(source, [0, 0, 0], level).startsWith("http://volumes.example/")).toBe(true);
      expect(source.shapeOf?.({ level, at: [0, 0, 0] })?.every((length) => length > 0)).toBe(true);
      expect(source.codec(level).kind).toBe("precomputed");
    }
  });
});
