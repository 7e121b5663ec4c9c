import { InvalidOutError } from "../../errors.js";
import type { VolumeWriter } from "../volume-writer.js";

/** The part of a zarrita array that is used. */
export interface ZarritaArray {
  /** Extent per axis. */
  readonly shape: readonly number[];
  /** Extent of a chunk per axis. */
  readonly chunks: readonly number[];
  /** Data type of the array. */
  readonly dtype: string;
}

/** The function `set` of zarrita, for arrays of type `A`. */
export type ZarritaSet<A> = (
  array: A,
  selection: { start: number; stop: number; step: number | null }[],
  value: { data: never; shape: number[]; stride: number[] },
) => Promise<void>;

/**
 * Makes a writer that writes a volume into a zarrita array. The array must have the volume's shape, in output axis order,
 * and its data type.
 *
 * @param set - The function `set` of zarrita.
 *
 * @example
 * ```ts
 * import * as zarr from "zarrita";
 * await fetcher.get(roi, { out: zarritaWriter(array, zarr.set) });
 * ```
 */
export function zarritaWriter<A extends ZarritaArray>(array: A, set: ZarritaSet<A>): VolumeWriter {
  const { shape, chunks, dtype } = array;
  return {
    shape,
    chunkShape: chunks,
    concurrency: 4,
    begin: ({ dataType }) => {
      if (dtype === dataType) return;
      throw new InvalidOutError(
        `the array is of ${dtype}, and the volume of ${dataType}: make one of ${dataType}`,
      );
    },
    write: async ({ lower, upper }, block) => {
      const selection = lower.map((start, axis) => ({ start, stop: upper[axis] as number, step: null }));
      const [, rows, columns] = block.shape;
      const value = {
        data: block.data as never,
        shape: [...block.shape],
        stride: [rows * columns, columns, 1],
      };
      await set(array, selection, value);
    },
  };
}
