import type { VolumeSink } from "../../assemble/volume-sink.js";
import type { Turn } from "../../concurrency/in-turns.js";
import { inTurns } from "../../concurrency/in-turns.js";
import type { Triple } from "../../space/axis-order.js";
import type { Block } from "../../space/block.js";
import type { Bytes } from "../../space/bytes.js";
import type { Voxels } from "../../space/data-type.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import type { PointBlocks } from "./point-blocks.js";
import type { SampleCause } from "./samples.js";

// Causes by the byte that is noted for a point. The first stands for a point whose voxel was found.
const causes: readonly (SampleCause | undefined)[] = [
  undefined,
  "outside",
  "missing",
  "broken-slice",
  "not-held",
  "short-tile",
  "failed",
];

/** Reads the voxels of points out of blocks, in turns. Points that get neither a block nor fill are outside. */
export class PointSink implements VolumeSink {
  readonly #points: PointBlocks;
  readonly #data: Voxels;
  readonly #turn: Turn;
  readonly #causes: Bytes;

  /** @param data - Where the voxels go, one for each point. */
  constructor(points: PointBlocks, data: Voxels, turn: Turn) {
    this.#points = points;
    this.#data = data;
    this.#turn = turn;
    this.#causes = new Uint8Array(data.length).fill(causes.indexOf("outside"));
  }

  putBlock(
    block: Block,
    first: Triple,
    box: ScaledBox,
    cause: SampleCause = "outside",
  ): void | Promise<void> {
    const [depth, height, width] = block.shape;
    // To the compiler all arrays hold bytes: numbers and bigints are copied alike.
    const [source, target] = [block.data as Uint8Array, this.#data as Uint8Array];
    const take = (point: number): void => {
      const [z, y, x] = this.#points.voxelOf(point);
      const [a, b, c] = [z - first[0], y - first[1], x - first[2]];
      const isLacking = a >= depth || b >= height || c >= width;
      if (!isLacking) target[point] = source[(a * height + b) * width + c] as number;
      this.#causes[point] = causes.indexOf(isLacking ? cause : undefined);
    };
    return inTurns(this.#points.within(box), take, this.#turn);
  }

  putFill(box: ScaledBox, cause: SampleCause): void | Promise<void> {
    const note = (point: number): void => {
      this.#causes[point] = causes.indexOf(cause);
    };
    return inTurns(this.#points.within(box), note, this.#turn);
  }

  /** For each point 1 if its voxel was found, else 0. */
  mask(): Bytes {
    return this.#causes.map((cause) => (cause === 0 ? 1 : 0));
  }

  /** Why a point has no voxel. */
  causeOf(point: number): SampleCause | undefined {
    return causes[this.#causes[point] ?? 0];
  }
}
