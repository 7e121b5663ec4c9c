import { describe, expect, test } from "vitest";
import type { VolumeSink } from "../../src/assemble/volume-sink.js";
import { destinationOf } from "../../src/fetch/volume-destination.js";
import { resolveOut } from "../../src/out/volume-out.js";
import type { VolumeWriter } from "../../src/out/volume-writer.js";
import type { Orientation3D, Triple } from "../../src/space/axis-order.js";
import type { ScaledBox } from "../../src/space/scaled-box.js";
import { RecordingWriter } from "../support/recording-writer.js";

const region: ScaledBox = { lower: [5, 0, 0], upper: [7, 4, 6] };
const shape: Triple = [2, 4, 6];

/** Lets everything happen that waits for nothing but its turn on the thread. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

const never = (): AbortSignal => new AbortController().signal;

function destination(out: VolumeWriter | Uint8Array, orientation: Orientation3D = "zyx") {
  return destinationOf(resolveOut(out, shape, "uint8"), region, orientation, "uint8", 3);
}

/** Fetches nothing: everything is fill. */
const fill = async (box: ScaledBox, sink: VolumeSink): Promise<void> => sink.putFill(box);

/** A writer whose writes end when the test says so. */
function heldWriter(chunkShape?: Triple) {
  const ends: (() => void)[] = [];
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      ends.push(resolve);
    });
  return { writer: new RecordingWriter(shape, chunkShape, pause), ends };
}

describe("memory", () => {
  test("is one portion, written where it lies", async () => {
    const out = new Uint8Array(48);
    const memory = destination(out);
    expect([...memory.portions()]).toEqual([region]);
    await memory.receive(fill, never());
    expect(out.every((value) => value === 3)).toBe(true);
  });
});

describe("a writer", () => {
  test("is one portion, and is flushed when all is written", async () => {
    const writer = new RecordingWriter(shape);
    const blocks = destination(writer);
    expect([...blocks.portions()]).toEqual([region]);
    await blocks.receive(fill, never());
    expect([writer.flushes, writer.faults]).toEqual([1, []]);
  });

  test("is not flushed, and gets nothing more, after a failure", async () => {
    const { writer, ends } = heldWriter();
    const failure = new Error("no tile");
    let sinkOf: VolumeSink | undefined;
    const received = destination(writer).receive(async (_box, sink) => {
      sinkOf = sink;
      sink.putFill({ lower: [5, 0, 0], upper: [6, 4, 6] })?.catch(() => {});
      await settle();
      throw failure;
    }, never());
    await expect(received).rejects.toBe(failure);
    expect(writer.boxes).toHaveLength(1);
    ends[0]?.();
    await expect(sinkOf?.putFill({ lower: [6, 0, 0], upper: [7, 4, 6] })).rejects.toBe(failure);
    await settle();
    expect([writer.boxes.length, writer.flushes]).toEqual([1, 0]);
  });

  test("a flush that fails is a failure of the fetch", async () => {
    const full = new Error("disk full");
    const writer: VolumeWriter = { write() {}, flush: () => Promise.reject(full) };
    await expect(destination(writer).receive(fill, never())).rejects.toBe(full);
  });

  test("a write that fails is a failure of the fetch", async () => {
    const full = new Error("disk full");
    const writer: VolumeWriter = { write: () => Promise.reject(full) };
    await expect(destination(writer).receive(fill, never())).rejects.toBe(full);
  });
});

describe("a writer of chunks", () => {
  test("gets them one at a time while at most one more is fetched", async () => {
    const { writer, ends } = heldWriter([1, 2, 3]);
    const fetched: string[] = [];
    const chunks = destination(writer);
    expect([...chunks.portions()]).toHaveLength(8);
    const received = chunks.receive(async (box, sink) => {
      fetched.push(box.lower.join());
      await sink.putFill(box);
    }, never());
    for (let written = 1; written <= 8; written++) {
      await settle();
      expect(writer.boxes).toHaveLength(written);
      expect(fetched).toHaveLength(Math.min(8, written + 1));
      ends[written - 1]?.();
    }
    await received;
    expect([writer.faults, writer.flushes]).toEqual([[], 1]);
  });

  test("is not written to after an abort, even if chunks were ready", async () => {
    const { writer, ends } = heldWriter([1, 2, 3]);
    const controller = new AbortController();
    const received = destination(writer).receive(fill, controller.signal);
    await settle();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(received).rejects.toBe(reason);
    ends[0]?.();
    await settle();
    expect([writer.boxes.length, writer.flushes]).toEqual([1, 0]);
  });

  test("a chunk that cannot be fetched ends it all", async () => {
    const writer = new RecordingWriter(shape, [1, 4, 6]);
    const failure = new Error("no tile");
    const aborted: boolean[] = [];
    const received = destination(writer).receive(async (box, sink, signal) => {
      if (box.lower[0] === 6) throw failure;
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      aborted.push(signal.aborted);
      await sink.putFill(box);
    }, never());
    await expect(received).rejects.toBe(failure);
    expect([writer.boxes, writer.flushes, aborted]).toEqual([[], 0, []]);
  });
});
