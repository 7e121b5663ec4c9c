import { Worker } from "node:worker_threads";
import { expectTypeOf, test } from "vitest";
import type {
  CatmaidImageErrorCode,
  FetchReport,
  ImageFetcherOptions,
  NdArrayLike,
  NumjsArrayLike,
  VolumeBlock,
  VolumeBox,
  VolumeWriter,
} from "../../src/index.js";
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
  expectTypeOf(fetcher.get(roi)).resolves.toHaveProperty("data").toEqualTypeOf<Uint8Array<ArrayBuffer>>();
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
  const maybe = clamped as Uint8ClampedArray | undefined;
  expectTypeOf(fetcher.get(roi, { out: maybe }))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf<Uint8ClampedArray | Uint8Array<ArrayBuffer>>();
  expectTypeOf(fetcher.get(roi)).resolves.toHaveProperty("report").toEqualTypeOf<FetchReport>();
});

test("the data type of a volume is the fetcher's", () => {
  const stack = new Stack({ dimension: { x: 1, y: 1, z: 1 } });
  const wide = new ImageFetcher(stack, { dataType: "uint16", channel: 0 });
  expectTypeOf(wide.get(roi)).resolves.toHaveProperty("data").toEqualTypeOf<Uint16Array<ArrayBuffer>>();
  expectTypeOf(wide.get(roi, { out: new Float32Array(6) }))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf<Float32Array<ArrayBuffer>>();
  const writing = wide.get(roi, {
    out: { write: (_box, { data }) => void expectTypeOf(data).toEqualTypeOf<Uint16Array<ArrayBuffer>>() },
  });
  void writing;
  const threaded = new ThreadedImageFetcher(stack, { threads: 2, dataType: "uint16" });
  expectTypeOf(threaded).toEqualTypeOf<ThreadedImageFetcher<"uint16">>();
  const described = ThreadedImageFetcher.fromStackInfo({}, { threads: 2, dataType: "uint16" });
  expectTypeOf(described).toEqualTypeOf<ThreadedImageFetcher<"uint16">>();
  const client = { projectId: 1, get: async () => ({}) };
  expectTypeOf(ImageFetcher.fromCatmaid(client, 1, { dataType: "uint16" })).resolves.toEqualTypeOf<
    ImageFetcher<"uint16">
  >();
  const either = new ImageFetcher(stack, { dataType: "uint8" as "uint8" | "uint16" });
  expectTypeOf(either.get(roi))
    .resolves.toHaveProperty("data")
    .toEqualTypeOf<Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>>();
  const options: ImageFetcherOptions = { timeoutMs: 1, dataType: "uint8" };
  expectTypeOf(new ImageFetcher(stack, options)).toEqualTypeOf<ImageFetcher>();
  const labels = new ImageFetcher(stack, { dataType: "uint64" });
  expectTypeOf(labels.get(roi)).resolves.toHaveProperty("data").toEqualTypeOf<BigUint64Array<ArrayBuffer>>();
  // @ts-expect-error there is no such type
  new ImageFetcher(stack, { dataType: "uint12" });
});

test("a volume goes where bytes go", async () => {
  const { data } = await fetcher.get(roi);
  expectTypeOf(crypto.subtle.digest).toBeCallableWith("SHA-256", data);
  expectTypeOf<typeof data>().toExtend<BlobPart>();
  expectTypeOf<typeof data>().toExtend<BodyInit>();
});

test("a writer may be given in place, and knows what it gets", () => {
  for (const get of [fetcher.get, fetcher.getProjectSpace, fetcher.getStackSpace, fetcher.getScaledSpace]) {
    const fetching = get.call(fetcher, roi, {
      zoomLevel: 1,
      out: {
        shape: [1, 2, 3].map((extent) => extent),
        async write(box, { data, shape }) {
          expectTypeOf(box).toEqualTypeOf<VolumeBox>();
          expectTypeOf(data).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
          expectTypeOf(shape).toEqualTypeOf<VolumeBlock["shape"]>();
        },
      },
    });
    void fetching;
  }
  const fetching = fetcher.get(roi, {
    out: { write: (box, block) => void [box.lower[0], block.data.length] },
  });
  expectTypeOf(fetching).resolves.toHaveProperty("data").toEqualTypeOf<undefined>();
});

test("an ROI is two rows of numbers, in arrays of any kind", () => {
  expectTypeOf(fetcher.get).parameter(0).not.toBeAny();
  fetcher.get([new Int32Array(3), new Float64Array(3)]);
  const literal = [
    [0, 0, 0],
    [1, 2, 3],
  ];
  fetcher.get(literal);
  fetcher.roiToScaled(literal.map((row) => row.map((bound) => 2 * bound)));
  // @ts-expect-error a flat list is no ROI
  fetcher.get([0, 0, 0, 1, 2, 3]);
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
  if (isCatmaidImageError(error)) {
    expectTypeOf(error.code).toEqualTypeOf<CatmaidImageErrorCode>();
    if (error.code === "tile-fetch") expectTypeOf(error).toEqualTypeOf<TileFetchError>();
    if (error.code === "broken-slice") expectTypeOf(error.section).toEqualTypeOf<number>();
    if (error.code === "api") expectTypeOf(error.type).toEqualTypeOf<string | undefined>();
  }
  if (error instanceof TileFetchError) expectTypeOf(error.code).toEqualTypeOf<"tile-fetch">();
});
