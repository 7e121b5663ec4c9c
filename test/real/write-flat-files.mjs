/**
 * Writes volumes in all flat formats, and as HDF5, for check_flat_files.py: `node test/real/write-flat-files.mjs FOLDER`.
 * Beside each file are NAME.json, its sidecar, and NAME.bytes, its voxels as they were given. Uses what `npm run build` made.
 */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { fileSink, NpyWriter, NrrdWriter, RawWriter, sidecarText, TiffWriter } from "../../dist/out.node.js";
import { Hdf5Writer } from "../../dist/out-hdf5.node.js";

const folder = process.argv[2];
const size = { z: 7, y: 13, x: 18 };
const resolution = { z: 40, y: 4.5, x: 4 };
const position = { z: 4000, y: -18, x: 2.5 };
const orders = ["zyx", "zxy", "yzx", "yxz", "xzy", "xyz"];
const types = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
};
const forImageJ = ["uint8", "uint16", "int16", "uint32", "int32", "float32"];
const tools = { pack: (bytes, _format, level) => promisify(deflate)(bytes, { level }) };
const report = {
  blocks: { planned: 1, fetched: 0, cached: 0, filled: 1, empty: 0 },
  filled: [{ block: { level: 0, at: [1, 2, 3] }, cause: "missing" }],
  replaced: [],
  outside: 0,
};

const formats = {
  npy: ({ sink }, options) => new NpyWriter(sink, options),
  raw: ({ sink }, options) => new RawWriter(sink, options),
  nrrd: ({ sink }, options) => new NrrdWriter(sink, options),
  tif: ({ sink, dataType }, options) =>
    new TiffWriter(sink, { ...options, imageJ: forImageJ.includes(dataType) }),
  "single.tif": ({ sink, dataType }, options) =>
    forImageJ.includes(dataType) ? new TiffWriter(sink, { ...options, form: "single-ifd" }) : undefined,
  h5: ({ sink }) => new Hdf5Writer(sink, { chunkShape: [3, 5, 4] }),
  "gzip.h5": ({ sink }) =>
    new Hdf5Writer(sink, { chunkShape: [2, 2, 2], compression: "gzip", dataset: "a/b" }),
  "cremi.h5": ({ sink, dataType, order }) =>
    order === "zyx" && (dataType === "uint8" || dataType === "uint64")
      ? new Hdf5Writer(sink, { layout: "cremi", compression: "gzip" })
      : undefined,
};

for (const order of orders) {
  for (const [dataType, Type] of Object.entries(types)) {
    const axes = [...order];
    const inOrder = (values) => axes.map((axis) => values[axis]);
    const info = {
      shape: inOrder(size),
      dataType,
      orientation: order,
      projectAxes: axes,
      resolution: inOrder(resolution),
      position: inOrder(position),
      origin: [0, 0, 0],
      zoomLevel: 0,
      fillValue: dataType.endsWith("64") && dataType !== "float64" ? 0n : 0,
      isLabels: dataType === "uint64",
      stack: { id: 1, title: 'Größe "1"' },
      mirror: { position: 0, title: "mirror" },
    };
    const voxels = drawn(Type, info.shape);
    for (const [ending, writerOf] of Object.entries(formats)) {
      const path = join(folder, `${order}.${dataType}.${ending}`);
      const sink = await fileSink(path);
      const sidecar = await fileSink(`${path}.json`);
      const writer = writerOf({ sink, dataType, order }, { sidecar });
      if (writer === undefined) {
        await sink.discard();
        await sidecar.discard();
        continue;
      }
      await writer.begin(info, tools);
      for (const box of boxes(info.shape, writer.chunkShape ?? [2, 5, 7]))
        await writer.write(box, cut(Type, voxels, info.shape, box));
      await writer.flush(report);
      if (writer instanceof Hdf5Writer) {
        await sidecar.discard();
        await writeFile(`${path}.json`, sidecarText(info, report));
      }
      await writeFile(`${path}.bytes`, new Uint8Array(voxels.buffer));
    }
  }
}
await writeLarge("pages", "large.tif");
await writeLarge("single-ifd", "large.single.tif");
await writeLarge("pages", "small.tif", 4095);
await writeLargeHdf5("large.h5");

