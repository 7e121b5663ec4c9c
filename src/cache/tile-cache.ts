import { LRUCache } from "lru-cache";

import { InvalidOptionError } from "../errors.js";
import type { Block } from "../space/block.js";

/** Limits of a {@link TileCache}. */
export interface TileCacheOptions {
  /** Most tiles that are kept. Default: no limit of their number. `0` keeps none. */
  readonly maxItems?: number;
  /** Most bytes of decoded pixels that are kept. Default: 256 MiB. `0` keeps none. */
  readonly maxBytes?: number;
}

/** What a cache did so far. */
export interface TileCacheStatistics {
  /** Look-ups that found their tile. */
  readonly hits: number;
  /** Look-ups that did not. */
  readonly misses: number;
  /** Tiles dropped to make room. */
  readonly evictions: number;
}

/** Default of {@link TileCacheOptions.maxBytes}: 1,024 grey tiles of 512 × 512. */
export const defaultCacheBytes: number = 256 * 1024 * 1024;

/**
 * Decoded tiles and other blocks, least recently used dropped first, bounded by bytes in constant time. Keys are strings that name
 * mirror and tile and hold no credentials. A tile larger than the whole budget is not kept.
 *
 * @example
 * ```ts
 * const cache = new TileCache({ maxBytes: 64 * 1024 * 1024 });
 * cache.set("0/3,1,2,0,512,512", { data: new Uint8Array(512 * 512), shape: [1, 512, 512] });
 * cache.currentBytes; // 262144
 * ```
 */
export class TileCache {
  /** Most bytes of decoded pixels that are kept. */
  readonly maxBytes: number;
  /** Most tiles that are kept; `Infinity` where only bytes count. */
  readonly maxItems: number;

  readonly #tiles: LRUCache<string, Block> | undefined;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor(options: TileCacheOptions = {}) {
    this.maxBytes = checkedLimit("maxBytes", options.maxBytes ?? defaultCacheBytes);
    this.maxItems = checkedLimit("maxItems", options.maxItems ?? Number.POSITIVE_INFINITY);
    if (this.maxBytes === 0 || this.maxItems === 0) return;
    this.#tiles = new LRUCache<string, Block>({
      // Not its `max`: that sets memory aside for as many tiles as there might be.
      maxSize: Number.isFinite(this.maxBytes) ? this.maxBytes : Number.MAX_SAFE_INTEGER,
      sizeCalculation: (tile) => Math.max(1, tile.data.byteLength),
      dispose: (_tile, _key, reason) => {
        if (reason === "evict") this.#evictions++;
      },
    });
  }

  /** The block of a key, which thereby becomes the most recently used one. */
  get(key: string): Block | undefined {
    const tile = this.#tiles?.get(key);
    if (tile === undefined) this.#misses++;
    else this.#hits++;
    return tile;
  }

  /** Whether a key has a tile; counts as no use of it. */
  has(key: string): boolean {
    return this.#tiles?.has(key) ?? false;
  }

  /** Whether so many bytes are few against the budget: what one region uses and nobody may ask for again. */
  isSmall(bytes: number): boolean {
    return bytes <= this.maxBytes / 16;
  }

  /** Keeps a tile, if it fits the budget at all. */
  set(key: string, tile: Block): void {
    this.#tiles?.set(key, tile);
    if (this.size > this.maxItems) this.#tiles?.pop();
  }

  /** Drops all tiles. The statistics go on. */
  clear(): void {
    this.#tiles?.clear();
  }

  /** Number of tiles that are kept now. */
  get size(): number {
    return this.#tiles?.size ?? 0;
  }

  /** Bytes of decoded pixels that are kept now. */
  get currentBytes(): number {
    return this.#tiles?.calculatedSize ?? 0;
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
