import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { DatasetLevel } from "../chunked/chunk-format.js";
import { extentOf, unitBox } from "../chunked/unit-grid.js";
import type { Pack } from "../packing/pack.js";
import type { VolumeBlock } from "../volume-writer.js";
import type { ChunkCoder } from "./chunk-coder.js";
import type { ScaleLayout } from "./scale-layout.js";

/** A level whose chunks are files, named after their voxel ranges. */
export class ChunkFiles implements DatasetLevel {
  readonly shape: Triple;
  readonly unitShape: Triple;
  readonly #scale: ScaleLayout;
  readonly #coder: ChunkCoder;
  readonly #suffix: string;

  /** @param suffix - Added to file names, but not requested by readers: `".gz"`, which the server hides, or nothing. */
  constructor(shape: Triple, chunkShape: Triple, scale: ScaleLayout, coder: ChunkCoder, suffix: string) {
    this.shape = shape;
    this.unitShape = chunkShape;
    this.#scale = scale;
    this.#coder = coder;
    this.#suffix = suffix;
  }

  path(at: Triple): string {
    const { key, toXyz, offset, chunkSize, size } = this.#scale;
    const chunk = toXyz(at);
    const along = (axis: 0 | 1 | 2): string => {
      const first = chunk[axis] * chunkSize[axis];
      const end = Math.min(first + chunkSize[axis], size[axis]);
      return `${offset[axis] + first}-${offset[axis] + end}`;
    };
    return `${key}/${along(0)}_${along(1)}_${along(2)}${this.#suffix}`;
  }

  encode(_at: Triple, block: VolumeBlock, pack: Pack): Promise<Bytes> {
    return this.#coder.encode(block, pack);
  }

  decode(at: Triple, bytes: Bytes): Promise<VolumeBlock> {
    return this.#coder.decode(bytes, extentOf(unitBox(this, at)));
  }
}
