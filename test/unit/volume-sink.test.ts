import { describe, expect, test } from "vitest";
import { BlockSink, MemorySink, OutputWriter } from "../../src/assemble/volume-sink.js";
import type { VolumeBlock, VolumeBox, VolumeWriter } from "../../src/out/volume-writer.js";
import type { ScaledBox } from "../../src/plan/tile-plan.js";
import { settle } from "../support/hand-driven-pool.js";

const region: ScaledBox = { lower: [10, 20, 30], upper: [12, 23, 34] };

/** A writer whose writes end when the test says so. */
class HeldWriter implements VolumeWriter {
  readonly boxes: VolumeBox[] = [];
  readonly blocks: VolumeBlock[] = [];
  readonly ends: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  flushes = 0;

  write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    this.boxes.push(box);
    this.blocks.push(block);
    return new Promise((resolve, reject) => {
      this.ends.push({ resolve, reject });
    });
  }

  flush(): void {
    this.flushes++;
  }
}

describe("MemorySink", () => {
  test("puts tiles and fill where they belong", () => {
    const data = new Uint8Array(24);
    const volume = { data, offset: 0, stride: { z: 12, y: 4, x: 1 }, lower: region.lower };
    const sink = new MemorySink(volume, 9);
    sink.putTile({ data: Uint8Array.of(1, 2, 3, 4), width: 2, height: 2 }, 20, 30, {
      lower: [10, 20, 30],
      upper: [11, 22, 33],
    });
    sink.putFill({ lower: [11, 20, 30], upper: [12, 23, 34] });
    expect([...data]).toEqual([1, 2, 9, 0, 3, 4, 9, 0, 0, 0, 0, 0, ...Array(12).fill(9)]);
  });
});

describe("OutputWriter", () => {
  test("tells boxes relative to the region, in output order", async () => {
    const writer = new HeldWriter();
    const output = new OutputWriter(writer, "xzy", region);
    const box: ScaledBox = { lower: [11, 21, 30], upper: [12, 23, 33] };
    const block = output.block(box);
    expect(block).toMatchObject({ offset: 0, stride: { x: 2, z: 2, y: 1 }, lower: [11, 21, 30] });
    expect(block.data).toHaveLength(6);
    output.write(box, block.data).catch(() => {});
    await settle();
    expect(writer.boxes).toEqual([{ lower: [0, 1, 1], upper: [3, 2, 3] }]);
    expect(writer.blocks[0]).toEqual({ data: block.data, shape: [3, 1, 2] });
  });

  test("cuts the region into chunks of output order", () => {
    const output = new OutputWriter(new HeldWriter(), "xyz", region);
    const chunks = [...output.chunks([3, 2, 2])];
    expect(chunks).toEqual([
      { lower: [10, 20, 30], upper: [12, 22, 33] },
      { lower: [10, 22, 30], upper: [12, 23, 33] },
      { lower: [10, 20, 33], upper: [12, 22, 34] },
      { lower: [10, 22, 33], upper: [12, 23, 34] },
    ]);
  });

  test("writes one block at a time, in order", async () => {
    const writer = new HeldWriter();
    const output = new OutputWriter(writer, "zyx", region);
    const written: number[] = [];
    for (const z of [10, 11]) {
      const box: ScaledBox = { lower: [z, 20, 30], upper: [z + 1, 23, 34] };
      output.write(box, output.block(box).data).then(() => written.push(z));
    }
    await settle();
    expect([writer.boxes.length, written]).toEqual([1, []]);
    writer.ends[0]?.resolve();
    await settle();
    expect([writer.boxes.length, written]).toEqual([2, [10]]);
    writer.ends[1]?.resolve();
    await settle();
    expect(written).toEqual([10, 11]);
  });

  test("a failure is its own writer's, and stopping lets nothing more through", async () => {
    const writer = new HeldWriter();
    const output = new OutputWriter(writer, "zyx", region);
    const write = (): Promise<void> => output.write(region, output.block(region).data);
    const [first, second] = [write(), write()];
    const settled = Promise.allSettled([first, second]);
    await settle();
    const full = new Error("disk full");
    writer.ends[0]?.reject(full);
    output.stop(full);
    expect(await settled).toEqual([
      { status: "rejected", reason: full },
      { status: "rejected", reason: full },
    ]);
    await expect(write()).rejects.toBe(full);
    output.stop(new Error("later"));
    await expect(write()).rejects.toBe(full);
    expect(writer.boxes).toHaveLength(1);
  });

  test("a writer that throws is one that failed; one without flush is fine", async () => {
    const thrown = new Error("thrown");
    const throwing: VolumeWriter = {
      write() {
        throw thrown;
      },
    };
    const output = new OutputWriter(throwing, "zyx", region);
    await expect(output.write(region, new Uint8Array(24))).rejects.toBe(thrown);
    await expect(output.flush()).resolves.toBeUndefined();
  });
});

describe("BlockSink", () => {
  test("hands on what a tile serves as a block of its own", async () => {
    const writer = new HeldWriter();
    const sink = new BlockSink(new OutputWriter(writer, "zyx", region), 9);
    const box: ScaledBox = { lower: [10, 21, 31], upper: [11, 23, 34] };
    const put = sink.putTile({ data: Uint8Array.of(1, 2, 3, 4), width: 2, height: 2 }, 21, 31, box);
    await settle();
    expect([...(writer.blocks[0]?.data ?? [])]).toEqual([1, 2, 9, 3, 4, 9]);
    writer.ends[0]?.resolve();
    await put;
  });

  test("hands on a large box of fill in pieces, each after the one before it", async () => {
    const writer = new HeldWriter();
    const large: ScaledBox = { lower: [0, 0, 0], upper: [2, 2049, 10] };
    const sink = new BlockSink(new OutputWriter(writer, "zyx", large), 200);
    let done = false;
    const put = sink.putFill(large).then(() => {
      done = true;
    });
    for (let piece = 1; piece <= 4; piece++) {
      await settle();
      expect([writer.boxes.length, done]).toEqual([piece, false]);
      writer.ends[piece - 1]?.resolve();
    }
    await put;
    expect(writer.boxes.map(({ lower }) => lower)).toEqual([
      [0, 0, 0],
      [0, 2048, 0],
      [1, 0, 0],
      [1, 2048, 0],
    ]);
    for (const { data } of writer.blocks) expect(data.every((value) => value === 200)).toBe(true);
  });
});
