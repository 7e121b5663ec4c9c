import { indexFault } from "./index-fault.js";

/** Bytes of an entry: three numbers of 64 bits. */
export const bytesPerChunk = 24;

/** Where a chunk is in the file: its first byte, and one past its last. */
export interface ChunkPlace {
  readonly id: bigint;
  readonly start: number;
  readonly end: number;
}

// Roughly what an engine needs for a place and its entry in the map.
const bytesPerPlace = 96;

/** Where the chunks of a minishard are. */
export class MinishardIndex {
  /** The places of all chunks. */
  readonly places: readonly ChunkPlace[];
  readonly #byId: ReadonlyMap<bigint, ChunkPlace>;

  /**
   * @param base - The byte of the file that its places count from.
   * @param url - URL of the file.
   * @throws TileDecodeError for an index that cannot be right.
   */
  constructor(bytes: Uint8Array, base: number, url: string) {
    this.places = placesOf(bytes, base, url);
    this.#byId = new Map(this.places.map((place) => [place.id, place]));
  }

  /** The memory that the index takes, in bytes. */
  get byteLength(): number {
    return this.places.length * bytesPerPlace;
  }

  /** Where a chunk is; `undefined` if there is no such chunk. */
  place(id: bigint): ChunkPlace | undefined {
    return this.#byId.get(id);
  }
}

function placesOf(bytes: Uint8Array, base: number, url: string): readonly ChunkPlace[] {
  const count = bytes.length / bytesPerChunk;
  if (!Number.isInteger(count)) throw indexFault(url, `the index of a minishard has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let id = 0n;
  let end = BigInt(base);
  return Array.from({ length: count }, (_, row) => {
    const column = (number: number): bigint => view.getBigUint64((number * count + row) * 8, true);
    // The index stores differences. They have 64 bits and may be negative.
    id = BigInt.asUintN(64, id + column(0));
    const start = BigInt.asUintN(64, end + column(1));
    end = start + column(2);
    if (start >= base && end > start && end <= Number.MAX_SAFE_INTEGER) {
      return { id, start: Number(start), end: Number(end) };
    }
    throw indexFault(url, `the index of a minishard has chunk ${id} from byte ${start} to ${end}`);
  });
}
