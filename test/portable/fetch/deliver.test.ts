import { describe, expect, test } from "vitest";
import { deliver } from "../../../src/fetch/delivery/deliver.js";
import { planPortions } from "../../../src/fetch/delivery/portion-plan.js";
import type { Portion } from "../../../src/fetch/fetch-region.js";
import type { FetchReport } from "../../../src/fetch/fetch-report.js";
import { NpyWriter } from "../../../src/out/flat/npy-writer.js";
import type { ByteSink } from "../../../src/out/sink/byte-sink.js";
import { volumeShape } from "../../../src/out/volume-shape.js";
import type { VolumeWriter } from "../../../src/out/volume-writer.js";
import type { PackBytes } from "../../../src/pool/pack-bytes.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { RecordingWriter, volumeInfo } from "../../support/exports/recording-writer.js";

const region: ScaledBox = { lower: [5, 0, 0], upper: [13, 4, 6] };
const shape: Triple = [8, 4, 6];
const sectionBytes = 24;
/** Room for one block under way and two portions of two sections. */
const maxMemoryBytes = 5 * sectionBytes;
const report = { outside: 0 } as FetchReport;

type Fetch = (portions: Iterable<Portion>, signal: AbortSignal) => Promise<void>;

/** Fetches nothing: everything is fill. */
const fill: Fetch = async (portions, signal) => {
  for (const portion of portions)
    await (await portion.open(portion.box, signal))?.putFill(portion.box, "outside");
};

function start(writer: VolumeWriter, fetch: Fetch = fill, signal = new AbortController().signal) {
  const { concurrency = 1 } = writer;
  const chunkShape = writer.chunkShape && volumeShape("chunkShape", writer.chunkShape);
  const portionPlan = planPortions({
    writer,
    concurrency,
    chunkShape,
    region,
    orientation: "zyx",
    level: { blockShape: [1, 4, 6], origin: [0, 0, 0], covered: region, held: region },
    bytesPerVoxel: 1,
    maxWidth: 1,
    maxMemoryBytes: chunkShape === undefined ? maxMemoryBytes : 1e6,
  });
  const info = volumeInfo(shape, { fillValue: 3 });
  const packBytes: PackBytes = async (bytes) => bytes;
  return deliver({ info, region, portionPlan, packBytes, fetch, report: () => report }, signal);
}

/** Lets everything happen that waits for nothing but its turn on the thread. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
  fail(error: unknown): void;
}

function gate(): Gate {
  let open = (): void => {};
  let fail = (_error: unknown): void => {};
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}

/** A writer whose writes end when the test says so. */
function heldWriter(options: { readonly chunkShape?: Triple; readonly concurrency?: number } = {}) {
  const writes: Gate[] = [];
  const pause = (): Promise<void> => {
    const write = gate();
    writes.push(write);
    return write.opened;
  };
  return { writer: new RecordingWriter(shape, { ...options, pause }), writes };
}

describe("the order of calls", () => {
  test("is begin, write until all is there, flush with the report", async () => {
    const writer = new RecordingWriter(shape);
    await expect(start(writer)).resolves.toBe(report);
    expect(writer.faults).toEqual([]);
    expect(writer.info).toEqual(volumeInfo(shape, { fillValue: 3 }));
    expect(writer.boxes.map(({ lower }) => lower)).toEqual([0, 2, 4, 6].map((z) => [z, 0, 0]));
    expect(writer.times.every((times) => times === 1)).toBe(true);
    expect(writer.data.every((value) => value === 3)).toBe(true);
    expect([writer.report, writer.flushes, writer.aborts]).toEqual([report, 1, []]);
  });

  test("nothing is fetched before begin has ended", async () => {
    const begun = gate();
    let fetched = false;
    const writing = start({ begin: () => begun.opened, write() {} }, async (portions, signal) => {
      fetched = true;
      await fill(portions, signal);
    });
    await settle();
    expect(fetched).toBe(false);
    begun.open();
    await writing;
    expect(fetched).toBe(true);
  });

  test("a writer needs nothing but write", async () => {
    let voxels = 0;
    await start({
      write(_box, block) {
        voxels += block.data.length;
      },
    });
    expect(voxels).toBe(8 * sectionBytes);
  });

  test("the fetch is done when flush is", async () => {
    const flushed = gate();
    const calls: string[] = [];
    const flush = (): Promise<void> => {
      calls.push("flush");
      return flushed.opened;
    };
    const writing = start({ write: () => void calls.push("write"), flush, chunkShape: shape }).then(() =>
      calls.push("done"),
    );
    await settle();
    expect(calls).toEqual(["write", "flush"]);
    flushed.open();
    await writing;
    expect(calls).toEqual(["write", "flush", "done"]);
  });
});

