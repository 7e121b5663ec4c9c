import { reorderAxes } from "../../../workers/decode/axes/reorder-axes.js";
import { encodeCompressedSegmentation } from "../../../workers/encode/encode-compressed-segmentation.js";
import type { PrecomputedCodec } from "../../../workers/protocol.js";
import { type Axis, axesOf, type Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType, Voxels } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import { decodeVoxels } from "../chunked/decode-voxels.js";
import { littleEndianBytes } from "../little-endian.js";
import type { OutCompression, Pack } from "../packing/pack.js";
import type { VolumeBlock } from "../volume-writer.js";

/** How the chunks of a volume are encoded. */
export type ChunkEncoding =
  | { readonly kind: "raw" }
  | {
      readonly kind: "compressed_segmentation";
      /** Extent of the encoding's blocks: x, y, z. */
      readonly blockSize: Triple;
    };

/** Encodes blocks as chunks, and decodes them. In a chunk, x of project space is fastest, whatever the volume's axis order. */
export class ChunkCoder {
  readonly #encoding: ChunkEncoding;
  readonly #compression: OutCompression;
  /** The axes of the block that are z, y and x of project space, counted from 0, the fastest. */
  readonly #axes: Triple;
  readonly #codec: PrecomputedCodec;

  /** @param projectAxes - Axes of the volume, slowest first. */
  constructor(
    dataType: DataType,
    projectAxes: readonly [Axis, Axis, Axis],
    encoding: ChunkEncoding,
    compression: OutCompression,
  ) {
    const [z, y, x] = axesOf("zyx").map((axis) => 2 - projectAxes.indexOf(axis)) as [number, number, number];
    this.#encoding = encoding;
    this.#compression = compression;
    this.#axes = [z, y, x];
    this.#codec = {
      kind: "precomputed",
      dataType,
      encoding,
      gzip: compression.kind === "gzip",
      channels: 1,
      channel: 0,
      axes: perAxis((axis) => axesOf("xyz").indexOf(projectAxes[axis])),
    };
  }

  async encode({ data, shape }: VolumeBlock, pack: Pack): Promise<Bytes> {
    const fastestFirst: Triple = [shape[2], shape[1], shape[0]];
    const voxels = reorderAxes(data, fastestFirst, this.#axes);
    const [z, y, x] = this.#axes as readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
    const extent: Triple = [fastestFirst[x], fastestFirst[y], fastestFirst[z]];
    return pack(this.#bytesOf(voxels, extent), this.#compression);
  }

  /** @param shape - In the axis order of the volume. */
  decode(bytes: Uint8Array, shape: Triple): Promise<VolumeBlock> {
    return decodeVoxels(bytes, this.#codec, shape);
  }

  #bytesOf(voxels: Voxels, extent: Triple): Bytes {
    if (this.#encoding.kind === "raw") return littleEndianBytes(voxels);
    return encodeCompressedSegmentation(
      voxels as Uint32Array | BigUint64Array,
      extent,
      this.#encoding.blockSize,
    );
  }
}
