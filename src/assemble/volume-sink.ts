import type { Turn } from "../concurrency/in-turns.js";
import { inTurns } from "../concurrency/in-turns.js";
import type { Triple } from "../space/axis-order.js";
import type { Block } from "../space/block.js";
import type { ScaledBox } from "../space/scaled-box.js";
import { copyBlock, fillBox } from "./copy-block.js";
import type { FillCause } from "./fill-cause.js";
import { copyPieces, fillPieces } from "./memory-pieces.js";
import type { StridedVolume } from "./strided-volume.js";

/** Takes the parts of a region as they come. */
export interface VolumeSink {
  /**
   * Takes the part that a block serves; the block's first voxel is at `first`, zyx scaled voxels.
   *
   * @param cause - Why the block ends before the box, if it should not.
   */
  putBlock(block: Block, first: Triple, box: ScaledBox, cause?: FillCause): void | Promise<void>;
  /** Takes a box without voxels, and the reason why there are none. */
  putFill(box: ScaledBox, cause: FillCause | "outside"): void | Promise<void>;
}

/** Puts the parts into memory, in turns. Puts nothing more once passing a turn has failed. */
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