describe("back-pressure", () => {
  test("as many writes are under way as the writer bears", async () => {
    for (const concurrency of [1, 3]) {
      const { writer, writes } = heldWriter({ chunkShape: [1, 4, 6], concurrency });
      const writing = start(writer);
      for (let ended = 0; ended < 8; ended++) {
        await settle();
        expect(writer.boxes).toHaveLength(Math.min(8, ended + concurrency));
        writes[ended]?.open();
      }
      await writing;
      expect([writer.faults, writer.mostWriting]).toEqual([[], concurrency]);
    }
  });

  test("a portion is opened while the one before it is written, and no more than there is memory for", async () => {
    const { writer, writes } = heldWriter();
    const opened: number[] = [];
    const writing = start(writer, async (portions, signal) => {
      for (const portion of portions) {
        const sink = await portion.open(portion.box, signal);
        opened.push(portion.box.lower[0]);
        await sink?.putFill(portion.box, "outside");
      }
    });
    for (const [ended, expected] of [
      [5, 7],
      [5, 7, 9],
      [5, 7, 9, 11],
      [5, 7, 9, 11],
    ].entries()) {
      await settle();
      expect(opened).toEqual(expected);
      expect(writer.boxes).toHaveLength(ended + 1);
      writes[ended]?.open();
    }
    await writing;
    expect(writer.faults).toEqual([]);
  });

  test("the memory of a portion is used again", async () => {
    const buffers = new Set<unknown>();
    await start({
      async write(_box, block) {
        buffers.add(block.data.buffer);
        await settle();
      },
    });
    expect(buffers.size).toBe(2);
  });

  test("memory that a writer has transferred is not used again", async () => {
    const taken: number[] = [];
    await start({
      write(_box, block) {
        const [value] = structuredClone(block.data, { transfer: [block.data.buffer as ArrayBuffer] });
        taken.push(Number(value));
      },
    });
    expect(taken).toEqual([3, 3, 3, 3]);
  });

  test("a chunk is written as soon as it is complete", async () => {
    const writer = new RecordingWriter(shape, { chunkShape: [4, 2, 6] });
    const rest = gate();
    const writing = start(writer, async (portions, signal) => {
      const [portion] = [...portions] as [Portion];
      const sink = await portion.open(portion.box, signal);
      for (const z of [8, 7, 6, 5])
        await sink?.putFill({ lower: [z, 2, 0], upper: [z + 1, 4, 6] }, "outside");
      await rest.opened;
      await sink?.putFill({ lower: [5, 0, 0], upper: [13, 2, 6] }, "outside");
      await sink?.putFill({ lower: [9, 2, 0], upper: [13, 4, 6] }, "outside");
    });
    await settle();
    expect(writer.boxes).toEqual([{ lower: [0, 2, 0], upper: [4, 4, 6] }]);
    rest.open();
    await writing;
    expect([writer.boxes.length, writer.faults]).toEqual([4, []]);
  });
});

