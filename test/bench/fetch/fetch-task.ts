import type { Corners } from "../tiles/expected-volume.js";

/** A region to fetch, as processes are told about it. catpy's driver uses the same names. */
export interface FetchTask {
  /** Stack info. Its only mirror is the one to use. */
  readonly info: object;
  /** URL of the data, for contenders that read no stack info. */
  readonly url?: string;
  /** The region in scaled space, in the axis order of `orientation`. */
  readonly roi: Corners;
  /** Axis order of the ROI and the volume. */
  readonly orientation: string;
  /** Threads; 0 fetches in the calling thread. Default: the fetcher's own default. */
  readonly threads?: number;
  /** Whether later tasks reuse the fetcher, with its connections and its tiles. Default: each task has a new one. */
  readonly keepFetcher?: boolean;
  /** Whether all tasks write into the same memory, like a caller who reuses `out`. */
  readonly keepOut?: boolean;
  /** If given, the volume is not kept, and all its tiles must equal this one. */
  readonly everyTile?: EveryTile;
}

/** A volume of equal square tiles. It begins and ends at tile edges. */
export interface EveryTile {
  /** Pixels of the tile, as base64. */
  readonly pixels: string;
  /** Number of tiles. */
  readonly count: number;
}

/** The result of a fetch. */
export interface FetchAnswer {
  /** Time from before the fetcher is made, unless it is reused, to the volume, in ms. */
  readonly wallMs: number;
  /** User and system time of the process during the fetch, in ms. */
  readonly cpuMs: number;
  /** SHA-256 of the volume in C order, or of an empty volume if it was not kept and all was right. */
  readonly sha256: string;
  /** Largest resident memory of the process until the volume was complete, in MB. */
  readonly peakMb: number;
}
