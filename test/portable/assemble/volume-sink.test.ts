import { describe, expect, test } from "vitest";
import { copyPieces, fillPieces } from "../../../src/assemble/memory-pieces.js";
import { MemorySink } from "../../../src/assemble/volume-sink.js";
import type { Turn } from "../../../src/concurrency/in-turns.js";
import type { Block } from "../../../src/space/block.js";
import type { VoxelArray } from "../../../src/space/data-type.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";
import { settle } from "../../support/pools/hand-driven-pool.js";

const region: ScaledBox = { lower: [10, 20, 30], upper: [12, 23, 34] };

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  return a.findIndex((value, i) => value !== b[i]);
}

const endless: Turn = { over: false, pass: () => Promise.reject(new Error("passed")) };

describe("MemorySink", () => {
  test("puts blocks and fill where they belong", () => {
    const data = new Uint8Array(24);
    const volume = { data, offset: 0, stride: { z: 12, y: 4, x: 1 }, lower: region.lower };
    const sink = new MemorySink(volume, 9, endless);
    sink.putBlock({ data: Uint8Array.of(1, 2, 3, 4), shape: [1, 2, 2] }, [10, 20, 30], {
      lower: [10, 20, 30],
      upper: [11, 22, 33],
    });
    sink.putFill({ lower: [11, 20, 30], upper: [12, 23, 34] });
    expect([...data]).toEqual([1, 2, 9, 0, 3, 4, 9, 0, 0, 0, 0, 0, ...Array(12).fill(9)]);
  });
});

describe("MemorySink, in turns", () => {
  const box: ScaledBox = { lower: [0, 0, 0], upper: [1, 1100, 600] };
  const tile: Block = {
    data: Uint8Array.from({ length: 1100 * 600 }, (_, i) => i % 251),
    shape: [1, 1100, 600],
  };
  const xyz = { offset: 0, stride: { z: 1, y: 1, x: 1100 }, lower: box.lower };

  /** A turn that is over until it is passed, for one piece, so many times; then nothing is to follow. */
  function shortTurns(count: number): Turn & { passed: number } {
    let fresh = false;
    return {
      passed: 0,
      get over() {
        const over = !fresh;
        fresh = false;
        return over;
      },
      async pass() {
        if (this.passed === count) throw new Error("aborted");
        this.passed++;
        fresh = true;
      },
    };
  }

  test("a large block is put in pieces, with a turn passed before each", async () => {
    const data = new Uint8Array(1100 * 600);
    const turn = shortTurns(100);
    await new MemorySink({ data, ...xyz }, 0, turn).putBlock(tile, [0, 0, 0], box);
    expect(turn.passed).toBe(6);
    const expected = new Uint8Array(data.length);
    for (let y = 0; y < 1100; y++) {
      for (let x = 0; x < 600; x++) expected[x * 1100 + y] = tile.data[y * 600 + x] as number;
    }
    expect(firstDifference(data, expected)).toBe(-1);
  });

  test.each([
    ["block", 2, (sink: MemorySink) => sink.putBlock(tile, [0, 0, 0], box)],
    ["fill", 0, (sink: MemorySink) => sink.putFill(box)],
  ] as const)("of a %s, nothing is put once passing a turn has failed", async (_name, turns, put) => {
    const data = new Uint8Array(1100 * 600);
    const sink = new MemorySink({ data, ...xyz }, 9, shortTurns(turns));
    const putting = put(sink);
    await expect(putting).rejects.toThrow("aborted");
    const written = data.slice();
    await settle();
    expect(firstDifference(data, written)).toBe(-1);
    expect(data.at(-1)).toBe(0);
  });
});

describe("copyPieces", () => {
  const box: ScaledBox = { lower: [3, 5, 7], upper: [4, 2053, 2055] };
  const sideOf = (stride: number, data: VoxelArray): number => {
    const volume = { data, offset: 0, stride: { z: 1, y: stride, x: 1e6 }, lower: box.lower };
    const pieces = [...copyPieces(box, volume)];
    const [first] = pieces;
    const side = (first as ScaledBox).upper[1] - box.lower[1];
    expect(pieces).toHaveLength(Math.ceil(2048 / side) ** 2);
    return side;
  };

  test("are as small as the pages that they may touch are many", () => {
    const bytes = new Uint8Array();
    expect([1, 10, 56, 1000, 4096, 1e6].map((stride) => sideOf(stride, bytes))).toEqual([
      512, 256, 128, 32, 32, 32,
    ]);
    expect(sideOf(-10, bytes)).toBe(256);
    expect(sideOf(10, new Float64Array())).toBe(128);
  });

  test("one is enough for a tile of the usual size in the usual order, and for several sections of a small block", () => {
    const volume = { data: new Uint8Array(), offset: 0, stride: { z: 1e8, y: 1e4, x: 1 }, lower: box.lower };
    const usual: ScaledBox = { lower: [3, 512, 0], upper: [5, 1024, 512] };
    const depths = (cut: ScaledBox): number[] =>
      [...copyPieces(cut, volume)].map(({ lower, upper }) => upper[0] - lower[0]);
    expect(depths(usual)).toEqual([1, 1]);
    expect(depths({ lower: [3, 64, 0], upper: [67, 128, 64] })).toEqual([15, 15, 15, 15, 4]);
  });
});

describe("fillPieces", () => {
  const box: ScaledBox = { lower: [3, 5, 7], upper: [59, 2053, 2055] };
  const shapeOf = (z: number, y: number, x: number): number[] => {
    const volume = { data: new Uint8Array(), offset: 0, stride: { z, y, x }, lower: box.lower };
    const pieces = [...fillPieces(box, volume)];
    const { lower, upper } = pieces[0] as ScaledBox;
    const voxels = pieces.reduce(
      (sum, piece) =>
        sum + piece.upper.reduce((size, end, axis) => size * (end - (piece.lower[axis] as number)), 1),
      0,
    );
    expect(voxels).toBe(56 * 2048 * 2048);
    return upper.map((end, axis) => end - (lower[axis] as number));
  };

  test("run along the innermost axis, whichever it is", () => {
    expect(shapeOf(2048 * 2048, 2048, 1)).toEqual([1, 682, 2048]);
    expect(shapeOf(1, 56, 56 * 2048)).toEqual([56, 1010, 1]);
    expect(shapeOf(2048, 1, 56 * 2048)).toEqual([56, 2048, 1]);
  });
});