describe("what a writer has", () => {
  test("is asked once for each chunk, and no memory is taken where it has all of a portion", async () => {
    const writer = new RecordingWriter(shape, { chunkShape: [2, 4, 6], has: () => true });
    const sinks: unknown[] = [];
    await start(writer, async (portions, signal) => {
      for (const portion of portions) {
        for (const z of [5, 6, 7, 8, 9, 10, 11, 12]) {
          sinks.push(await portion.open({ lower: [z, 0, 0], upper: [z + 1, 4, 6] }, signal));
        }
      }
    });
    expect(sinks).toEqual(Array(8).fill(undefined));
    expect(writer.asked.map(({ lower }) => lower[0])).toEqual([0, 2, 4, 6]);
    expect([writer.boxes, writer.flushes, writer.faults]).toEqual([[], 1, []]);
  });

  test("is left out of what is written", async () => {
    const writer = new RecordingWriter(shape, { chunkShape: [2, 4, 6], has: ({ lower }) => lower[0] === 2 });
    await start(writer);
    expect(writer.boxes.map(({ lower }) => lower[0])).toEqual([0, 4, 6]);
    expect([...new Set(writer.data.subarray(2 * sectionBytes, 4 * sectionBytes))]).toEqual([0]);
  });
});

describe("a failure", () => {
  const failure = new Error("disk full");
  const fails = (): Promise<never> => Promise.reject(failure);
  const throws = (): never => {
    throw failure;
  };

  test.each([
    ["begin", fails],
    ["begin", throws],
    ["has", fails],
    ["has", throws],
    ["write", fails],
    ["write", throws],
  ] as const)("of %s is the rejection, and the writer is aborted with it", async (name, fail) => {
    const aborts: unknown[] = [];
    const writer: VolumeWriter = {
      write() {},
      flush: () => void aborts.push("flush"),
      abort: (reason) => void aborts.push(reason),
      [name]: fail,
    };
    await expect(start(writer)).rejects.toBe(failure);
    await settle();
    expect(aborts).toEqual([failure]);
  });

  test.each([fails, throws])(
    "of flush is the rejection, and the writer is aborted with it",
    async (flush) => {
      const aborts: unknown[] = [];
      await expect(start({ write() {}, flush, abort: (reason) => void aborts.push(reason) })).rejects.toBe(
        failure,
      );
      expect(aborts).toEqual([failure]);
    },
  );

  test("of flush leaves no file in part", async () => {
    const discarded: string[] = [];
    const sink = (name: string, close: () => Promise<void>): ByteSink => ({
      write: async () => {},
      close,
      discard: async () => void discarded.push(name),
    });
    const out = new NpyWriter(sink("file", fails), { sidecar: sink("sidecar", async () => {}) });
    await expect(start(out)).rejects.toBe(failure);
    expect(discarded).toEqual(["file", "sidecar"]);
  });

  test.each([fails, throws])("of abort changes nothing", async (abort) => {
    const other = new Error("no tile");
    await expect(start({ write() {}, abort }, () => Promise.reject(other))).rejects.toBe(other);
  });

  test("of one write lets none begin after it, and waits for those under way", async () => {
    const { writer, writes } = heldWriter({ chunkShape: [1, 4, 6], concurrency: 2 });
    const settled: string[] = [];
    const writing = start(writer).catch((error) => settled.push(error.message));
    await settle();
    writes[1]?.fail(failure);
    await settle();
    expect([writer.boxes.length, writer.aborts, settled]).toEqual([2, [], []]);
    writes[0]?.open();
    await writing;
    expect([writer.boxes.length, writer.flushes, writer.aborts, settled]).toEqual([
      2,
      0,
      [failure],
      ["disk full"],
    ]);
  });

  test("of a write ends the fetch", async () => {
    const writing = start({ write: throws, chunkShape: [1, 4, 6] }, async (portions, signal) => {
      const ended = new Promise<void>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      const [portion] = [...portions] as [Portion];
      const sink = await portion.open(portion.box, signal);
      await sink?.putFill({ lower: [5, 0, 0], upper: [6, 4, 6] }, "outside");
      await ended;
    });
    await expect(writing).rejects.toBe(failure);
  });

  test("of the fetch lets no write begin, even of what is ready", async () => {
    const { writer, writes } = heldWriter({ chunkShape: [1, 4, 6] });
    const writing = start(writer, async (portions, signal) => {
      await fill(portions, signal);
      throw failure;
    });
    const rejected = expect(writing).rejects.toBe(failure);
    await settle();
    writes[0]?.open();
    await rejected;
    expect([writer.boxes.length, writer.flushes, writer.aborts, writer.faults]).toEqual([
      1,
      0,
      [failure],
      [],
    ]);
  });

  test("of the fetch is heard by those who wait for memory", async () => {
    const { writer, writes } = heldWriter();
    const writing = start(writer, async (portions, signal) => {
      const [first, second, third] = [...portions] as [Portion, Portion, Portion];
      for (const portion of [first, second]) {
        await (await portion.open(portion.box, signal))?.putFill(portion.box, "outside");
      }
      const inner = new AbortController();
      const waiting = third.open(third.box, inner.signal);
      inner.abort(failure);
      await waiting;
    });
    const rejected = expect(writing).rejects.toBe(failure);
    await settle();
    writes[0]?.open();
    await rejected;
    expect(writer.boxes).toHaveLength(1);
  });
});

