import { describe, expect, it } from "vitest";
import { type ByteSink, MemoryByteSink } from "../../src/out/byte-sink.js";
import { RawWriter } from "../../src/out/raw-writer.js";
import type { Triple } from "../../src/space/axis-order.js";
import { blockOf, boxesOf, countingVolume } from "../support/volume-boxes.js";

describe("RawWriter", () => {
  const shape: Triple = [3, 4, 5];
  const volume = countingVolume(shape);

  it("writes the voxels and nothing else", async () => {
    const sink = new MemoryByteSink();
    const writer = new RawWriter(sink, shape);
    for (const box of boxesOf(shape, [2, 3, 2], [5, 1, 4]))
      await writer.write(box, blockOf(volume, shape, box));
    await writer.flush();
    expect(sink.bytes).toEqual(volume);
  });

  it("describes them in a JSON text beside them", async () => {
    const sidecar = new MemoryByteSink();
    const metadata = { resolution: [40, 4, 4], orientation: "zyx" };
    const writer = new RawWriter(new MemoryByteSink(), shape, { sidecar, metadata });
    await writer.write({ lower: [0, 0, 0], upper: shape }, { data: volume, shape });
    expect(sidecar.bytes).toHaveLength(0);
    await writer.flush();
    const description: unknown = JSON.parse(new TextDecoder().decode(sidecar.bytes));
    expect(description).toEqual({ dtype: "uint8", order: "C", shape, ...metadata });
  });

  it("completes no file whose description cannot be written", async () => {
    let closed = false;
    const sink: ByteSink = {
      write: () => Promise.resolve(),
      close: () => {
        closed = true;
        return Promise.resolve();
      },
    };
    const full = new Error("no space left");
    const sidecar: ByteSink = { write: () => Promise.reject(full), close: () => Promise.resolve() };
    const writer = new RawWriter(sink, shape, { sidecar });
    await writer.write({ lower: [0, 0, 0], upper: shape }, { data: volume, shape });
    await expect(writer.flush()).rejects.toBe(full);
    expect(closed).toBe(false);
  });

  it("writes no description of a file that is not complete", async () => {
    const sidecar = new MemoryByteSink();
    const writer = new RawWriter(new MemoryByteSink(), shape, { sidecar });
    await expect(writer.flush()).rejects.toThrow(/60 left/);
    expect(sidecar.bytes).toHaveLength(0);
  });
});
