import type { FillCause } from "../../assemble/fill-cause.js";
import { splitBox } from "../../assemble/split-box.js";
import { denseVolume } from "../../assemble/strided-volume.js";
import type { VolumeSink } from "../../assemble/volume-sink.js";
import { MemorySink } from "../../assemble/volume-sink.js";
import type { Turn } from "../../concurrency/in-turns.js";
import { untilAborted } from "../../concurrency/until-aborted.js";
import type { Orientation3D, Triple } from "../../space/axis-order.js";
import { reorder } from "../../space/axis-order.js";
import type { Block } from "../../space/block.js";
import type { Bytes } from "../../space/bytes.js";
import type { Voxels } from "../../space/data-type.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import { voxelCount } from "../../space/scaled-box.js";
import type { Portion } from "../fetch-region.js";

/** What the portions of a volume share. Boxes are z, y, x. */
export interface PortionContext {
  /** Axis order of the volume. */
  readonly orientation: Orientation3D;
  /** Shape of the writer's chunks; `undefined` if each portion is one chunk. */
  readonly chunkShape: Triple | undefined;
  /** A bigint if the voxels are bigints. */
  readonly fillValue: number | bigint;
  readonly turn: Turn;
  /** Resolves to memory for a portion as soon as there is some. */
  takeMemory(): Promise<Voxels>;
  /** Takes back the memory of a portion. */
  giveMemory(memory: Voxels): void;
  /** Whether the writer already has a chunk; `undefined` if the writer cannot tell. */
  readonly has: ((chunk: ScaledBox) => Promise<boolean>) | undefined;
  /** Writes a chunk, with the causes of its filled voxels. Never rejects; resolves when its memory is free again. */
  write(chunk: ScaledBox, data: Voxels, filled: ReadonlySet<string>): Promise<void>;
}

interface Chunk {
  readonly box: ScaledBox;
  readonly data: Voxels;
  readonly sink: MemorySink;
  /** Why voxels of the chunk hold the fill value. */
  readonly filled: Set<string>;
  /** Voxels that have not come yet. */
  left: number;
}

/**
 * A portion of a volume that goes to a writer: some chunks in one piece of memory. A chunk is written as soon as it is
 * complete, and the memory is given back when all chunks are written.
 */
export class WriterPortion implements Portion, VolumeSink {
  readonly box: ScaledBox;
  readonly #context: PortionContext;
  readonly #chunkShape: Triple;
  /** Number of chunks per axis. */
  readonly #grid: Triple;
  /** Incomplete chunks by their number, in C order. */
  readonly #chunks = new Map<number, Chunk>();
  readonly #held = new Map<number, Promise<boolean>>();
  readonly #heldChunks = new Set<number>();
  #taking: Promise<void> | undefined;
  #memory: Voxels | undefined;
  #used = 0;
  /** Voxels that have not come yet and may still be wanted. */
  #left: number;
  #writing = 0;

  constructor(box: ScaledBox, context: PortionContext) {
    this.box = box;
    this.#context = context;
    const { lower, upper } = box;
    this.#chunkShape = context.chunkShape ?? [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
    const chunksAlong = (axis: 0 | 1 | 2): number =>
      Math.ceil((upper[axis] - lower[axis]) / this.#chunkShape[axis]);
    this.#grid = [chunksAlong(0), chunksAlong(1), chunksAlong(2)];
    this.#left = voxelCount(box);
  }

  get sink(): VolumeSink | undefined {
    return this.#memory !== undefined && this.#context.has === undefined ? this : undefined;
  }

  async open(box: ScaledBox, signal: AbortSignal): Promise<VolumeSink | undefined> {
    if (!(await untilAborted(this.#wants(box), signal))) {
      this.#settle(voxelCount(box));
      return undefined;
    }
    this.#taking ??= this.#take();
    await untilAborted(this.#taking, signal);
    return this;
  }

  putBlock(block: Block, first: Triple, box: ScaledBox, cause?: FillCause): Promise<void> {
    return this.#put(box, ({ sink, filled }, piece) => {
      if (cause !== undefined && endsBefore(block, first, piece)) filled.add(cause);
      return sink.putBlock(block, first, piece);
    });
  }

  putFill(box: ScaledBox, cause: FillCause | "outside"): Promise<void> {
    return this.#put(box, ({ sink, filled }, piece) => {
      if (cause !== "outside") filled.add(cause);
      return sink.putFill(piece);
    });
  }

