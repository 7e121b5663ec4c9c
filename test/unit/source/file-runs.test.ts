import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { TileFetchError } from "../../../src/errors.js";
import type { BlockPlaceInFile } from "../../../src/source/block-source.js";
import { FileRuns } from "../../../src/source/file-runs.js";
import type { ByteRange } from "../../../workers/protocol.js";

const url = "http://volumes.example/0.shard";
const { signal } = new AbortController();
const file = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** A run of so many blocks of 10 bytes, from a byte on. */
function runOf(blocks: number, offset = 0): BlockPlaceInFile[] {
  return Array.from({ length: blocks }, (_, n) => ({
    range: { offset: offset + 10 * n, length: 10 },
    run: { offset, length: 10 * blocks },
    blocks,
  }));
}

/** Parts of the file, which come when they are let go, and what was asked for. */
function heldFile() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const fetchRange = (range: ByteRange, own: AbortSignal): Promise<Uint8Array> => {
    asked.push(`${range.offset}+${range.length}`);
    signals.push(own);
    return new Promise((resolve, reject) => {
      own.addEventListener("abort", () => reject(own.reason));
      waiting.push(() => resolve(file.subarray(range.offset, range.offset + range.length)));
    });
  };
  const letGo = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  return { asked, signals, fetchRange, letGo };
}

/** The same, at once. */
function openFile() {
  const asked: string[] = [];
  const fetchRange = async ({ offset, length }: ByteRange): Promise<Uint8Array> => {
    asked.push(`${offset}+${length}`);
    return file.subarray(offset, offset + length);
  };
  return { asked, fetchRange };
}

function bytesAt({ range }: BlockPlaceInFile): Uint8Array {
  return file.slice(range.offset, range.offset + range.length);
}

