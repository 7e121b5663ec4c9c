import type { Codec } from "../../../workers/protocol.js";
import { InvalidZoomLevelError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { BlockIndex } from "../../space/block.js";
import { type BlockAddress, blockFileUrl } from "../../stack/mirror/block-address.js";
import { nameOf } from "../../stack/mirror/mirror-name.js";
import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import type { Stack } from "../../stack/stack.js";
import { arrayLevelOf } from "../array-level.js";
import type { BlockLevel, BlockSource, BlockStorage } from "../block-source.js";
import type { N5Array } from "./n5-array.js";
import type { N5Attributes } from "./n5-attributes.js";

/** The result of reading the attributes of a zoom level. */
export type N5Reading =
  | { readonly array: N5Array; readonly attributes: N5Attributes }
  /** Why there is no array: a clause, and the error if the request failed. */
  | { readonly problem: string; readonly error?: Error };

/** What was read from a mirror of N5 blocks. */
export interface N5Dataset {
  readonly address: BlockAddress;
  /** By zoom level. */
  readonly levels: readonly N5Reading[];
  readonly isLabels: boolean;
  readonly warnings: readonly string[];
}

/** A mirror of N5 blocks (type 11): an array for each zoom level, in files of one block each. */
export class N5Source implements BlockSource {
  readonly mirror: StackMirror;
  readonly isLabels: boolean;
  readonly warnings: readonly string[];
  readonly #stack: Stack;
  readonly #dataset: N5Dataset;
  readonly #levels = new Map<number, BlockLevel>();

  constructor(stack: Stack, mirror: StackMirror, dataset: N5Dataset) {
    this.mirror = mirror;
    this.isLabels = dataset.isLabels;
    this.warnings = dataset.warnings;
    this.#stack = stack;
    this.#dataset = dataset;
  }

  level(zoomLevel: number): BlockLevel {
    let level = this.#levels.get(zoomLevel);
    if (level === undefined) {
      const { dataType, dimensions, blockSize } = this.#array(zoomLevel);
      const [size, blockShape] = [this.#stackOrder(dimensions), this.#stackOrder(blockSize)];
      level = arrayLevelOf(this.#stack, this.mirror, zoomLevel, { dataType, size, blockShape });
      this.#levels.set(zoomLevel, level);
    }
    return level;
  }

  codec(zoomLevel: number): Codec {
    const { dataType, compression, dimensions } = this.#array(zoomLevel);
    const axes = this.#stackOrder([0, 1, 2]);
    return { kind: "n5", dataType, compression, axes, rank: dimensions.length };
  }

  storage(zoomLevel: number): BlockStorage {
    return { encoding: this.#array(zoomLevel).compression, sharded: false };
  }

  key(block: BlockIndex): string {
    return `${block.level}/${block.at.join("/")}`;
  }

  position(block: BlockIndex): string {
    const [z, y, x] = block.at;
    return `block ${x}, ${y}, ${z} (x, y, z) of zoom level ${block.level}, file ${this.#file(block)}`;
  }

  url(block: BlockIndex): string {
    return blockFileUrl(this.#dataset.address, `s${block.level}`, this.#file(block));
  }

  /** The path of a block in the dataset. Axes that the stack does not have hold only one block, number 0. */
  #file({ level, at: [z, y, x] }: BlockIndex): string {
    const path = this.#array(level).dimensions.map(() => 0);
    const { sliceDims } = this.#dataset.address;
    [x, y, z].forEach((index, axis) => {
      path[sliceDims[axis] as number] = index;
    });
    return path.join("/");
  }

  #array(zoomLevel: number): N5Array {
    const reading = this.#dataset.levels[zoomLevel] ?? { problem: "it was not looked for" };
    if ("array" in reading) return reading.array;
    const { problem, error } = reading;
    throw new InvalidZoomLevelError(
      `mirror ${nameOf(this.mirror)} cannot serve zoom level ${zoomLevel}: ${problem}`,
      error && { cause: error },
    );
  }

  /** Takes the values of the dataset's axes that are z, y and x of the stack. */
  #stackOrder(values: readonly number[]): Triple {
    const [x, y, z] = this.#dataset.address.sliceDims;
    return [values[z], values[y], values[x]] as [number, number, number];
  }
}
