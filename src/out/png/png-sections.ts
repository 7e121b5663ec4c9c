import { greyPngOf, greyPngRows } from "../../../workers/encode/encode-png.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import type { DatasetLevel } from "../chunked/chunk-format.js";
import { decodeVoxels } from "../chunked/decode-voxels.js";
import type { Pack } from "../packing/pack.js";
import type { VolumeBlock } from "../volume-writer.js";

/** The planes of a volume, each as a PNG. */
export class PngSections implements DatasetLevel {
  readonly shape: Triple;
  readonly unitShape: Triple;
  readonly #dataType: "uint8" | "uint16";
  readonly #level: number;

  /** @param level - Compression level of zlib. */
  constructor(shape: Triple, dataType: "uint8" | "uint16", level: number) {
    this.shape = shape;
    this.unitShape = [1, shape[1], shape[2]];
    this.#dataType = dataType;
    this.#level = level;
  }

  path([section]: Triple): string {
    const digits = Math.max(4, String(this.shape[0] - 1).length);
    return `${String(section).padStart(digits, "0")}.png`;
  }

  async encode(_at: Triple, { data, shape: [, height, width] }: VolumeBlock, pack: Pack): Promise<Bytes> {
    const rows = greyPngRows(data as Uint8Array | Uint16Array, width, height);
    const pixels = await pack(rows, { kind: "zlib", level: this.#level });
    return greyPngOf(pixels, width, height, bytesPerVoxel(this.#dataType));
  }

  decode(_at: Triple, bytes: Bytes): Promise<VolumeBlock> {
    const codec = { kind: "image", transpose: false, dataType: this.#dataType, channel: "grey" } as const;
    return decodeVoxels(bytes, codec, this.unitShape);
  }
}