describe("FileRuns (trap 23)", () => {
  it("asks for a run once, also in parallel, and gives each block its own bytes", async () => {
    const { asked, fetchRange, letGo } = heldFile();
    const runs = new FileRuns();
    const places = runOf(4, 100);
    const coming = places.map((place) => runs.bytesOf(url, place, fetchRange, signal));
    letGo();
    const blocks = await Promise.all(coming);
    expect(blocks).toEqual(places.map(bytesAt));
    expect(asked).toEqual(["100+40"]);
    for (const block of blocks) expect(block.buffer.byteLength).toBe(10);
    expect(new Set(blocks.map((block) => block.buffer)).size).toBe(4);
  });

  it("a block on its own is asked for on its own, with memory of its own", async () => {
    const { asked, fetchRange } = openFile();
    const [place] = runOf(1, 50) as [BlockPlaceInFile];
    const bytes = await new FileRuns().bytesOf(url, place, fetchRange, signal);
    expect(bytes).toEqual(bytesAt(place));
    expect(bytes.buffer.byteLength).toBe(10);
    expect(asked).toEqual(["50+10"]);
  });

  it("files of other names are other files", async () => {
    const { asked, fetchRange } = openFile();
    const runs = new FileRuns();
    const [place] = runOf(2) as [BlockPlaceInFile];
    await runs.bytesOf(url, place, fetchRange, signal);
    await runs.bytesOf(`${url}?other`, place, fetchRange, signal);
    expect(asked).toEqual(["0+20", "0+20"]);
  });

  it("who comes again asks for its own range: the bytes may have been damaged", async () => {
    const { asked, fetchRange } = openFile();
    const runs = new FileRuns();
    const [first, second] = runOf(2) as [BlockPlaceInFile, BlockPlaceInFile];
    await runs.bytesOf(url, first, fetchRange, signal);
    await runs.bytesOf(url, first, fetchRange, signal);
    await runs.bytesOf(url, second, fetchRange, signal);
    await runs.bytesOf(url, second, fetchRange, signal);
    expect(asked).toEqual(["0+20", "0+10", "10+10"]);
  });

  it("keeps no more than its budget: the oldest run goes, and its blocks ask for their own", async () => {
    const { asked, fetchRange } = openFile();
    const runs = new FileRuns({ maxBytes: 50 });
    const [a, b, c] = [runOf(2, 0), runOf(2, 20), runOf(2, 40)];
    for (const run of [a, b, c]) await runs.bytesOf(url, run[0] as BlockPlaceInFile, fetchRange, signal);
    for (const run of [c, b, a]) {
      const place = run[1] as BlockPlaceInFile;
      expect(await runs.bytesOf(url, place, fetchRange, signal)).toEqual(bytesAt(place));
    }
    expect(asked).toEqual(["0+20", "20+20", "40+20", "10+10"]);
  });

  it("blocks that wait for a run get it, even if it is more than the budget", async () => {
    const { asked, fetchRange, letGo } = heldFile();
    const runs = new FileRuns({ maxBytes: 5 });
    const places = runOf(3);
    const coming = places.map((place) => runs.bytesOf(url, place, fetchRange, signal));
    letGo();
    expect(await Promise.all(coming)).toEqual(places.map(bytesAt));
    expect(asked).toEqual(["0+30"]);
  });

  it("a failure is told to all who wait, and the run is asked for again", async () => {
    const runs = new FileRuns();
    const places = runOf(2);
    const failure = new Error("no answer");
    const failing = places.map((place) => runs.bytesOf(url, place, () => Promise.reject(failure), signal));
    expect(await Promise.allSettled(failing)).toEqual(
      places.map(() => ({ status: "rejected", reason: failure })),
    );
    const { asked, fetchRange } = openFile();
    for (const place of places) {
      expect(await runs.bytesOf(url, place, fetchRange, signal)).toEqual(bytesAt(place));
    }
    expect(asked).toEqual(["0+20"]);
  });

  it("a file that is not there, though there is an index of it, is an error and no empty block", async () => {
    const runs = new FileRuns();
    for (const place of [...runOf(2), ...runOf(1, 90)]) {
      const bytes = runs.bytesOf(url, place, async () => undefined, signal);
      await expect(bytes).rejects.toBeInstanceOf(TileFetchError);
      await expect(bytes).rejects.toMatchObject({
        message: `there is no ${url}, though its index says what is in it`,
      });
    }
  });

  it("who gives up leaves the others alone; the request ends with the last one, and is made anew", async () => {
    const { asked, signals, fetchRange, letGo } = heldFile();
    const runs = new FileRuns();
    const [first, second] = runOf(2) as [BlockPlaceInFile, BlockPlaceInFile];
    const [one, two] = [new AbortController(), new AbortController()];
    const left = runs.bytesOf(url, first, fetchRange, one.signal);
    const alsoLeft = runs.bytesOf(url, second, fetchRange, two.signal);
    one.abort(new Error("one"));
    await expect(left).rejects.toThrow("one");
    expect(signals[0]?.aborted).toBe(false);
    two.abort(new Error("two"));
    await expect(alsoLeft).rejects.toThrow("two");
    expect(signals[0]?.aborted).toBe(true);
    const again = runs.bytesOf(url, first, fetchRange, signal);
    letGo();
    expect(await again).toEqual(bytesAt(first));
    expect(asked).toEqual(["0+20", "0+20"]);
  });

  test.prop([fc.array(fc.tuple(fc.nat(5), fc.nat(9)), { maxLength: 60 }), fc.integer({ min: 0, max: 300 })])(
    "any order, repeats and budget: the right bytes",
    async (wishes, maxBytes) => {
      const { fetchRange } = openFile();
      const runs = new FileRuns({ maxBytes });
      await Promise.all(
        wishes.map(async ([run, block]) => {
          const place = runOf(10, run * 100)[block] as BlockPlaceInFile;
          expect(await runs.bytesOf(url, place, fetchRange, signal)).toEqual(bytesAt(place));
        }),
      );
    },
  );
});
