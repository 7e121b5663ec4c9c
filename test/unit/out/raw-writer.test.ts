import { describe, expect, it } from "vitest";
import { RawWriter, type RawWriterOptions } from "../../../src/out/flat/raw-writer.js";
import { type ByteSink, MemoryByteSink } from "../../../src/out/sink/byte-sink.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { blockOf, boxesOf, countingVolume } from "../../support/model/volume-boxes.js";

describe("RawWriter", () => {
  const shape: Triple = [3, 4, 5];
  const volume = countingVolume(shape);

  async function begun(sink: ByteSink, options: RawWriterOptions = {}): Promise<RawWriter> {
    const writer = new RawWriter(sink, options);
    await writer.begin(volumeInfo(shape));
    return writer;
  }

  it("writes the voxels and nothing else", async () => {
    const sink = new MemoryByteSink();
    const writer = await begun(sink);
    for (const box of boxesOf(shape, [2, 3, 2], [5, 1, 4]))
      await writer.write(box, blockOf(volume, shape, box));
    await writer.flush();
    expect(sink.bytes).toEqual(volume);
  });

  it("describes them in a JSON text beside them", async () => {
    const sidecar = new MemoryByteSink();
    const metadata = { resolution: [41, 4, 4], of: "mine" };
    const writer = await begun(new MemoryByteSink(), { sidecar, metadata });
    await writer.write({ lower: [0, 0, 0], upper: shape }, { data: volume, shape });
    expect(sidecar.bytes).toHaveLength(0);
    await writer.flush();
    const description: unknown = JSON.parse(new TextDecoder().decode(sidecar.bytes));
    expect(description).toMatchObject({
      dtype: "uint8",
      byteOrder: "little",
      order: "C",
      shape,
      ...metadata,
    });
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
    const writer = await begun(sink, { sidecar });
    await writer.write({ lower: [0, 0, 0], upper: shape }, { data: volume, shape });
    await expect(writer.flush()).rejects.toBe(full);
    expect(closed).toBe(false);
  });

  it("writes no description of a file that is not complete", async () => {
    const sidecar = new MemoryByteSink();
    const writer = await begun(new MemoryByteSink(), { sidecar });
    await expect(writer.flush()).rejects.toThrow(/lacks 60 of its 60 voxels/);
    expect(sidecar.bytes).toHaveLength(0);
  });

  it("gives up both files when it is aborted", async () => {
    const discarded: string[] = [];
    const sinkOf = (name: string): ByteSink => ({
      write: () => Promise.resolve(),
      close: () => Promise.reject(new Error("closed")),
      discard: async () => void discarded.push(name),
    });
    const writer = await begun(sinkOf("voxels"), { sidecar: sinkOf("json") });
    await writer.abort();
    expect(discarded).toEqual(["voxels", "json"]);
  });
});
