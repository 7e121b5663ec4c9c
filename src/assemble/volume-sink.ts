import type { Turn } from "../concurrency/in-turns.js";
import { inTurns } from "../concurrency/in-turns.js";
import type { VolumeBox, VolumeWriter } from "../out/volume-writer.js";
import type { Orientation3D, Triple } from "../space/axis-order.js";
import { fromOrder, toOrder } from "../space/axis-order.js";
import type { Block } from "../space/block.js";
import type { DataType, VoxelsOf } from "../space/data-type.js";
import { createVoxels } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { copyBlock, fillBox } from "./copy-block.js";
import { copyPieces, fillPieces } from "./memory-pieces.js";
import { splitBox } from "./split-box.js";
import type { StridedVolume } from "./strided-volume.js";
import { denseVolume } from "./strided-volume.js";

/** Takes the parts of a region as they come. */
export interface VolumeSink {
  /** Takes the part that a block serves; the block's first voxel is at `first`, zyx scaled voxels. */
  putBlock(block: Block, first: Triple, box: ScaledBox): void | Promise<void>;
  /** Takes a box that there are no voxels for. */
  putFill(box: ScaledBox): void | Promise<void>;
}

/** Puts the parts into memory, in turns: nothing more once passing one has failed. */
export class MemorySink implements VolumeSink {
  readonly #volume: StridedVolume;
  readonly #fillValue: number | bigint;
  readonly #turn: Turn;

  constructor(volume: StridedVolume, fillValue: number | bigint, turn: Turn) {
    this.#volume = volume;
    this.#fillValue = fillValue;
    this.#turn = turn;
  }

  putBlock(block: Block, first: Triple, box: ScaledBox): void | Promise<void> {
    const copy = (piece: ScaledBox): void => copyBlock(block, first, piece, this.#volume, this.#fillValue);
    return inTurns(copyPieces(box, this.#volume), copy, this.#turn);
  }

  putFill(box: ScaledBox): void | Promise<void> {
    const fill = (piece: ScaledBox): void => fillBox(piece, this.#volume, this.#fillValue);
    return inTurns(fillPieces(box, this.#volume), fill, this.#turn);
  }
}

// A region far outside the stack is one box: hand it on in pieces of at most 4 MiB.
const fillPiece: Triple = [1, 2048, 2048];

/** Hands each part to a writer as soon as it is there. */
export class BlockSink implements VolumeSink {
  readonly #output: OutputWriter;
  readonly #fillValue: number | bigint;
  readonly #turn: Turn;

  constructor(output: OutputWriter, fillValue: number | bigint, turn: Turn) {
    this.#output = output;
    this.#fillValue = fillValue;
    this.#turn = turn;
  }

  putBlock(block: Block, first: Triple, box: ScaledBox): Promise<void> {
    return this.#put(box, (into) => into.putBlock(block, first, box));
  }

  async putFill(box: ScaledBox): Promise<void> {
    for (const piece of splitBox(box, fillPiece)) await this.#put(piece, (block) => block.putFill(piece));
  }

  async #put(box: ScaledBox, into: (block: MemorySink) => void | Promise<void>): Promise<void> {
    while (this.#turn.over) await this.#turn.pass();
    const block = this.#output.block(box);
    await into(new MemorySink(block, this.#fillValue, this.#turn));
    await this.#output.write(box, block.data);
  }
}

/** Translates boxes of a stack into those of the output, and calls a writer for one block at a time. */
export class OutputWriter {
  readonly #writer: VolumeWriter;
  readonly #orientation: Orientation3D;
  readonly #region: ScaledBox;
  readonly #dataType: DataType;
  #last: Promise<void> = Promise.resolve();
  #stopped: { readonly reason: unknown } | undefined;

  constructor(writer: VolumeWriter, orientation: Orientation3D, region: ScaledBox, dataType: DataType) {
    this.#writer = writer;
    this.#dataType = dataType;
    this.#orientation = orientation;
    this.#region = region;
  }

  /** The boxes of whole chunks, in the order in which they lie in the output. */
  *chunks(chunkShape: Triple): Generator<ScaledBox> {
    const { lower, upper } = this.#toOutput(this.#region);
    for (const chunk of splitBox({ lower, upper }, chunkShape)) {
      yield { lower: this.#toStack(chunk.lower), upper: this.#toStack(chunk.upper) };
    }
  }

  /** Fresh memory for a box, dense in output order. */
  block(box: ScaledBox): StridedVolume & { readonly data: VoxelsOf<DataType> } {
    const shape = extentOf(this.#toOutput(box));
    const data = createVoxels(this.#dataType, shape[0] * shape[1] * shape[2]);
    return { ...denseVolume(data, shape, this.#orientation, box.lower), data };
  }

  /** Writes a block after those before it; none after one that failed. */
  write(box: ScaledBox, data: VoxelsOf<DataType>): Promise<void> {
    const output = this.#toOutput(box);
    const written = this.#last.then(async () => {
      if (this.#stopped !== undefined) throw this.#stopped.reason;
      try {
        await this.#writer.write(output, { data, shape: extentOf(output) });
      } catch (error) {
        this.stop(error);
        throw error;
      }
    });
    // The caller sees the failure; the chain only keeps the order.
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Lets no further block through. */
  stop(reason: unknown): void {
    this.#stopped ??= { reason };
  }

  /** Ends the volume. */
  async flush(): Promise<void> {
    await this.#writer.flush?.();
  }

  #toOutput(box: ScaledBox): VolumeBox {
    return { lower: this.#offset(box.lower), upper: this.#offset(box.upper) };
  }

  #offset(position: Triple): Triple {
    const origin = this.#region.lower;
    const relative: Triple = [position[0] - origin[0], position[1] - origin[1], position[2] - origin[2]];
    return toOrder(fromOrder(relative, "zyx"), this.#orientation);
  }

  #toStack(position: Triple): Triple {
    const [z, y, x] = toOrder(fromOrder(position, this.#orientation), "zyx");
    const origin = this.#region.lower;
    return [z + origin[0], y + origin[1], x + origin[2]];
  }
}

function extentOf(box: VolumeBox): Triple {
  const { lower, upper } = box;
  return [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
}
