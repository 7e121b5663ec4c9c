import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType } from "../../space/data-type.js";
import { bytesPerVoxel, createVoxels } from "../../space/data-type.js";

type Hdf5Library = typeof import("h5wasm");

/** What a file holds besides the voxels. */
export interface FrameRequest {
  readonly dataset: string;
  readonly shape: Triple;
  readonly dataType: DataType;
  readonly chunkShape: Triple;
  /** Level of gzip; `undefined` if chunks are not compressed. */
  readonly gzipLevel: number | undefined;
  /** Attributes of the dataset: texts, lists of texts, or lists of numbers, which become float64. */
  readonly attributes: Readonly<Record<string, string | readonly string[] | readonly number[]>>;
  readonly fileAttributes: Readonly<Record<string, string>>;
}

/** Loads `h5wasm`. If it is not installed, throws an `InvalidOutError` that says what to install. */
export async function loadHdf5Library(): Promise<Hdf5Library> {
  try {
    const library = await import("h5wasm");
    await library.ready;
    return library;
  } catch (cause) {
    throw new InvalidOutError("HDF5 files need the package h5wasm: npm install h5wasm", { cause });
  }
}

const typeCodes: Readonly<Record<DataType, string>> = {
  uint8: "<B",
  int8: "<b",
  uint16: "<H",
  int16: "<h",
  uint32: "<I",
  int32: "<i",
  uint64: "<Q",
  int64: "<q",
  float32: "<f",
  float64: "<d",
};

/** Name of a file in the library's own in-memory file system, which all users of the library share. */
const fileName = ".catmaid-image-frame.h5";

/** A HDF5 file without chunks, in the oldest version of the format, which all readers know. */
export function hdf5Frame(library: Hdf5Library, request: FrameRequest): Bytes {
  const fs = library.FS;
  if (fs === null) throw unknownVersion();
  try {
    writeFrame(library, request);
    return fs.readFile(fileName).slice();
  } finally {
    fs.unlink(fileName);
  }
}

function writeFrame(library: Hdf5Library, request: FrameRequest): void {
  const { dataset, shape, dataType, chunkShape, gzipLevel, attributes, fileAttributes } = request;
  const file = new library.File(fileName, "w", { libver: ["earliest", "v108"] });
  try {
    for (const [name, value] of Object.entries(fileAttributes)) file.create_attribute(name, value);
    const path = dataset.split("/");
    const name = path.pop() as string;
    let group: InstanceType<Hdf5Library["Group"]> = file;
    for (const part of path) group = group.create_group(part);
    // The library would write all voxels of a dataset made at full size, but writes none if an empty one is resized.
    const made = group.create_dataset({
      name,
      data: createVoxels(dataType, 0),
      shape: [0, 0, 0],
      maxshape: [...shape],
      chunks: [...chunkShape],
      dtype: typeCodes[dataType],
      ...(gzipLevel === undefined ? {} : { compression: "gzip" as const, compression_opts: gzipLevel }),
    });
    made.resize([...shape]);
    for (const [key, value] of Object.entries(attributes)) {
      if (isNumbers(value)) made.create_attribute(key, [...value], [value.length], "<d");
      else made.create_attribute(key, typeof value === "string" ? value : [...value]);
    }
  } finally {
    file.close();
  }
}

/** Writes into a frame where the root of the chunk index is, and where the file ends. */
export function placeIndex(frame: Bytes, request: FrameRequest, root: number, end: number): void {
  const { chunkShape, dataType } = request;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  // The layout message: version 3, chunked, rank 4 (three axes and the element), no index yet, the chunk's extents, and the
  // element's size.
  const layout = new Uint8Array(11 + 16).fill(0xff);
  layout.set([3, 2, 4]);
  const extents = new DataView(layout.buffer, 11);
  [...chunkShape, bytesPerVoxel(dataType)].forEach((extent, i) => {
    extents.setUint32(i * 4, extent, true);
  });
  const at = indexOf(frame, layout);
  // This must be a superblock of version 0 with addresses of 8 bytes; the end of the file is at byte 40.
  if (at < 0 || frame[8] !== 0 || frame[13] !== 8) {
    throw unknownVersion();
  }
  view.setBigUint64(at + 3, BigInt(root), true);
  view.setBigUint64(40, BigInt(end), true);
}

function unknownVersion(): InvalidOutError {
  return new InvalidOutError("h5wasm writes files of an unknown form: install version 0.10.3 of it");
}

function isNumbers(value: string | readonly string[] | readonly number[]): value is readonly number[] {
  return typeof value !== "string" && typeof value[0] === "number";
}

function indexOf(bytes: Bytes, sought: Bytes): number {
  for (let at = 0; at + sought.length <= bytes.length; at++) {
    if (sought.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
