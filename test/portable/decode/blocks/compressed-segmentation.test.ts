import { test as propertyTest } from "@fast-check/vitest";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import type { Triple } from "../../../../src/space/axis-order.js";
import {
  decodeCompressedSegmentation,
  type SegmentationLayout,
} from "../../../../workers/decode/precomputed/compressed-segmentation.js";
import {
  encodeCompressedSegmentation,
  type Segmentation,
} from "../../../support/block-files/encode-compressed-segmentation.js";
import { mutate, mutations } from "../../../support/images/mutate-file.js";
import { runs } from "../../../support/thorough.js";

test("a table of values may lie as far behind the headers as 24 bits of words tell", () => {
  const far = 0x12_3456;
  const words = new Uint32Array(1 + far + 1);
  words.set([1, far, 0]);
  words[1 + far] = 77;
  const layout = {
    extent: [1, 1, 1],
    blockSize: [1, 1, 1],
    channels: 1,
    channel: 0,
    dataType: "uint32",
  } as const;
  expect([...decodeCompressedSegmentation(new Uint8Array(words.buffer), layout)]).toEqual([77]);
});

const side = fc.integer({ min: 1, max: 9 });
const triple: fc.Arbitrary<Triple> = fc.tuple(side, side, side);

const segmentations: fc.Arbitrary<Segmentation & { readonly channels: number }> = fc
  .record({
    extent: triple,
    blockSize: triple,
    channels: fc.integer({ min: 1, max: 3 }),
    isWide: fc.boolean(),
    values: fc.constantFrom(1, 2, 3, 15, 200, 2 ** 20),
    leastBits: fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 16, 32),
    sharesTables: fc.boolean(),
    padding: fc.constantFrom(0, 0xffffffff),
    seed: fc.nat(),
  })
  .map(({ isWide, values, seed, ...rest }) => ({ ...rest, data: anyLabels(rest, isWide, values, seed) }));

function anyLabels(
  { extent, channels }: Pick<Required<Segmentation>, "extent" | "channels">,
  isWide: boolean,
  values: number,
  seed: number,
): Uint32Array | BigUint64Array {
  const count = channels * extent[0] * extent[1] * extent[2];
  const ids = Array.from({ length: count }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 3) % values);
  return isWide ? BigUint64Array.from(ids, (id) => 2n ** 64n - 1n - BigInt(id)) : Uint32Array.from(ids);
}

function layoutOf({ data, extent, blockSize, channels = 1 }: Segmentation, channel = 0): SegmentationLayout {
  return {
    ...{ extent, blockSize, channels, channel },
    dataType: data instanceof BigUint64Array ? "uint64" : "uint32",
  };
}

propertyTest.prop([segmentations], { numRuns: runs(125) })(
  "FORMATS trap 19: any bits, tables, block sizes, channels and data types come back as they were",
  (segmentation) => {
    const { data, channels } = segmentation;
    const file = encodeCompressedSegmentation(segmentation);
    const count = data.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      const voxels = decodeCompressedSegmentation(file, layoutOf(segmentation, channel));
      expect(voxels).toEqual(data.slice(channel * count, (channel + 1) * count));
      expect(voxels.buffer.byteLength).toBe(voxels.byteLength);
    }
  },
);

const cube = {
  data: BigUint64Array.from({ length: 512 }, (_, i) => 2n ** 53n + 1n + BigInt(i % 5)),
  extent: [8, 8, 8],
  blockSize: [4, 4, 4],
} as const;

test("ids beyond 2^53 are exact, wherever in a buffer the chunk begins", () => {
  const file = encodeCompressedSegmentation(cube);
  for (let begin = 0; begin < 5; begin++) {
    const holder = new Uint8Array(file.length + 8);
    holder.set(file, begin);
    const part = holder.subarray(begin, begin + file.length);
    expect(decodeCompressedSegmentation(part, layoutOf(cube))).toEqual(cube.data);
  }
});

test.each([0, 1, 2, 4, 8, 16, 32])("blocks of %i bits a voxel, with every padding", (leastBits) => {
  const data = Uint32Array.from({ length: 7 * 5 * 3 }, (_, i) =>
    leastBits === 0 ? 7 : 2 ** 32 - 1 - (i % 2),
  );
  for (const padding of [0, 0x55555555, 0xffffffff]) {
    const segmentation: Segmentation = { data, extent: [7, 5, 3], blockSize: [4, 3, 2], leastBits, padding };
    const file = encodeCompressedSegmentation(segmentation);
    expect(decodeCompressedSegmentation(file, layoutOf(segmentation))).toEqual(data);
  }
});

/** What a file is refused for when one of its words is another. */
function refusal(change: (words: Uint32Array) => void, length?: number): string {
  const file = encodeCompressedSegmentation(cube);
  change(new Uint32Array(file.buffer));
  try {
    decodeCompressedSegmentation(file.subarray(0, length), layoutOf(cube));
    return "none";
  } catch (cause) {
    if (!(cause instanceof DecodeFailure)) throw cause;
    return `${cause.reason}: ${cause.message}`;
  }
}

test.each<[string, RegExp, (words: Uint32Array) => void, number?]>([
  ["a channel beyond the file", /headers/, (words) => words.fill(1e9, 0, 1)],
  ["a channel within the channels' own offsets", /headers/, (words) => words.fill(0, 0, 1)],
  ["headers that the file is too short for", /headers/, () => {}, 8],
  ["a table beyond the file", /before the voxels/, (words) => words.set([0x02ffffff], 1)],
  ["packed voxels beyond the file", /before the voxels/, (words) => words.set([0xffffffff], 2)],
  ["3 bits", /3 bits/, (words) => words.set([((words[1] ?? 0) & 0xffffff) | 0x03000000], 1)],
  ["64 bits", /64 bits/, (words) => words.set([((words[1] ?? 0) & 0xffffff) | 0x40000000], 1)],
  ["a place beyond the table", /before the values/, (words) => words.set([0x04000000 + words.length - 3], 1)],
  ["half of a word at its end", /whole words/, () => {}, 98],
  ["nothing at all", /not-an-image: it is an empty file/, () => {}, 0],
])("FORMATS trap 19: %s is refused", (_, message, change, length) => {
  expect(refusal(change, length)).toMatch(message);
});

test("a place as large as a word goes around nothing", () => {
  const segmentation: Segmentation = {
    ...{ data: Uint32Array.of(5, 6), extent: [2, 1, 1], blockSize: [2, 1, 1], leastBits: 32 },
  };
  for (const place of [0x80000000, 0xffffffff, 2]) {
    const file = encodeCompressedSegmentation(segmentation);
    new Uint32Array(file.buffer)[3] = place;
    expect(() => decodeCompressedSegmentation(file, layoutOf(segmentation))).toThrow(DecodeFailure);
  }
});

propertyTest.prop([segmentations, mutations], { numRuns: runs(250) })(
  "FORMATS trap 1: damage is refused or gives as many voxels as there must be",
  (segmentation, changes) => {
    const file = mutate(encodeCompressedSegmentation(segmentation), changes);
    try {
      const voxels = decodeCompressedSegmentation(file, layoutOf(segmentation));
      expect(voxels.length).toBe(segmentation.data.length / segmentation.channels);
    } catch (cause) {
      if (!(cause instanceof DecodeFailure)) throw cause;
    }
  },
);
