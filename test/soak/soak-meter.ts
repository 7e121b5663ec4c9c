/** Memory and handles of this process, reading by reading. */
export interface SoakMeasures {
  seconds: number;
  /** Of the whole process, workers included. */
  rssMiB: readonly number[];
  /** Of this thread, with what its typed arrays hold; after a collection where the process allows to ask for one. */
  heapMiB: readonly number[];
  /** What keeps this process alive. */
  handles: readonly number[];
}

const mebibyte = 2 ** 20;

/** Takes the readings. */
export class SoakMeter {
  readonly #start = performance.now();
  readonly #rss: number[] = [];
  readonly #heap: number[] = [];
  readonly #handles: number[] = [];

  read(): SoakMeasures {
    (globalThis as { gc?: () => void }).gc?.();
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    this.#rss.push(rss / mebibyte);
    this.#heap.push((heapUsed + arrayBuffers) / mebibyte);
    this.#handles.push(process.getActiveResourcesInfo().length);
    return {
      seconds: (performance.now() - this.#start) / 1000,
      rssMiB: this.#rss,
      heapMiB: this.#heap,
      handles: this.#handles,
    };
  }
}

/** The mean of the readings of a quarter of the run, 0 to 3. */
export function quarter(readings: readonly number[], index: number): number {
  const part = readings.slice(
    Math.floor((readings.length * index) / 4),
    Math.floor((readings.length * (index + 1)) / 4),
  );
  return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
}
