import { get, open, root } from "zarrita";
import type { DatasetFiles } from "../exports/write-dataset.js";

/** An array as zarrita reads it. */
export interface ReadArray {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly dataType: string;
  /** In C order. */
  readonly data: ArrayLike<number | bigint>;
  readonly dimensionNames: readonly string[] | undefined;
}

/** Reads an array of a dataset with zarrita. Throws for a missing chunk, where zarrita itself gives the fill value. */
export async function readByZarrita(
  files: DatasetFiles,
  path: string,
  version: "v2" | "v3",
): Promise<ReadArray> {
  const missing: string[] = [];
  const find = (key: string) => {
    const bytes = files.get(key.slice(1));
    if (bytes === undefined && !/\.z(?:attrs|metadata)$/.test(key)) missing.push(key);
    return bytes;
  };
  const store = {
    get: async (key: `/${string}`) => find(key),
    getRange: async (
      key: `/${string}`,
      range: { readonly offset: number; readonly length: number } | { readonly suffixLength: number },
    ) => {
      const bytes = find(key);
      return "suffixLength" in range
        ? bytes?.slice(-range.suffixLength)
        : bytes?.slice(range.offset, range.offset + range.length);
    },
  };
  const location = root(store).resolve(`/${path}`);
  const array = await (version === "v2"
    ? open.v2(location, { kind: "array" })
    : open.v3(location, { kind: "array" }));
  const { data, shape, stride } = await get(array);
  if (missing.length > 0) throw new Error(`there is no ${missing.join(", ")}`);
  const [, rows = 0, columns = 0] = shape;
  if (stride.join() !== [rows * columns, columns, 1].join()) throw new Error(`not in C order: ${stride}`);
  return {
    shape,
    chunks: array.chunks,
    dataType: array.dtype,
    data: data as ArrayLike<number | bigint>,
    dimensionNames: array.dimensionNames,
  };
}
