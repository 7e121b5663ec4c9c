import type { Triple } from "../../../space/axis-order.js";
import type { Ask, BlockPlaceInFile } from "../../block-source.js";
import { ChunkRuns } from "./chunk-runs.js";
import { gunzip } from "./gunzip.js";
import { IndexCache } from "./index-cache.js";
import { indexFault } from "./index-fault.js";
import { bytesPerChunk, MinishardIndex } from "./minishard-index.js";
import { murmurHash } from "./murmur-hash.js";
import { bytesPerMinishard, ShardIndex } from "./shard-index.js";
import type { Sharding } from "./sharding.js";

/** The cached indexes of shards and minishards, for all scales of a volume. */
export class ShardIndexes {
  /** By URL of the shard, and number of the part. */
  readonly shards: IndexCache<ShardIndex> = new IndexCache();
  /** By URL of the shard, and the number of the minishard. */
  readonly minishards: IndexCache<MinishardIndex> = new IndexCache();
}

/** Which chunks a fetch wants, by their places in the grid: x, y, z. */
export interface WantedPlaces {
  /** Identifies the fetch: it is the same object for all chunks of a fetch, which share their runs. */
  readonly by: object;
  /** Whether a chunk is wanted. */
  has(at: Triple): boolean;
}

/** Which shard and minishard hold a chunk. */
interface ShardPlace {
  /** Name of the shard's file, without its extension. */
  readonly shard: string;
  /** Number of the minishard in the shard. */
  readonly minishard: number;
}

// A larger index is asked for in parts of so many minishards: 1 MiB.
const minishardsPerPart = 2 ** 16;

// Far more than anybody puts into a minishard.
const mostChunks = 500_000;

/** A scale whose files (shards) hold many chunks. */
export class ShardedScale {
  readonly #sharding: Sharding;
  readonly #urlOf: (file: string) => string;
  readonly #indexes: ShardIndexes;
  readonly #ask: Ask;
  /** By fetch and shard. */
  readonly #runs = new WeakMap<object, Map<string, ChunkRuns>>();
  /** Whether a shard is two files, `.index` and `.data`, as in old volumes. The first shard that is found decides. */
  #isSplit: boolean | undefined;

  /** @param urlOf - Makes the URL of a file of the scale. */
  constructor(sharding: Sharding, urlOf: (file: string) => string, indexes: ShardIndexes, ask: Ask) {
    this.#sharding = sharding;
    this.#urlOf = urlOf;
    this.#indexes = indexes;
    this.#ask = ask;
  }

  /** URL of the file that holds the chunk at a place in the grid: x, y, z. */
  url(at: Triple): string {
    return this.#dataUrl(this.#placeOf(this.#sharding.ids.encode(at)).shard, this.#isSplit === true);
  }

  /**
   * Where the chunk at a place in the grid, x, y, z, lies in its file; `undefined` if there is none.
   *
   * @throws TileDecodeError for an index that cannot be right. Errors of the requests for indexes are thrown as they
   * are.
   */
  async locate(at: Triple, wanted: WantedPlaces, signal: AbortSignal): Promise<BlockPlaceInFile | undefined> {
    const id = this.#sharding.ids.encode(at);
    const place = this.#placeOf(id);
    return this.#runsOf(place.shard, wanted).place(id, this.#minishardIndex(place, signal), signal);
  }

  #runsOf(shard: string, { by, has }: WantedPlaces): ChunkRuns {
    const ofFetch = this.#runs.get(by) ?? new Map<string, ChunkRuns>();
    this.#runs.set(by, ofFetch);
    let runs = ofFetch.get(shard);
    if (runs === undefined) {
      runs = new ChunkRuns((id) => {
        const at = this.#sharding.ids.decode(id);
        return at !== undefined && has(at);
      });
      ofFetch.set(shard, runs);
    }
    return runs;
  }

  #placeOf(id: bigint): ShardPlace {
    const { preshiftBits, hash, minishardBits, shardBits } = this.#sharding;
    const shifted = id >> BigInt(preshiftBits);
    const hashed = hash === "identity" ? shifted : murmurHash(shifted);
    const shard = BigInt.asUintN(shardBits, hashed >> BigInt(minishardBits));
    return {
      shard: shard.toString(16).padStart(Math.ceil(shardBits / 4), "0"),
      minishard: Number(BigInt.asUintN(minishardBits, hashed)),
    };
  }

  #minishardIndex(
    { shard, minishard }: ShardPlace,
    signal: AbortSignal,
  ): Promise<MinishardIndex | undefined> {
    const load = async (shared: AbortSignal): Promise<MinishardIndex | undefined> => {
      const part = Math.floor(minishard / minishardsPerPart);
      const index = await this.#indexes.shards.get(
        `${this.#urlOf(shard)}#${part}`,
        (all) => this.#askShardIndex(shard, part, all),
        shared,
      );
      return index && this.#askMinishardIndex(index, minishard, shared);
    };
    return this.#indexes.minishards.get(`${this.#urlOf(shard)}#${minishard}`, load, signal);
  }

  /** The index of a shard, or a part of it; `undefined` if there is no such shard. */
  async #askShardIndex(shard: string, part: number, signal: AbortSignal): Promise<ShardIndex | undefined> {
    const minishards = 2 ** this.#sharding.minishardBits;
    const first = part * minishardsPerPart;
    const length = Math.min(minishards - first, minishardsPerPart) * bytesPerMinishard;
    const range = { offset: first * bytesPerMinishard, length };
    for (const isSplit of this.#isSplit === undefined ? [false, true] : [this.#isSplit]) {
      const url = isSplit ? this.#urlOf(`${shard}.index`) : this.#dataUrl(shard, false);
      const bytes = await this.#ask(
        { url, range, what: `the index of shard ${shard}`, maxBytes: length },
        signal,
      );
      if (bytes === undefined) continue;
      if (bytes.length !== length)
        throw indexFault(url, `its index has ${bytes.length} bytes, not ${length}`);
      this.#isSplit = isSplit;
      const start = isSplit ? 0 : minishards * bytesPerMinishard;
      return new ShardIndex(bytes, first, { url: this.#dataUrl(shard, isSplit), start });
    }
    return undefined;
  }

  /** The index of a minishard; `undefined` if the shard has no such minishard. */
  async #askMinishardIndex(
    index: ShardIndex,
    minishard: number,
    signal: AbortSignal,
  ): Promise<MinishardIndex | undefined> {
    const { url, start } = index.data;
    const range = index.minishard(minishard);
    if (range === undefined) return undefined;
    const most = mostChunks * bytesPerChunk;
    const what = `the index of minishard ${minishard}`;
    if (range.length > most) throw indexFault(url, `${what} has ${range.length} bytes`);
    const packed = await this.#ask(
      { url, range, what: `${what} of a shard`, maxBytes: range.length },
      signal,
    );
    // The shard's index lists this minishard, so nothing can be said of its chunks without it.
    if (packed === undefined) throw indexFault(url, `${what} is not there`);
    if (packed.length !== range.length)
      throw indexFault(url, `${what} has ${packed.length} bytes, not ${range.length}`);
    const bytes = this.#sharding.gzipsIndex ? await gunzip(packed, most) : packed;
    if (bytes === undefined) throw indexFault(url, `${what} cannot be unpacked`);
    return new MinishardIndex(bytes, start, url);
  }

  #dataUrl(shard: string, isSplit: boolean): string {
    return this.#urlOf(`${shard}.${isSplit ? "data" : "shard"}`);
  }
}