describe("an abort", () => {
  const reason = new Error("enough");

  test("is heard at once while a write is under way; the writer is told when that has ended", async () => {
    const { writer, writes } = heldWriter();
    const controller = new AbortController();
    const writing = start(writer, fill, controller.signal);
    await settle();
    controller.abort(reason);
    await expect(writing).rejects.toBe(reason);
    expect(writer.aborts).toEqual([]);
    writes[0]?.open();
    await settle();
    expect([writer.boxes.length, writer.flushes, writer.aborts, writer.faults]).toEqual([1, 0, [reason], []]);
  });

  test("is heard at once while begin or has is under way", async () => {
    for (const name of ["begin", "has"] as const) {
      const asked = gate();
      const aborts: unknown[] = [];
      const controller = new AbortController();
      const writer = {
        write() {},
        abort: (why: unknown) => void aborts.push(why),
        [name]: () => asked.opened,
      };
      const writing = start(writer as unknown as VolumeWriter, fill, controller.signal);
      await settle();
      controller.abort(reason);
      await expect(writing).rejects.toBe(reason);
      await settle();
      expect(aborts).toEqual([]);
      asked.open();
      await settle();
      expect(aborts).toEqual([reason]);
    }
  });

  test("is heard while a failure waits for a write that hangs", async () => {
    const { writer } = heldWriter({ chunkShape: [1, 4, 6] });
    const controller = new AbortController();
    const failure = new Error("no tile");
    const writing = start(
      writer,
      async (portions, signal) => {
        await fill(portions, signal);
        throw failure;
      },
      controller.signal,
    );
    await settle();
    controller.abort(reason);
    await expect(writing).rejects.toBe(reason);
  });

  test("comes too late once the volume is being flushed", async () => {
    const flushed = gate();
    const aborts: unknown[] = [];
    const controller = new AbortController();
    const writer: VolumeWriter = {
      write() {},
      flush: () => flushed.opened,
      abort: (why) => void aborts.push(why),
    };
    const writing = start(writer, fill, controller.signal);
    await settle();
    controller.abort(reason);
    flushed.open();
    await expect(writing).resolves.toBe(report);
    expect(aborts).toEqual([]);
  });

  test("before the beginning calls nothing of the writer", async () => {
    const writer = new RecordingWriter(shape);
    await expect(start(writer, fill, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect([writer.info, writer.aborts, writer.faults]).toEqual([undefined, [], []]);
  });
});
