import type { BlockPlaceInFile } from "../../block-source.js";
import { indexFault } from "./index-fault.js";

/** Bytes of an entry: three numbers of 64 bits. */
export const bytesPerChunk = 24;

/** Which chunks are asked for by the same fetch. */
export interface WantedChunks {
  /** Who wants them: what is found out for it holds for all that it asks for. */
  readonly by: object;
  /** Whether a chunk is wanted. */
  has(id: bigint): boolean;
}

/** Where a chunk is in the file, in bytes. */
interface Place {
  readonly id: bigint;
  readonly start: number;
  readonly end: number;
}

/** Chunks that are asked for at once. */
interface Run {
  readonly start: number;
  end: number;
  blocks: number;
}

// What lies between two chunks is thrown away: it costs less than a request.
const largestGap = 64 * 1024;
const longestRun = 8 * 1024 * 1024;

// An engine needs about so much for a place and its id.
const bytesPerPlace = 96;

/** Where the chunks of a minishard are. */
export class MinishardIndex {
  readonly #inFile: readonly Place[];
  readonly #byId: ReadonlyMap<bigint, Place>;
  readonly #runs = new WeakMap<object, ReadonlyMap<Place, Run>>();

  /**
   * @param start - What its places count from, in bytes of the file.
   * @throws TileDecodeError for an index that cannot be.
   */
  constructor(bytes: Uint8Array, start: number, url: string) {
    const places = placesOf(bytes, start, url);
    this.#byId = new Map(places.map((place) => [place.id, place]));
    this.#inFile = places.sort((a, b) => a.start - b.start);
  }

  /** Memory that it takes, in bytes. */
  get byteLength(): number {
    return this.#inFile.length * bytesPerPlace;
  }

  /** Where a chunk is, and the run of wanted ones that it is in; `undefined` if there is no such chunk. */
  place(id: bigint, wanted: WantedChunks): BlockPlaceInFile | undefined {
    const place = this.#byId.get(id);
    if (place === undefined) return undefined;
    const { start, end, blocks } = this.#runsOf(wanted).get(place) ?? { ...place, blocks: 1 };
    return {
      range: { offset: place.start, length: place.end - place.start },
      run: { offset: start, length: end - start },
      blocks,
    };
  }

  #runsOf(wanted: WantedChunks): ReadonlyMap<Place, Run> {
    let runs = this.#runs.get(wanted.by);
    if (runs === undefined) {
      runs = runsOf(this.#inFile, wanted);
      this.#runs.set(wanted.by, runs);
    }
    return runs;
  }
}

function placesOf(bytes: Uint8Array, base: number, url: string): Place[] {
  const count = bytes.length / bytesPerChunk;
  if (!Number.isInteger(count)) throw indexFault(url, `the index of a minishard has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let id = 0n;
  let end = BigInt(base);
  return Array.from({ length: count }, (_, row) => {
    const column = (number: number): bigint => view.getBigUint64((number * count + row) * 8, true);
    // Differences are of 64 bits and may be negative.
    id = BigInt.asUintN(64, id + column(0));
    const start = BigInt.asUintN(64, end + column(1));
    end = start + column(2);
    if (start >= base && end > start && end <= Number.MAX_SAFE_INTEGER) {
      return { id, start: Number(start), end: Number(end) };
    }
    throw indexFault(url, `the index of a minishard has chunk ${id} from byte ${start} to ${end}`);
  });
}

/** The runs of wanted chunks that lie one behind another, by the chunks in them. */
function runsOf(inFile: readonly Place[], wanted: WantedChunks): ReadonlyMap<Place, Run> {
  const runs = new Map<Place, Run>();
  let run: Run | undefined;
  for (const place of inFile) {
    if (!wanted.has(place.id)) continue;
    if (run === undefined || place.start - run.end > largestGap || place.end - run.start > longestRun) {
      run = { start: place.start, end: place.end, blocks: 0 };
    }
    run.end = Math.max(run.end, place.end);
    run.blocks++;
    runs.set(place, run);
  }
  return runs;
}
