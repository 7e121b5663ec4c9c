import { LRUCache } from "lru-cache";
import { InvalidOptionError } from "../errors.js";
import { refuseUnknown } from "../options/check-option.js";
import type { Block } from "../space/block.js";

/** Limits of a {@link TileCache}. */
export interface TileCacheOptions {
  /** Most blocks that are kept. Default: no limit of their number. `0` keeps none. */
  readonly maxItems?: number;
  /** Most bytes of decoded voxels that are kept. Default: 256 MiB. `0` keeps none. */
  readonly maxBytes?: number;
}

/** Counters of a cache. */
export interface TileCacheStatistics {
  /** Look-ups that found their block. */
  readonly hits: number;
  /** Look-ups that did not find their block. */
  readonly misses: number;
  /** Blocks dropped to make room. */
  readonly evictions: number;
}

const optionNames: ReadonlySet<string> = new Set(["maxBytes", "maxItems"]);

/** Default of {@link TileCacheOptions.maxBytes}: 1,024 grey tiles of 512 × 512. */
export const defaultCacheBytes: number = 256 * 1024 * 1024;

/**
 * A cache of decoded tiles and other blocks, bounded by bytes. The least recently used blocks are dropped first, in
 * constant time. Keys are strings that name mirror and block and hold no credentials. A block larger than the whole
 * budget is not kept.
 *
 * @example
 * ```ts
 * const cache = new TileCache({ maxBytes: 64 * 1024 * 1024 });
 * cache.set("0/3,1,2,0,512,512", { data: new Uint8Array(512 * 512), shape: [1, 512, 512] });
 * cache.currentBytes; // 262144
 * ```
 */
export class TileCache {
  /** Most bytes of decoded voxels that are kept. */
  readonly maxBytes: number;
  /** Most blocks that are kept; `Infinity` if only bytes are limited. */
  readonly maxItems: number;

  readonly #blocks: LRUCache<string, Block> | undefined;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor(options: TileCacheOptions = {}) {
    refuseUnknown(options, optionNames, "a TileCache");
    this.maxBytes = checkedLimit("maxBytes", options.maxBytes ?? defaultCacheBytes);
    this.maxItems = checkedLimit("maxItems", options.maxItems ?? Number.POSITIVE_INFINITY);
    if (this.maxBytes === 0 || this.maxItems === 0) return;
    this.#blocks = new LRUCache<string, Block>({
      // Not `max` of lru-cache, which reserves memory for as many blocks.
      maxSize: Number.isFinite(this.maxBytes) ? this.maxBytes : Number.MAX_SAFE_INTEGER,
      sizeCalculation: (block) => Math.max(1, block.data.byteLength),
      dispose: (_block, _key, reason) => {
        if (reason === "evict") this.#evictions++;
      },
    });
  }

  /** The block of a key, which thereby becomes the most recently used one. */
  get(key: string): Block | undefined {
    const block = this.#blocks?.get(key);
    if (block === undefined) this.#misses++;
    else this.#hits++;
    return block;
  }

  /** Whether there is a block for a key. Does not count as a use. */
  has(key: string): boolean {
    return this.#blocks?.has(key) ?? false;
  }

  /** Whether this many bytes are at most 1/16 of the budget: a share that one region may take. */
  isSmall(bytes: number): boolean {
    return bytes <= this.maxBytes / 16;
  }

  /** Keeps a block, if it fits the budget at all. */
  set(key: string, block: Block): void {
    this.#blocks?.set(key, block);
    if (this.size > this.maxItems) this.#blocks?.pop();
  }

  /**
   * Drops all blocks, but does not reset the statistics.
   *
   * @param dropped - Called with each block before it is dropped. Default: no callback.
   */
  clear(dropped?: (block: Block) => void): void {
    for (const block of this.#blocks?.values() ?? []) dropped?.(block);
    this.#blocks?.clear();
  }

  /** Number of blocks that are kept now. */
  get size(): number {
    return this.#blocks?.size ?? 0;
  }

  /** Bytes of decoded voxels that are kept now. */
  get currentBytes(): number {
    return this.#blocks?.calculatedSize ?? 0;
  }

  /** Hits, misses and evictions since construction. */
  get statistics(): TileCacheStatistics {
    return { hits: this.#hits, misses: this.#misses, evictions: this.#evictions };
  }
}

function checkedLimit(name: string, value: number): number {
  const valid = value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= 0);
  if (!valid)
    throw new InvalidOptionError(`${name} must be a whole number of at least 0, got ${String(value)}`);
  return value;
}
