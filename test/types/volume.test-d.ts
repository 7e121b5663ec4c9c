import { Worker } from "node:worker_threads";
import { expectTypeOf, test } from "vitest";
import type { FetchReport, NdArrayLike, NumjsArrayLike, VolumeWriter } from "../../src/index.js";
import {
  ImageFetcher,
  isCatmaidImageError,
  Stack,
  ThreadedImageFetcher,
  TileFetchError,
} from "../../src/index.js";

declare const fetcher: ImageFetcher;
const roi = [
  [0, 0, 0],
  [1, 2, 3],
] as const;

test("the memory of a volume is that of its out", () => {
  expectTypeOf(fetcher.get(roi)).resolves.toHaveProperty("data").toEqualTypeOf<Uint8Array>();
  const clamped = new Uint8ClampedArray(6);
  expectTypeOf(fetcher.get(roi, { out: clamped }))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf(clamped);
  const nd: NdArrayLike<Uint8Array> = { data: new Uint8Array(6), shape: [1, 2, 3], stride: [6, 3, 1] };
  expectTypeOf(fetcher.get(roi, { out: nd }))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf<Uint8Array>();
  const numjs: NumjsArrayLike<Uint8Array> = { selection: nd };
  expectTypeOf(fetcher.get(roi, { out: numjs }))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf<Uint8Array>();
  const writer: VolumeWriter = { write: () => {} };
  expectTypeOf(fetcher.get(roi, { out: writer }))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf<undefined>();
  expectTypeOf(fetcher.get(roi)).resolves.toHaveProperty("report").toEqualTypeOf<FetchReport>();
});

test("an ROI is two rows of numbers, in arrays of any kind", () => {
  expectTypeOf(fetcher.get).parameter(0).not.toBeAny();
  fetcher.get([new Int32Array(3), new Float64Array(3)]);
  // @ts-expect-error one row is no ROI
  fetcher.get([[0, 0, 0]]);
});

test("options are checked by name", () => {
  const stack = new Stack({ dimension: { x: 1, y: 1, z: 1 } });
  // @ts-expect-error the unit is in the name: timeoutMs
  new ImageFetcher(stack, { timeout: 1 });
  // @ts-expect-error only the threaded fetcher has threads
  new ImageFetcher(stack, { threads: 2 });
  new ThreadedImageFetcher(stack, { threads: 2, createWorker: () => new Worker("worker.js") });
  // @ts-expect-error there is no such axis order
  new ImageFetcher(stack, { outputOrientation: "zzz" });
});

test("the factories give the class that they are called on, with its options", () => {
  expectTypeOf(ThreadedImageFetcher.fromStackInfo({})).toEqualTypeOf<ThreadedImageFetcher>();
  expectTypeOf(ImageFetcher.fromStackInfo({})).toEqualTypeOf<ImageFetcher>();
});

test("errors narrow by their code", () => {
  const error: unknown = undefined;
  if (isCatmaidImageError(error)) expectTypeOf(error.code).not.toBeAny();
  if (error instanceof TileFetchError) expectTypeOf(error.code).toEqualTypeOf<"tile-fetch">();
});
