import { JpegBits } from "./jpeg-bits.js";
import { blocksOf, type JpegBlocks, type JpegPlaneSamples } from "./jpeg-blocks.js";
import { progressiveScans } from "./jpeg-progressive-scans.js";
import type { JpegScan } from "./jpeg-scan.js";
import { acTable, dcTable, type HuffmanTable, quantisation } from "./jpeg-tables.js";

/** Grey, or Y with Cb and Cr planes of half its width and height. */
export type JpegPlanes =
  | readonly [JpegPlaneSamples]
  | readonly [JpegPlaneSamples, JpegPlaneSamples, JpegPlaneSamples];

/**
 * Encodes planes as libjpeg does by default: Annex K's Huffman tables, no restart intervals. A progressive file (of one
 * plane) has the scans of `jpegtran -progressive`. The library's own encoder writes three components, which tile
 * servers do not serve.
 */
export function encodeJpeg(
  planes: JpegPlanes,
  { quality, progressive = false }: { quality: number; progressive?: boolean },
): Uint8Array {
  const steps = quantisation(quality);
  const blocks = planes.map((plane) => blocksOf(plane, steps));
  const [luma] = blocks;
  if (luma === undefined || (progressive && blocks.length > 1)) {
    throw new RangeError("a progressive file has one plane here");
  }
  const scans = progressive ? progressiveScans(luma) : [baselineScan(blocks)];
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...steps]),
    frame(progressive ? 0xc2 : 0xc0, planes),
    huffman(0x00, dcTable),
    huffman(0x10, acTable),
    ...scans.flatMap(({ components, spectrum: [first, last, high, low], data }) => [
      segment(0xda, [
        components.length,
        ...components.flatMap((component) => [component + 1, 0]),
        first,
        last,
        (high << 4) | low,
      ]),
      data,
    ]),
    Buffer.of(0xff, 0xd9),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

function frame(marker: number, planes: JpegPlanes): Buffer {
  const [{ width, height }] = planes;
  const sampling = (n: number) => (n === 0 && planes.length > 1 ? 0x22 : 0x11);
  const components = planes.flatMap((_, n) => [n + 1, sampling(n), 0]);
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return segment(marker, [8, ...size, planes.length, ...components]);
}

function huffman(slot: number, { counts, symbols }: HuffmanTable): Buffer {
  return segment(0xc4, [slot, ...counts, ...symbols]);
}

function baselineScan(planes: readonly JpegBlocks[]): JpegScan {
  const bits = new JpegBits();
  const before = planes.map(() => 0);
  const put = (n: number, row: number, column: number) => {
    const { across, coefficients } = planes[n] as JpegBlocks;
    const at = 64 * (row * across + column);
    const block = coefficients.subarray(at, at + 64);
    const first = block[0] as number;
    bits.putDc(first - (before[n] as number));
    before[n] = first;
    putCoefficients(block, bits);
  };
  const { across, down } = planes[planes.length - 1] as JpegBlocks;
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      if (planes.length === 1) {
        put(0, row, column);
        continue;
      }
      for (let n = 0; n < 4; n++) put(0, 2 * row + (n >> 1), 2 * column + (n & 1));
      put(1, row, column);
      put(2, row, column);
    }
  }
  return { components: planes.map((_, n) => n), spectrum: [0, 63, 0, 0], data: bits.end() };
}

function putCoefficients(block: Int16Array, bits: JpegBits): void {
  let run = 0;
  for (let n = 1; n < 64; n++) {
    const value = block[n] as number;
    if (value === 0) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) bits.putSymbol(0xf0);
    bits.putAc(run, value);
    run = 0;
  }
  if (run > 0) bits.putSymbol(0x00);
}
