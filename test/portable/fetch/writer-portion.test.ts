import { expect, test } from "vitest";
import { ThreadTurn } from "../../../src/concurrency/thread-turn.js";
import { WriterPortion } from "../../../src/fetch/delivery/writer-portion.js";
import type { ScaledBox } from "../../../src/space/scaled-box.js";

test("a chunk is named as filled where a block ends before it, and not where it ends before another", async () => {
  const written: [x: number, filled: string[], voxels: number[]][] = [];
  const portion = new WriterPortion(
    { lower: [0, 0, 0], upper: [1, 1, 4] },
    {
      orientation: "zyx",
      chunkShape: [1, 1, 2],
      fillValue: 9,
      turn: new ThreadTurn(new AbortController().signal),
      takeMemory: async () => new Uint8Array(4),
      giveMemory: () => {},
      has: undefined,
      write: async ({ lower }: ScaledBox, data, filled) =>
        void written.push([lower[2], [...filled], Array.from(data, Number)]),
    },
  );
  await portion.open(portion.box, new AbortController().signal);
  const short = { data: Uint8Array.of(1, 2, 3), shape: [1, 1, 3] } as const;
  await portion.putBlock(short, [0, 0, 0], portion.box, "short-tile");
  expect(written).toEqual([
    [0, [], [1, 2]],
    [2, ["short-tile"], [3, 9]],
  ]);
});
