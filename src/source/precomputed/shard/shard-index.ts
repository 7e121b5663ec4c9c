import type { ByteRange } from "../../../../workers/protocol.js";
import { indexFault } from "./index-fault.js";

/** Bytes of an entry: where the index of a minishard begins and ends. */
export const bytesPerMinishard = 16;

/** Where a shard keeps everything but its own index. */
export interface ShardData {
  /** URL of the file. */
  readonly url: string;
  /** The byte of the file that the places in its indexes count from. */
  readonly start: number;
}

/** The index of a shard, or a part of it: where the indexes of its minishards are. */
export class ShardIndex {
  /** Where those indexes are. */
  readonly data: ShardData;
  readonly #first: number;
  readonly #entries: DataView;

  /** @param first - Number of the first minishard in `bytes`. */
  constructor(bytes: Uint8Array, first: number, data: ShardData) {
    this.data = data;
    this.#first = first;
    this.#entries = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The memory that the index takes, in bytes. */
  get byteLength(): number {
    return this.#entries.byteLength;
  }

  /**
   * Where the index of a minishard lies in the file; `undefined` if there is no such minishard.
   *
   * @throws TileDecodeError for a place that cannot be right.
   */
  minishard(number: number): ByteRange | undefined {
    const entry = (number - this.#first) * bytesPerMinishard;
    const start = this.#entries.getBigUint64(entry, true);
    const end = this.#entries.getBigUint64(entry + 8, true);
    if (start === end) return undefined;
    const { url, start: base } = this.data;
    const range = { offset: base + Number(start), length: Number(end - start) };
    if (start < end && Number.isSafeInteger(base + Number(end))) return range;
    throw indexFault(url, `its index has minishard ${number} from byte ${start} to ${end}`);
  }
}
