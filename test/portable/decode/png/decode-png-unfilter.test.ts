import fc from "fast-check";
import { expect, test } from "vitest";
import { unfilter } from "../../../../workers/decode/png/png-unfilter.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";
import { runs } from "../../../support/thorough.js";

const kernels = await kernelsForTests();

/** The standard's text, byte by byte. */
function unfilterSlowly(source: Uint8Array, rowBytes: number, rows: number, pixelBytes: number): Uint8Array {
  const target = new Uint8Array(rowBytes * rows);
  const at = (x: number, y: number) => (x < 0 || y < 0 ? 0 : (target[y * rowBytes + x] as number));
  for (let y = 0; y < rows; y++) {
    const filter = source[y * (rowBytes + 1)] as number;
    for (let x = 0; x < rowBytes; x++) {
      const [a, b, c] = [at(x - pixelBytes, y), at(x, y - 1), at(x - pixelBytes, y - 1)];
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      const predicted = [0, a, b, Math.floor((a + b) / 2), paeth][filter] as number;
      target[y * rowBytes + x] = (source[y * (rowBytes + 1) + 1 + x] as number) + predicted;
    }
  }
  return target;
}

/** Both decoders' rows; what lies around them in the kernels' memory must not change. */
function unfilterTwice(source: Uint8Array, rowBytes: number, rows: number, pixelBytes: number): Uint8Array[] {
  const written = new Uint8Array(rowBytes * rows);
  unfilter(source, 0, written, rowBytes, rows, pixelBytes);

  const before = rowBytes + 16;
  const { output, work } = kernels.reserve(
    0,
    64 + before + written.length + 64,
    source.length + 16 * (rowBytes + 1),
  );
  const memory = kernels.bytes();
  memory.set(source, work);
  const start = output + 64 + before;
  memory.fill(0xa5, output, start + written.length + 64);
  expect(kernels.exports.unfilter(work, start, rowBytes, rows, pixelBytes)).toBe(1);
  const around = [
    ...memory.subarray(output, output + 64),
    ...memory.subarray(start + written.length + 16).subarray(0, 48),
  ];
  expect(around.every((byte) => byte === 0xa5)).toBe(true);
  return [written, memory.slice(start, start + written.length)];
}

test("both decoders undo any mix of filters as the standard says", () => {
  const sizes = fc.record({
    rowBytes: fc.integer({ min: 1, max: 80 }),
    rows: fc.integer({ min: 1, max: 50 }),
    pixelBytes: fc.constantFrom(1, 1, 2, 3, 4, 6, 8),
    filters: fc.array(fc.constantFrom(0, 1, 2, 3, 4, 4, 4, 4, 4, 4), { minLength: 1, maxLength: 50 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(sizes, ({ rowBytes, rows, pixelBytes, filters, seed }) => {
      let state = seed;
      const source = Uint8Array.from({ length: rows * (rowBytes + 1) }, (_, i) => {
        if (i % (rowBytes + 1) === 0) return filters[(i / (rowBytes + 1)) % filters.length] as number;
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        // Small differences, as in pictures, and any.
        return (state & 0x100) === 0 ? state >>> 24 : (state >>> 28) - 8;
      });
      const expected = unfilterSlowly(source, rowBytes, rows, pixelBytes);
      expect(unfilterTwice(source, rowBytes, rows, pixelBytes)).toEqual([expected, expected]);
    }),
    { numRuns: runs(37) },
  );
});

test("Paeth's predictor for triples of left, above and corner", () => {
  for (let corner = 0; corner < 256; corner += 15) {
    // Pairs of rows of two pixels: corner and above; left and, as nothing is added to it, the predictor.
    const source = new Uint8Array(65536 * 6);
    const expected = new Uint8Array(65536 * 4);
    for (let left = 0; left < 256; left++) {
      for (let above = 0; above < 256; above++) {
        const pair = 256 * left + above;
        source.set([0, corner, above, 4, left - corner, 0], pair * 6);
        const p = left + above - corner;
        const [pa, pb, pc] = [Math.abs(p - left), Math.abs(p - above), Math.abs(p - corner)];
        expected.set(
          [corner, above, left, pa <= pb && pa <= pc ? left : pb <= pc ? above : corner],
          pair * 4,
        );
      }
    }
    for (const unfiltered of unfilterTwice(source, 2, 2 * 65536, 1)) {
      expect(unfiltered.every((value, i) => value === expected[i])).toBe(true);
    }
  }
});
