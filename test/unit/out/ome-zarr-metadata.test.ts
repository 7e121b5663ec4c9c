import { describe, expect, it, test } from "vitest";
import type { LevelInfo } from "../../../src/out/chunked/chunk-format.js";
import type { VolumeInfo } from "../../../src/out/volume-writer.js";
import { type OmeZarrOptions, omeZarrFormat } from "../../../src/out/zarr/ome-zarr-format.js";
import { type Axis, axesOf, axisOrders, type Triple } from "../../../src/space/axis-order.js";
import { type DataType, dataTypes } from "../../../src/space/data-type.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { firstLevel, levelOf } from "../../support/exports/write-dataset.js";
import { schemaFaults } from "../../support/readers/ngff-schemas.js";

const versions = ["0.4", "0.5"] as const;
type Version = (typeof versions)[number];

const shape: Triple = [30, 41, 53];
const factors: readonly Triple[] = [
  [1, 2, 2],
  [2, 4, 4],
  [3, 3, 1],
];

const levelsOf = (info: VolumeInfo, ...factors: readonly Triple[]): LevelInfo[] => [
  firstLevel(info),
  ...factors.map((factor) => levelOf(info, factor)),
];

/** The files that are stored last, as texts. */
function metadataOf(
  version: Version,
  info: VolumeInfo,
  levels: readonly LevelInfo[] = levelsOf(info),
  { options = {}, fills = {} }: { options?: OmeZarrOptions; fills?: Record<string, number> } = {},
): Map<string, string> {
  const dataset = omeZarrFormat({ version, ...options }).layOut(info, levels);
  return new Map(dataset.metadata(fills).map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
}

const parsed = (files: Map<string, string>, path: string) => JSON.parse(files.get(path) ?? "");

function attributesOf(version: Version, files: Map<string, string>) {
  return version === "0.4" ? parsed(files, ".zattrs") : parsed(files, "zarr.json").attributes;
}

/** The image that the attributes tell of. */
function imageOf(version: Version, files: Map<string, string>) {
  const attributes = attributesOf(version, files);
  return (version === "0.4" ? attributes : attributes.ome).multiscales[0];
}

const arrayPath = { "0.4": "0/.zarray", "0.5": "0/zarr.json" } as const;

describe.each(versions)("the metadata of OME-Zarr %s", (version) => {
  it.each(axisOrders)("trap 36: pass the published schema strictly, in the order %s", (orientation) => {
    const info = volumeInfo(shape, { orientation });
    for (const levels of [levelsOf(info), levelsOf(info, ...factors)]) {
      const attributes = attributesOf(version, metadataOf(version, info, levels));
      expect(schemaFaults(version, "strict_image", attributes)).toEqual([]);
    }
  });

  it("of labels pass those of labels, but for colours: napari shows no label but those that have one", () => {
    const info = volumeInfo(shape, { dataType: "uint64", isLabels: true });
    const attributes = attributesOf(version, metadataOf(version, info));
    expect(schemaFaults(version, "strict_image", attributes)).toEqual([]);
    expect(schemaFaults(version, "label", attributes)).toEqual([]);
    expect(schemaFaults(version, "strict_label", attributes)).toEqual([
      expect.stringContaining("must have required property 'colors'"),
    ]);
  });

  it("of an image say nothing of labels", () => {
    const attributes = attributesOf(version, metadataOf(version, volumeInfo(shape)));
    expect(Object.keys(version === "0.4" ? attributes : attributes.ome)).not.toContain("image-label");
  });

  it("name the axes, in nanometres, in the volume's order", () => {
    for (const orientation of axisOrders) {
      const image = imageOf(version, metadataOf(version, volumeInfo(shape, { orientation })));
      expect(image.axes).toEqual(
        axesOf(orientation).map((name) => ({ name, type: "space", unit: "nanometer" })),
      );
    }
  });

  test.each([
    ["xz", ["y", "z", "x"]],
    ["zy", ["x", "y", "z"]],
  ] as const)("name the axes of a stack that lies %s as project space does", (_, projectAxes) => {
    const files = metadataOf(
      version,
      volumeInfo(shape, { projectAxes: [...projectAxes] as Axis[] as never }),
    );
    expect(imageOf(version, files).axes.map(({ name }: { name: string }) => name)).toEqual(projectAxes);
    if (version === "0.5") expect(parsed(files, "0/zarr.json").dimension_names).toEqual(projectAxes);
  });

  it("trap 35: place each level by the centre of its first voxel, so that all have one corner", () => {
    const info = volumeInfo(shape, { resolution: [40, 4, 5], position: [4000, -802, 400.5] });
    const levels = levelsOf(info, ...factors);
    const { datasets } = imageOf(version, metadataOf(version, info, levels));
    expect(datasets.map(({ path }: { path: string }) => path)).toEqual(["0", "1", "2", "3"]);
    const transformations = datasets.map(
      ({ coordinateTransformations }: { coordinateTransformations: unknown }) => coordinateTransformations,
    );
    expect(transformations).toEqual([
      [
        { type: "scale", scale: [40, 4, 5] },
        { type: "translation", translation: [4020, -800, 403] },
      ],
      [
        { type: "scale", scale: [40, 8, 10] },
        { type: "translation", translation: [4020, -798, 405.5] },
      ],
      [
        { type: "scale", scale: [80, 16, 20] },
        { type: "translation", translation: [4040, -794, 410.5] },
      ],
      [
        { type: "scale", scale: [120, 12, 5] },
        { type: "translation", translation: [4060, -796, 403] },
      ],
    ]);
    // As neuroglancer does, which shows a voxel half a voxel before the place that an array has.
    for (const [{ scale }, { translation }] of transformations)
      expect(translation.map((place: number, axis: number) => place - scale[axis] / 2)).toEqual(
        info.position,
      );
  });

  it("say how the levels were made, and the name of the stack", () => {
    const info = volumeInfo(shape, { stack: { id: 7, title: 'a "stack" of µm' } });
    for (const made of ["fetched", "mean", "mode"] as const) {
      const levels = levelsOf(info, [1, 2, 2]).map((level) => ({ ...level, made }));
      const image = imageOf(version, metadataOf(version, info, levels));
      expect(image).toMatchObject({ type: made, name: 'a "stack" of µm' });
    }
  });

  it("say where the voxels are from, where the corner lies, and how much was filled", () => {
    const info = volumeInfo(shape, {
      orientation: "xyz",
      resolution: [4, 5, 40],
      position: [400.5, -802, 4000],
      origin: [100, 200, 300],
      zoomLevel: 2,
      stack: { id: 7, title: "stack" },
      mirror: { position: 3, title: "mirror" },
    });
    const files = metadataOf(version, info, undefined, { fills: { missing: 2, "broken-slice": 1 } });
    expect(attributesOf(version, files)["catmaid-image"]).toEqual({
      stack: { id: 7, title: "stack" },
      mirror: { position: 3, title: "mirror" },
      zoomLevel: 2,
      orientation: "xyz",
      origin: [100, 200, 300],
      corner: [400.5, -802, 4000],
      resolution: [4, 5, 40],
      unit: "nanometer",
      filled: { missing: 2, "broken-slice": 1 },
    });
  });

  test.each<[DataType, number | bigint, string]>([
    ["uint64", 2n ** 64n - 1n, "18446744073709551615"],
    ["uint64", 2n ** 53n + 1n, "9007199254740993"],
    ["int64", -(2n ** 63n), "-9223372036854775808"],
    ["uint8", 255, "255"],
    ["float32", Number.NaN, '"NaN"'],
    ["float64", Number.POSITIVE_INFINITY, '"Infinity"'],
    ["float64", Number.NEGATIVE_INFINITY, '"-Infinity"'],
    ["float32", -0, "-0.0"],
    ["float32", Math.fround(0.1), "0.10000000149011612"],
  ])("trap 38: have a fill value of %s, %s, with all its digits", (dataType, fillValue, printed) => {
    const files = metadataOf(version, volumeInfo(shape, { dataType, fillValue }));
    expect(files.get(arrayPath[version])).toContain(`"fill_value": ${printed},\n`);
  });

  it("are stored with the root last", () => {
    const paths = [...metadataOf(version, volumeInfo(shape), undefined).keys()];
    expect(paths).toEqual(
      version === "0.4" ? ["0/.zarray", ".zattrs", ".zgroup"] : ["0/zarr.json", "zarr.json"],
    );
  });
});

describe("an array", () => {
  const info = volumeInfo(shape, { dataType: "uint16", fillValue: 7 });

  it("of 0.4 is one of Zarr version 2", () => {
    const options: OmeZarrOptions = { chunkShape: [8, 16, 32] };
    expect(parsed(metadataOf("0.4", info, undefined, { options }), "0/.zarray")).toEqual({
      zarr_format: 2,
      shape,
      chunks: [8, 16, 32],
      dtype: "<u2",
      compressor: { id: "gzip", level: 6 },
      fill_value: 7,
      order: "C",
      filters: null,
      dimension_separator: "/",
    });
  });

  it("of 0.5 is one of Zarr version 3", () => {
    const options: OmeZarrOptions = { chunkShape: [8, 16, 32], compression: { kind: "gzip", level: 1 } };
    expect(parsed(metadataOf("0.5", info, undefined, { options }), "0/zarr.json")).toEqual({
      zarr_format: 3,
      node_type: "array",
      shape,
      data_type: "uint16",
      chunk_grid: { name: "regular", configuration: { chunk_shape: [8, 16, 32] } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: 7,
      codecs: [
        { name: "bytes", configuration: { endian: "little" } },
        { name: "gzip", configuration: { level: 1 } },
      ],
      attributes: {},
      dimension_names: ["z", "y", "x"],
    });
  });

  it("of 0.5 with shards has one codec, an index with a checksum at the end of each", () => {
    const options: OmeZarrOptions = {
      chunkShape: [8, 8, 8],
      shardShape: [16, 16, 128],
      compression: "none",
    };
    const array = parsed(metadataOf("0.5", info, undefined, { options }), "0/zarr.json");
    // The shard is as long as the chunks that hold the 53 voxels.
    expect(array.chunk_grid.configuration.chunk_shape).toEqual([16, 16, 56]);
    expect(array.codecs).toEqual([
      {
        name: "sharding_indexed",
        configuration: {
          chunk_shape: [8, 8, 8],
          codecs: [{ name: "bytes", configuration: { endian: "little" } }],
          index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
          index_location: "end",
        },
      },
    ]);
  });

  test.each([
    ["0.4", "none", null],
    ["0.4", "zlib", { id: "zlib", level: 6 }],
    ["0.4", "zstd", { id: "zstd", level: 3 }],
    ["0.4", "blosc", { id: "blosc", cname: "zstd", clevel: 5, shuffle: 1, blocksize: 0 }],
    ["0.5", "zstd", { name: "zstd", configuration: { level: 3, checksum: false } }],
    [
      "0.5",
      "blosc",
      {
        name: "blosc",
        configuration: { cname: "zstd", clevel: 5, shuffle: "shuffle", typesize: 4, blocksize: 0 },
      },
    ],
  ] as const)("of %s says how %s packs", (version, compression, codec) => {
    const array = parsed(
      metadataOf(version, info, undefined, { options: { compression } }),
      arrayPath[version],
    );
    expect(version === "0.4" ? array.compressor : array.codecs[1]).toEqual(codec);
  });

  it("of any data type has the name that NumPy has for it in 0.4, its own in 0.5", () => {
    const types = (version: Version, key: string) =>
      dataTypes.map(
        (dataType) => parsed(metadataOf(version, volumeInfo(shape, { dataType })), arrayPath[version])[key],
      );
    expect(types("0.4", "dtype")).toEqual([
      "|u1",
      "|i1",
      "<u2",
      "<i2",
      "<u4",
      "<i4",
      "<u8",
      "<i8",
      "<f4",
      "<f8",
    ]);
    expect(types("0.5", "data_type")).toEqual(dataTypes);
  });
});

describe("what OME-Zarr does not have is refused before anything is fetched", () => {
  test.each<[string, OmeZarrOptions, string]>([
    ["another version", { version: "0.3" as "0.4" }, 'version must be one of 0.4, 0.5; got "0.3"'],
    ["shards of 0.4", { version: "0.4", shardShape: [128, 128, 128] }, "OME-Zarr 0.4 has no shards"],
    ["shards of parts of chunks", { chunkShape: [64, 64, 64], shardShape: [128, 100, 128] }, "no multiple"],
    ["a chunk of two axes", { chunkShape: [64, 64] }, "chunkShape must be three whole numbers above 0"],
    ["a chunk of no voxels", { chunkShape: [64, 0, 64] }, "chunkShape must be three whole numbers above 0"],
    ["a shard of no voxels", { shardShape: [64, 0, 64] }, "shardShape must be three whole numbers above 0"],
    ["zlib in 0.5", { compression: "zlib" }, "compression must be one of none, gzip, zstd, blosc"],
    ["a compression of no name", { compression: "lzma" as "gzip" }, "compression must be one of"],
    ["a level beyond", { compression: { kind: "gzip", level: 10 } }, "from 0 to 9, got 10"],
    ["an option of another name", { chunks: [64, 64, 64] } as object, '"chunks" is no option of OME-Zarr'],
    [
      "another name in the compression",
      { compression: { kind: "gzip", clevel: 5 } as never },
      '"clevel" is no',
    ],
    [
      "a compression that is none",
      { compression: null as never },
      "the options of compression must be an object",
    ],
    ["a level between", { compression: { kind: "zstd", level: 1.5 } }, "from 1 to 22, got 1.5"],
  ])("%s", (_, options, message) => {
    expect(() => omeZarrFormat(options)).toThrow(message);
  });

  it("and what decides the files is told as plain data, with what is the default", () => {
    expect(omeZarrFormat().options).toEqual(
      omeZarrFormat({ version: "0.5", chunkShape: [64, 64, 64], compression: { kind: "gzip", level: 6 } })
        .options,
    );
    expect(omeZarrFormat({ shardShape: [128, 128, 64] })).toMatchObject({
      name: "ome-zarr",
      unitShape: [128, 128, 64],
      compression: { kind: "gzip", level: 6 },
    });
    expect(omeZarrFormat({ version: "0.4" })).toMatchObject({
      name: "ome-zarr-0.4",
      unitShape: [64, 64, 64],
    });
  });
});
