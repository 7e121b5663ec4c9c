import { afterAll, describe, expect, test } from "vitest";
import { Hdf5Writer } from "../../../src/out/hdf5/hdf5-writer.js";
import { MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { VolumeOut } from "../../../src/out/volume-out.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { RecordingWriter } from "../../support/exports/recording-writer.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";
import { readHdf5 } from "../../support/readers/read-hdf5.js";

afterAll(closeSharedPools);

const roi = [
  [1, 30, 50],
  [3, 80, 145],
] as const;
const shape = [2, 50, 95] as const;
const voxels = 2 * 50 * 95;
const expected = expectedVolume(modelStack(), { lower: roi[0], upper: roi[1] }).data;

/** A promise that the test resolves. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each(oneKind)("%s: out", (_name, make) => {
  test.each([
    new Uint8Array(voxels),
    new Uint8ClampedArray(voxels),
    new Uint16Array(voxels),
    new Int32Array(voxels),
    new Float32Array(voxels),
  ])("an array is filled and handed back", async (out) => {
    const { fetcher } = await openFetcher(make);
    out.fill(7);
    const volume = await fetcher.get(roi, { out });
    expect(volume.data).toBe(out);
    expect(volume.out).toBe(out);
    expect([...out]).toEqual([...expected]);
  });

  test("an array keeps its type, and its voxels are the grey values", async () => {
    const { fetcher } = await openFetcher(make, { options: { outputOrientation: "xyz" } });
    const out = new Float32Array(voxels);
    const [lower, upper] = [[50, 30, 1] as const, [145, 80, 3] as const];
    const { data }: { data: Float32Array } = await fetcher.get([lower, upper], { out });
    const wanted = expectedVolume(modelStack(), { orientation: "xyz", lower, upper });
    expect([...data]).toEqual([...wanted.data]);
  });

  test("an array with strides gets its voxels where they belong", async () => {
    const { fetcher } = await openFetcher(make);
    const data = new Uint8Array(10 + 2 * voxels);
    const out = { data, shape: [...shape], stride: [-2, 2 * 2 * 95, 4], offset: 12 };
    const volume = await fetcher.get(roi, { out });
    expect(volume.data).toBe(data);
    const got = Array.from({ length: voxels }, (_, i) => {
      const [z, y, x] = [Math.floor(i / (50 * 95)), Math.floor(i / 95) % 50, i % 95];
      return data[12 - 2 * z + 2 * 2 * 95 * y + 4 * x];
    });
    expect(got).toEqual([...expected]);
  });

  test("a writer gets boxes, a writer of chunks gets whole chunks, and either is told what and how it went", async () => {
    const { fetcher } = await openFetcher(make);
    const boxes = new RecordingWriter(shape);
    const volume = await fetcher.get(roi, { out: boxes });
    expect([volume.data, volume.out]).toEqual([undefined, boxes]);
    const chunks = new RecordingWriter(shape, { chunkShape: [1, 20, 30], concurrency: 3 });
    await fetcher.get(roi, { out: chunks });
    for (const writer of [boxes, chunks]) {
      expect(writer.data).toEqual(expected);
      expect(writer.times.every((times) => times === 1)).toBe(true);
      expect([writer.faults, writer.flushes]).toEqual([[], 1]);
      expect(writer.info).toEqual({
        shape,
        dataType: "uint8",
        orientation: "zyx",
        projectAxes: ["z", "y", "x"],
        resolution: [35, 5, 4],
        position: [70 + 35, -300 + 30 * 5, 1000 + 50 * 4],
        origin: [1, 30, 50],
        zoomLevel: 0,
        fillValue: 0,
        isLabels: false,
        brokenSliceHandling: "fill",
        stack: { id: 1, title: "model" },
        mirror: { position: 0, title: "mirror 0" },
      });
    }
    expect(boxes.report).toBe(volume.report);
    expect(chunks.boxes).toHaveLength(2 * 3 * 4);
  });

  test("a writer of chunks is told of each why voxels of it are filled", async () => {
    const { fetcher, server } = await openFetcher(make, {
      stack: { brokenSlices: [3] },
      script: ({ depth, row, col }) => {
        if (depth === 1 && row === 0 && col === 0) return { status: 404 };
        if (depth === 1 && row === 1 && col === 2) return { status: 400 };
        if (depth === 2 && row === 1 && col === 1)
          return { pixels: { data: new Uint8Array(40 * 20), width: 40, height: 20 } };
        return undefined;
      },
      options: { brokenSliceHandling: "fill" },
    });
    const { z } = server.stack.dimension;
    const [lower, upper] = [[1, 30, 50] as const, [4, 80, 145] as const];
    const out = new RecordingWriter([3, 50, 95], { chunkShape: [1, 18, 14] });
    await fetcher.get([lower, upper], { out, onTileError: "fill" });
    const filled = { ...out.filled };
    // The whole of the broken section: three rows of seven chunks.
    const broken = Object.keys(filled).filter((chunk) => chunk.startsWith("2,"));
    expect(broken).toHaveLength(3 * 7);
    for (const chunk of broken) {
      expect(filled[chunk]).toEqual(["broken-slice"]);
      delete filled[chunk];
    }
    expect(filled).toEqual({
      "0,0,0": ["missing"],
      "0,18,70": ["failed"],
      "0,18,84": ["failed"],
      "0,36,70": ["failed"],
      "0,36,84": ["failed"],
      // What the short tile does have is not filled: 40 columns, 20 rows.
      "1,18,42": ["short-tile"],
      "1,18,56": ["short-tile"],
      "1,18,70": ["short-tile"],
      "1,36,14": ["short-tile"],
      "1,36,28": ["short-tile"],
      "1,36,42": ["short-tile"],
      "1,36,56": ["short-tile"],
      "1,36,70": ["short-tile"],
    });
    // Beyond the stack there is nothing to be had.
    const outside = new RecordingWriter([2, 50, 95], { chunkShape: [1, 50, 95] });
    await fetcher.get(
      [
        [z - 1, ...lower.slice(1)],
        [z + 1, ...upper.slice(1)],
      ] as never,
      { out: outside },
    );
    expect(outside.filled).toEqual({});
  });

  test("a HDF5 file gets chunks that were packed where the decoding runs, whatever the order of its axes", async () => {
    const { fetcher } = await openFetcher(make, { options: { outputOrientation: "yxz" } });
    const [lower, upper] = [[30, 50, 1] as const, [80, 145, 3] as const];
    const sink = new MemoryByteSink();
    const out = new Hdf5Writer(sink, { chunkShape: [16, 32, 2], compression: { kind: "gzip", level: 1 } });
    await fetcher.get([lower, upper], { out });
    const dataset = await readHdf5(sink.bytes, "volume");
    const wanted = expectedVolume(modelStack(), { orientation: "yxz", lower, upper });
    expect(dataset.voxels).toEqual(wanted.data);
    expect([dataset.shape, dataset.chunks, dataset.filters]).toEqual([[50, 95, 2], [16, 32, 2], [1]]);
    expect(dataset.attributes).toMatchObject({
      resolution: Float64Array.of(5, 4, 35),
      offset: Float64Array.of(-300 + 30 * 5, 1000 + 50 * 4, 70 + 35),
      axes: ["y", "x", "z"],
    });
    expect(JSON.parse(String(dataset.attributes["catmaid-image"]))).toMatchObject({
      stack: { id: 1, title: "model" },
      blocks: { filled: 0 },
    });
  });

  test("a slow writer slows the fetch down instead of filling the memory", async () => {
    const { opened, open } = gate();
    const { fetcher, server } = await openFetcher(make, { options: { maxRequests: 4 } });
    const writer = new RecordingWriter([12, 60, 150], { pause: () => opened });
    const all = [
      [0, 0, 0],
      [12, 60, 150],
    ] as const;
    const fetched = fetcher.get(all, { out: writer, maxMemoryBytes: 60_000 });
    // Two portions of two sections with six tiles each: there is no memory for more.
    await server.until(({ requests }) => requests.length === 24);
    // One more request would be under way by now if nobody waited for the writer.
    await fetcher.probeMirrors();
    await fetcher.probeMirrors();
    expect(server.requests).toHaveLength(24 + 2);
    expect(writer.boxes).toHaveLength(1);
    open();
    await fetched;
    expect(writer.data).toEqual(expectedVolume(server.stack, { lower: all[0], upper: all[1] }).data);
  });

  test("nothing is written after the rejection, whatever still arrives", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ col, depth }) =>
        col === 0 ? undefined : col === 1 && depth === 2 ? { status: 400 } : "hold",
    });
    const out = new Uint8Array(voxels).fill(255);
    await expect(fetcher.get(roi, { out })).rejects.toMatchObject({ code: "tile-fetch", status: 400 });
    const atRejection = out.slice();
    server.release();
    await fetcher.probeMirrors();
    expect(out).toEqual(atRejection);
  });

  test("nothing is written after an abort, whatever still arrives", async () => {
    const { fetcher, server } = await openFetcher(make, {
      script: ({ depth }) => (depth === 2 ? "hold" : undefined),
    });
    const controller = new AbortController();
    const out = new Uint8Array(voxels).fill(255);
    const writer = new RecordingWriter(shape);
    const fetches = [out, writer].map((into) => fetcher.get(roi, { out: into, signal: controller.signal }));
    const settled = Promise.allSettled(fetches);
    await server.until(({ held }) => held === 6);
    controller.abort("enough");
    expect((await settled).map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
      "enough",
      "enough",
    ]);
    const [atRejection, written] = [out.slice(), writer.boxes.length];
    server.release();
    await fetcher.probeMirrors();
    expect(out).toEqual(atRejection);
    expect([writer.boxes.length, writer.flushes, writer.aborts]).toEqual([written, 0, ["enough"]]);
  });

  test("a writer that fails ends the fetch with its own error, and is asked no more", async () => {
    const { fetcher, server } = await openFetcher(make, { options: { maxRequests: 2 } });
    const full = new Error("no space left on device");
    let writes = 0;
    const out = {
      // The first tile makes one chunk, the second four.
      chunkShape: [1, 18, 14] as const,
      write(): void {
        if (++writes === 3) throw full;
      },
      flush(): void {
        writes = 99;
      },
    };
    await expect(fetcher.get(roi, { out })).rejects.toBe(full);
    await fetcher.probeMirrors();
    expect(writes).toBe(3);
    // Two lanes: the third write, and at most one more tile that was under way. The canary is of section 0.
    expect(server.requests.filter(({ depth }) => depth > 0).length).toBeLessThanOrEqual(4);
  });

  test("what does not fit is refused before the first request", async () => {
    const { fetcher, server } = await openFetcher(make);
    const stride = [50 * 95, 95, 1];
    const outs: unknown[] = [
      new Uint8Array(voxels - 1),
      new Uint8Array(voxels + 1),
      new Int8Array(voxels),
      new BigUint64Array(voxels),
      Array(voxels).fill(0),
      null,
      "out",
      {},
      { data: new Uint8Array(voxels), shape: [50, 2, 95], stride },
      { data: new Uint8Array(voxels - 1), shape, stride },
      { data: new Int8Array(voxels), shape, stride },
      { data: new Uint8Array(voxels), shape, stride: [1, 1, 1] },
      { data: new Uint8Array(voxels), shape, stride: [0, 95, 1] },
      { data: new Uint8Array(voxels), shape, stride: [...stride, 1] },
      new RecordingWriter([2, 50, 96]),
      new RecordingWriter(shape, { chunkShape: [0, 10, 10] }),
    ];
    for (const out of outs) {
      await expect(fetcher.get(roi, { out: out as VolumeOut })).rejects.toMatchObject({
        name: "InvalidOutError",
        code: "invalid-out",
      });
    }
    expect(server.requests).toEqual([]);
  });
});