/** Values that use all bits, some negative; whole ones where ImageJ turns numbers of 32 bits into less exact ones. */
function drawn(Type, [a, b, c]) {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 8;
  };
  return Type.from({ length: a * b * c }, () => {
    if (Type === BigUint64Array || Type === BigInt64Array) return (BigInt(next()) << 40n) | BigInt(next());
    return Type === Float32Array || Type === Float64Array ? next() / 64 - 1e5 : next();
  });
}

/** Shuffled, so that they come as from the network. */
function boxes(shape, chunk) {
  const all = [];
  for (let i = 0; i < shape[0]; i += chunk[0])
    for (let j = 0; j < shape[1]; j += chunk[1])
      for (let k = 0; k < shape[2]; k += chunk[2]) {
        const lower = [i, j, k];
        all.push({ lower, upper: lower.map((first, axis) => Math.min(first + chunk[axis], shape[axis])) });
      }
  return all
    .map((box, i) => [(i * 7919) % 1009, box])
    .sort(([a], [b]) => a - b)
    .map(([, box]) => box);
}

function cut(Type, voxels, shape, { lower, upper }) {
  const extent = upper.map((end, axis) => end - lower[axis]);
  const data = new Type(extent[0] * extent[1] * extent[2] + 5).subarray(5);
  let at = 0;
  for (let i = lower[0]; i < upper[0]; i++)
    for (let j = lower[1]; j < upper[1]; j++)
      for (let k = lower[2]; k < upper[2]; k++) data[at++] = voxels[(i * shape[1] + j) * shape[2] + k];
  return { data, shape: extent };
}

/** A file in which what is black takes no disk. */
async function sparseSink(path, black) {
  const file = await open(path, "w");
  let length = 0;
  return {
    async write(position, bytes) {
      length = Math.max(length, position + bytes.length);
      if (bytes.buffer !== black.buffer) await file.write(bytes, 0, bytes.length, position);
    },
    async close() {
      await file.truncate(length);
      await file.close();
    },
  };
}

function largeInfo(shape) {
  return {
    shape,
    dataType: "uint8",
    orientation: "zyx",
    projectAxes: ["z", "y", "x"],
    resolution: [40, 4, 4],
    position: [0, 0, 0],
    origin: [0, 0, 0],
    zoomLevel: 0,
    fillValue: 0,
    isLabels: false,
    stack: { id: 1, title: "large" },
    mirror: { position: 0, title: "mirror" },
  };
}

/** Pages of 1 MiB, 4 GiB and one page if not said otherwise, of which a few are not black. */
async function writeLarge(form, name, pages = 4097) {
  const black = new Uint8Array(2 ** 20);
  const writer = new TiffWriter(await sparseSink(join(folder, name), black), { form });
  await writer.begin(largeInfo([pages, 1024, 1024]));
  const marked = new Map([0, 100, 2048, pages - 1].map((page, i) => [page, i + 1]));
  for (let page = 0; page < pages; page++) {
    const mark = marked.get(page);
    const data = mark === undefined ? black : new Uint8Array(2 ** 20).fill(mark);
    await writer.write(
      { lower: [page, 0, 0], upper: [page + 1, 1024, 1024] },
      { data, shape: [1, 1024, 1024] },
    );
  }
  await writer.flush(report);
}

/** 5 GiB in chunks of 256 KiB, of which the first and the last are not black. */
async function writeLargeHdf5(name) {
  const shape = [64, 8192, 10240];
  const black = new Uint8Array(64 ** 3);
  const writer = new Hdf5Writer(await sparseSink(join(folder, name), black));
  await writer.begin(largeInfo(shape), tools);
  for (let y = 0; y < shape[1]; y += 64)
    for (let x = 0; x < shape[2]; x += 64) {
      const mark = y + x === 0 ? 1 : y + x === 8128 + 10176 ? 2 : 0;
      const data = mark === 0 ? black : new Uint8Array(64 ** 3).fill(mark);
      await writer.write({ lower: [0, y, x], upper: [64, y + 64, x + 64] }, { data, shape: [64, 64, 64] });
    }
  await writer.flush(report);
}
