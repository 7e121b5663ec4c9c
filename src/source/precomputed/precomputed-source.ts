import type { Codec } from "../../../workers/protocol.js";
import { InvalidZoomLevelError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { BlockIndex } from "../../space/block.js";
import type { BlockAddress } from "../../stack/mirror/block-address.js";
import { nameOf } from "../../stack/mirror/mirror-name.js";
import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import type { Stack } from "../../stack/stack.js";
import { arrayLevelOf } from "../array-level.js";
import type { Ask, BlockLevel, BlockSource, BlockStorage } from "../block-source.js";
import type { Scale } from "./scale.js";
import { chunkExtent, chunkName, scaleFileUrl } from "./scale-files.js";
import { ShardedScale, ShardIndexes } from "./shard/sharded-scale.js";
import type { VolumeInfo } from "./volume-info.js";

/** The result of reading a scale. */
export type ScaleReading =
  | { readonly scale: Scale }
  /** Why there is no scale: a clause. */
  | { readonly problem: string };

/** What was read from a precomputed volume. */
export interface PrecomputedVolume {
  readonly address: BlockAddress;
  readonly info: VolumeInfo;
  /** By zoom level. */
  readonly levels: readonly ScaleReading[];
  /** The channel that is read, from 0. */
  readonly channel: number;
  readonly isLabels: boolean;
  readonly warnings: readonly string[];
}

/** A mirror that is a volume of Neuroglancer's precomputed format (type 14): zoom level n is its scale n. */
export class PrecomputedSource implements BlockSource {
  readonly mirror: StackMirror;
  readonly isLabels: boolean;
  readonly warnings: readonly string[];
  /** Only there if a scale has shards. */
  readonly locate?: NonNullable<BlockSource["locate"]>;
  readonly #stack: Stack;
  readonly #volume: PrecomputedVolume;
  readonly #levels = new Map<number, BlockLevel>();
  /** By zoom level. */
  readonly #shards: readonly (ShardedScale | undefined)[];

  constructor(stack: Stack, mirror: StackMirror, volume: PrecomputedVolume, ask: Ask) {
    this.mirror = mirror;
    this.isLabels = volume.isLabels;
    this.warnings = volume.warnings;
    this.#stack = stack;
    this.#volume = volume;
    const indexes = new ShardIndexes();
    this.#shards = volume.levels.map((reading) => {
      if (!("scale" in reading) || reading.scale.sharding === undefined) return undefined;
      const { scale } = reading;
      const urlOf = (file: string): string => scaleFileUrl(volume.address, scale, file);
      return new ShardedScale(reading.scale.sharding, urlOf, indexes, ask);
    });
    if (this.#shards.some((shards) => shards !== undefined)) this.locate = this.#locate;
  }

  level(zoomLevel: number): BlockLevel {
    let level = this.#levels.get(zoomLevel);
    if (level === undefined) {
      const { dataType } = this.#volume.info;
      const scale = this.#scale(zoomLevel);
      const [size, blockShape] = [this.#ofStack(scale.size), this.#ofStack(scale.chunkSize)];
      level = arrayLevelOf(this.#stack, this.mirror, zoomLevel, { dataType, size, blockShape });
      this.#levels.set(zoomLevel, level);
    }
    return level;
  }

  codec(zoomLevel: number): Codec {
    const { info, channel } = this.#volume;
    const { encoding, sharding } = this.#scale(zoomLevel);
    return {
      kind: "precomputed",
      dataType: info.dataType,
      encoding,
      gzip: sharding?.gzipsData ?? false,
      channels: info.channels,
      channel,
      axes: this.#ofStack([0, 1, 2]),
    };
  }

  storage(zoomLevel: number): BlockStorage {
    const { encoding, sharding } = this.#scale(zoomLevel);
    return { encoding: encoding.kind, sharded: sharding !== undefined };
  }

  shapeOf(block: BlockIndex): Triple {
    const scale = this.#scale(block.level);
    const at = this.#ofVolume(block);
    return this.#ofStack([chunkExtent(scale, at, 0), chunkExtent(scale, at, 1), chunkExtent(scale, at, 2)]);
  }

  key(block: BlockIndex): string {
    return `${block.level}/${block.at.join("/")}`;
  }

  position(block: BlockIndex): string {
    const name = chunkName(this.#scale(block.level), this.#ofVolume(block));
    return `chunk ${name} of zoom level ${block.level}`;
  }

  url(block: BlockIndex): string {
    const at = this.#ofVolume(block);
    const shards = this.#shards[block.level];
    if (shards !== undefined) return shards.url(at);
    const scale = this.#scale(block.level);
    return scaleFileUrl(this.#volume.address, scale, chunkName(scale, at));
  }

  readonly #locate: NonNullable<BlockSource["locate"]> = async (block, isWanted, signal) => {
    const { level } = block;
    const shards = this.#shards[level];
    if (shards === undefined) return "whole-file";
    const has = (at: Triple): boolean => isWanted({ level, at: this.#ofStack(at) });
    return shards.locate(this.#ofVolume(block), { by: isWanted, has }, signal);
  };

  #scale(zoomLevel: number): Scale {
    const reading = this.#volume.levels[zoomLevel] ?? { problem: "the stack has no such level" };
    if ("scale" in reading) return reading.scale;
    throw new InvalidZoomLevelError(
      `mirror ${nameOf(this.mirror)} cannot serve zoom level ${zoomLevel}: ${reading.problem}`,
    );
  }

  /** Takes the values of the volume's axes that are z, y and x of the stack. */
  #ofStack(values: Triple): Triple {
    const [x, y, z] = this.#volume.address.sliceDims;
    return [values[z], values[y], values[x]] as [number, number, number];
  }

  /** The position of a block in the grid of the volume: x, y, z. */
  #ofVolume({ at: [z, y, x] }: BlockIndex): Triple {
    const { sliceDims } = this.#volume.address;
    const place: [number, number, number] = [0, 0, 0];
    [x, y, z].forEach((index, axis) => {
      place[sliceDims[axis] as 0 | 1 | 2] = index;
    });
    return place;
  }
}
