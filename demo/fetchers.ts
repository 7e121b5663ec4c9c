import type { BrokenSliceHandling, ImageFetcherOptions, ProjectStack } from "catmaid-image";
import { ImageFetcher, ThreadedImageFetcher } from "catmaid-image";
import type { CutPlane } from "./cut.js";
import { cutOrientation } from "./cut.js";

/** The settings that cannot change once a fetcher is made. */
export interface FetcherSettings {
  readonly plane: CutPlane;
  readonly broken: BrokenSliceHandling;
  readonly inWorkers: boolean;
}

// There may be a dozen fetchers, so each cache is smaller than the default of 256 MiB.
const cacheBytes = 64 * 2 ** 20;

/** A fetcher for each combination of settings that was used. They share their workers. */
export class Fetchers {
  readonly #stack: ProjectStack;
  readonly #onWarning: (message: string) => void;
  readonly #made = new Map<string, ImageFetcher>();

  constructor(stack: ProjectStack, onWarning: (message: string) => void) {
    this.#stack = stack;
    this.#onWarning = onWarning;
  }

  /** The fetcher for some settings. */
  of({ plane, broken, inWorkers }: FetcherSettings): ImageFetcher {
    const key = `${plane} ${broken} ${inWorkers}`;
    const made = this.#made.get(key) ?? this.#make(plane, broken, inWorkers);
    this.#made.set(key, made);
    return made;
  }

  #make(plane: CutPlane, broken: BrokenSliceHandling, inWorkers: boolean): ImageFetcher {
    const options: ImageFetcherOptions = {
      outputOrientation: cutOrientation(plane),
      brokenSliceHandling: broken,
      cacheBytes,
      onWarning: this.#onWarning,
    };
    return inWorkers
      ? new ThreadedImageFetcher(this.#stack, options)
      : new ImageFetcher(this.#stack, options);
  }
}
