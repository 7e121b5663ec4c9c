import { encodeShard } from "../../../workers/encode/encode-shard.js";
import { DecodeFailure } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { Bytes } from "../../space/bytes.js";
import type { DataType } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import type { DatasetLevel } from "../chunked/chunk-format.js";
import { copyBox } from "../chunked/copy-box.js";
import { extentOf, unitBox, unitsOf } from "../chunked/unit-grid.js";
import { cutBlock, newBlock } from "../chunked/volume-block.js";
import type { Pack } from "../packing/pack.js";
import type { VolumeBlock, VolumeBox } from "../volume-writer.js";
import type { ChunkCoder } from "./chunk-coder.js";
import { readShard } from "./read-shard.js";
import type { ScaleLayout } from "./scale-layout.js";
import type { ShardGrid } from "./shard-grid.js";

/** How a level is cut into shards and chunks. Triples are in the axis order of the volume. */
export interface ShardedShape {
  readonly shape: Triple;
  readonly chunkShape: Triple;
  readonly shardShape: Triple;
  readonly dataType: DataType;
}

/** A chunk of a shard: its id, and its box within the shard, in the axis order of the volume. */
interface ShardChunk {
  readonly id: bigint;
  readonly box: VolumeBox;
}

/** Chunks that are packed at a time: enough to keep all workers busy, without a second copy of the whole shard in memory. */
const chunksAtATime = 16;

/** A level whose chunks lie in shards. Each shard is a file. */
export class ShardFiles implements DatasetLevel {
  readonly shape: Triple;
  readonly unitShape: Triple;
  readonly #chunkShape: Triple;
  readonly #dataType: DataType;
  readonly #scale: ScaleLayout;
  readonly #grid: ShardGrid;
  readonly #coder: ChunkCoder;

  constructor(sharded: ShardedShape, scale: ScaleLayout, grid: ShardGrid, coder: ChunkCoder) {
    this.shape = sharded.shape;
    this.unitShape = sharded.shardShape;
    this.#chunkShape = sharded.chunkShape;
    this.#dataType = sharded.dataType;
    this.#scale = scale;
    this.#grid = grid;
    this.#coder = coder;
  }

  path(at: Triple): string {
    return `${this.#scale.key}/${this.#grid.fileName(this.#scale.toXyz(at))}`;
  }

  async encode(at: Triple, block: VolumeBlock, pack: Pack): Promise<Bytes> {
    const chunks = this.#chunksOf(at, block.shape);
    const encoded = new Map<bigint, Bytes>();
    for (let first = 0; first < chunks.length; first += chunksAtATime) {
      const encoding = chunks.slice(first, first + chunksAtATime).map(async ({ id, box }) => {
        const chunk = cutBlock(block, box.lower, extentOf(box));
        encoded.set(id, await this.#coder.encode(chunk, pack));
      });
      await Promise.all(encoding);
    }
    return encodeShard(encoded, {
      minishards: 2 ** this.#grid.minishardBits,
      minishardOf: (id) => this.#grid.minishardOf(id),
    });
  }

  async decode(at: Triple, bytes: Bytes): Promise<VolumeBlock> {
    const block = newBlock(this.#dataType, extentOf(unitBox(this, at)));
    const chunks = readShard(bytes, 2 ** this.#grid.minishardBits);
    for (const { id, box } of this.#chunksOf(at, block.shape)) {
      const bytes = chunks.get(id);
      if (bytes === undefined) throw new DecodeFailure("corrupt-image", `the shard lacks chunk ${id}`);
      const chunk = await this.#coder.decode(bytes, extentOf(box));
      copyBox(chunk, box.lower, block, [0, 0, 0], box);
    }
    return block;
  }

  /** @param extent - Extent of the shard. */
  #chunksOf(at: Triple, extent: Triple): readonly ShardChunk[] {
    const inShard = { shape: extent, unitShape: this.#chunkShape };
    const first = perAxis((axis) => (at[axis] * this.unitShape[axis]) / this.#chunkShape[axis]);
    return Array.from(unitsOf(inShard), (place) => ({
      id: this.#grid.idOf(this.#scale.toXyz(perAxis((axis) => first[axis] + place[axis]))),
      box: unitBox(inShard, place),
    }));
  }
}
