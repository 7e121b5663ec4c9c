import { bigEndianBytes } from "../../../workers/encode/big-endian-bytes.js";
import { encodeN5Block } from "../../../workers/encode/encode-n5-block.js";
import type { N5Codec, N5Compression } from "../../../workers/protocol.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType } from "../../space/data-type.js";
import type { DatasetLevel } from "../chunked/chunk-format.js";
import { decodeVoxels } from "../chunked/decode-voxels.js";
import { SpareMemory } from "../chunked/spare-memory.js";
import { extentOf, unitBox } from "../chunked/unit-grid.js";
import { cutBlock, padBlock } from "../chunked/volume-block.js";
import { type NamedCompression, outCompression } from "../packing/compression-option.js";
import type { OutCompression, Pack } from "../packing/pack.js";
import type { VolumeBlock } from "../volume-writer.js";
import type { N5Layout } from "./n5-layout.js";

/** The decoders' names of the compressions. */
const unpackedAs: Readonly<Record<NamedCompression["kind"], N5Compression>> = {
  none: "raw",
  gzip: "gzip",
  zlib: "zlib",
  zstd: "zstd",
  blosc: "blosc",
};

/** A level of an N5 dataset. Each block is a file whose path is the block's grid position, with the fastest axis first. */
export class N5Level implements DatasetLevel {
  readonly shape: Triple;
  readonly unitShape: Triple;
  readonly #folder: string;
  readonly #compression: OutCompression;
  readonly #codec: N5Codec;
  readonly #padsBlocks: boolean;
  readonly #memory = new SpareMemory();

  /** @param folder - With a trailing slash, unless it is the root. */
  constructor(folder: string, shape: Triple, dataType: DataType, layout: N5Layout) {
    const { chunkShape, compression, edgeBlocks } = layout;
    this.shape = shape;
    this.unitShape = chunkShape;
    this.#folder = folder;
    this.#compression = outCompression(compression, dataType);
    this.#codec = {
      kind: "n5",
      dataType,
      compression: unpackedAs[compression.kind],
      axes: [2, 1, 0],
      rank: 3,
    };
    this.#padsBlocks = edgeBlocks === "full";
  }

  path([slow, middle, fast]: Triple): string {
    return `${this.#folder}${fast}/${middle}/${slow}`;
  }

  async encode(_at: Triple, block: VolumeBlock, pack: Pack): Promise<Bytes> {
    const { data, shape } = this.#padsBlocks ? padBlock(block, this.unitShape) : block;
    const packed = await pack(bigEndianBytes(data), this.#compression);
    return encodeN5Block(packed, [shape[2], shape[1], shape[0]], (byteLength) =>
      this.#memory.take(byteLength),
    );
  }

  free({ buffer }: Bytes): void {
    this.#memory.give(buffer as ArrayBuffer);
  }

  async decode(at: Triple, bytes: Bytes): Promise<VolumeBlock> {
    const extent = extentOf(unitBox(this, at));
    const block = await decodeVoxels(bytes, this.#codec, this.#padsBlocks ? this.unitShape : extent);
    return cutBlock(block, [0, 0, 0], extent);
  }
}