  async #put(
    box: ScaledBox,
    putInto: (chunk: Chunk, piece: ScaledBox) => void | Promise<void>,
  ): Promise<void> {
    for (const piece of this.#pieces(box)) {
      const number = this.#chunkNumber(piece);
      if (this.#heldChunks.has(number)) continue;
      const chunk = this.#chunkOf(piece, number);
      const put = putInto(chunk, piece);
      // Awaits only if needed: nearly every piece is done at once, and a block has many pieces.
      if (put !== undefined) await put;
      chunk.left -= voxelCount(piece);
      if (chunk.left === 0) this.#write(chunk, number);
    }
    this.#settle(voxelCount(box));
  }

  async #wants(box: ScaledBox): Promise<boolean> {
    const { has } = this.#context;
    if (has === undefined) return true;
    const held = await Promise.all([...this.#pieces(box)].map((piece) => this.#isHeld(piece, has)));
    return held.includes(false);
  }

  #isHeld(piece: ScaledBox, has: (chunk: ScaledBox) => Promise<boolean>): Promise<boolean> {
    const number = this.#chunkNumber(piece);
    let held = this.#held.get(number);
    if (held === undefined) {
      held = has(this.#chunkBox(piece)).then((isHeld) => {
        if (isHeld) this.#heldChunks.add(number);
        return isHeld;
      });
      this.#held.set(number, held);
    }
    return held;
  }

  /** Cuts a box into pieces that lie in one chunk each. */
  #pieces(box: ScaledBox): Generator<ScaledBox> {
    return splitBox(box, this.#chunkShape, this.box.lower);
  }

  /** The position along an axis of the chunk that holds a voxel. */
  #chunkAlong(axis: 0 | 1 | 2, voxel: number): number {
    return Math.floor((voxel - this.box.lower[axis]) / this.#chunkShape[axis]);
  }

  #chunkNumber({ lower: [z, y, x] }: ScaledBox): number {
    const row = this.#chunkAlong(0, z) * this.#grid[1] + this.#chunkAlong(1, y);
    return row * this.#grid[2] + this.#chunkAlong(2, x);
  }

  #chunkBox({ lower: first }: ScaledBox): ScaledBox {
    const { lower, upper } = this.box;
    const start = (axis: 0 | 1 | 2): number =>
      lower[axis] + this.#chunkAlong(axis, first[axis]) * this.#chunkShape[axis];
    const end = (axis: 0 | 1 | 2): number => Math.min(upper[axis], start(axis) + this.#chunkShape[axis]);
    return { lower: [start(0), start(1), start(2)], upper: [end(0), end(1), end(2)] };
  }

  #chunkOf(piece: ScaledBox, number: number): Chunk {
    let chunk = this.#chunks.get(number);
    if (chunk === undefined) {
      const { orientation, fillValue, turn } = this.#context;
      const box = this.#chunkBox(piece);
      const voxels = voxelCount(box);
      // The array may have any type; to the compiler it holds bytes.
      const data = (this.#memory as Bytes).subarray(this.#used, this.#used + voxels);
      this.#used += voxels;
      const volume = denseVolume(data, shapeOf(box, orientation), orientation, box.lower);
      chunk = { box, data, sink: new MemorySink(volume, fillValue, turn), filled: new Set(), left: voxels };
      this.#chunks.set(number, chunk);
    }
    return chunk;
  }

  async #write({ box, data, filled }: Chunk, number: number): Promise<void> {
    this.#chunks.delete(number);
    this.#writing++;
    await this.#context.write(box, data, filled);
    this.#writing--;
    this.#settle(0);
  }

  async #take(): Promise<void> {
    this.#memory = await this.#context.takeMemory();
  }

  #settle(voxels: number): void {
    this.#left -= voxels;
    if (this.#left > 0 || this.#writing > 0 || this.#memory === undefined) return;
    this.#context.giveMemory(this.#memory);
    this.#memory = undefined;
  }
}

/** Whether a block ends before a box does. */
function endsBefore({ shape }: Block, first: Triple, { upper }: ScaledBox): boolean {
  return shape.some((extent, axis) => (first[axis] as number) + extent < (upper[axis] as number));
}

/** Extent of a box in output order. */
export function shapeOf({ lower, upper }: ScaledBox, orientation: Orientation3D): Triple {
  return reorder([upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]], "zyx", orientation);
}
