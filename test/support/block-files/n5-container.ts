import { expect } from "vitest";
import type { BlockSource } from "../../../src/source/block-source.js";
import { openN5 } from "../../../src/source/n5/open-n5.js";
import { Stack, type StackOptions } from "../../../src/stack/stack.js";
import { blockMirror, FakeServer, type FileContent } from "../blocks/block-mirror.js";

/** The container whose dataset {@link opening} opens. */
export const root = "https://example.org/data/root.n5";
export const levels = `${root}/group/%SCALE_DATASET%`;
const { signal } = new AbortController();

/** Attributes of an array of 100 × 60 × 30. */
export const array = {
  dimensions: [100, 60, 30],
  blockSize: [16, 32, 8],
  dataType: "uint8",
  compression: { type: "gzip" },
};
export const half = { ...array, dimensions: [50, 30, 15] };

/** The conditions of an opening. */
export interface Given {
  /** The files by their path from the container's root, without `/attributes.json`. */
  readonly files?: Readonly<Record<string, FileContent>>;
  readonly imageBase?: string;
  readonly stack?: Partial<StackOptions>;
  readonly channel?: number;
  readonly mirror?: object;
}

/** Opens a dataset in a container with these files, for a stack of 100 × 60 × 30 with one level. */
export function opening({ files = {}, imageBase = `${levels}/0_1_2`, stack, channel, mirror }: Given) {
  const byUrl = new Map(Object.entries(files).map(([path, file]) => [attributesUrl(path), file]));
  const server = new FakeServer((url) => byUrl.get(url.replace(/\?.*/, "")));
  const opened = openN5(
    new Stack({ dimension: { x: 100, y: 60, z: 30 }, downsampleFactors: factors(1), ...stack }),
    blockMirror(11, imageBase, mirror),
    { channel },
    server.ask,
    signal,
  );
  return { opened, server };
}

/** URL of the attributes of a folder, given by its path in the container or by an absolute URL. */
export function attributesUrl(path: string): string {
  const folder = path.startsWith("https:") ? path : `${root}${path === "" ? "" : `/${path}`}`;
  return `${folder}/attributes.json`;
}

export function open(given: Given): Promise<BlockSource> {
  return opening(given).opened;
}

export function factors(...all: readonly number[]) {
  return all.map((factor) => ({ x: factor, y: factor, z: factor }));
}

export const container = { "": { n5: "2.5.1" }, "group/s0": array };

/** The error of an opening. */
export async function refusal(given: Given): Promise<Error> {
  const refused = await open(given).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(Error);
  return refused as Error;
}
