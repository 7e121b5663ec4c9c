/**
 * Progressive JPEG: coefficients accumulate over many scans, by ranges of frequency (spectral selection) and bit by bit
 * (successive approximation). They are transformed at the end.
 */

import { CoefficientStore } from "./jpeg-coefficients.js";
import { corrupt } from "./jpeg-failure.js";
import { type JpegFrame, unitCounts } from "./jpeg-frame.js";
import { type HuffmanDecoder, huffmanDecoder, longCode, lookupBits } from "./jpeg-huffman.js";
import type { JpegPlane } from "./jpeg-plane.js";
import type { JpegScan } from "./jpeg-reader.js";
import { EntropySegment, skipEntropy } from "./jpeg-segment.js";

/** Accumulates the scans of one image. */
export class ProgressiveDecoder {
  readonly #bytes: Uint8Array;
  readonly #frame: JpegFrame;
  readonly #stores: readonly (CoefficientStore | undefined)[];

  constructor(bytes: Uint8Array, frame: JpegFrame, planes: readonly (JpegPlane | undefined)[]) {
    this.#bytes = bytes;
    this.#frame = frame;
    this.#stores = planes.map((plane) => plane && new CoefficientStore(plane));
  }

  /** Decodes a scan. Returns the position in the file of the marker that ends it. */
  decode(scan: JpegScan): number {
    const { spectralStart: start, spectralEnd: end, high, low } = scan;
    const range = start === 0 ? end === 0 : end >= start && end <= 63 && scan.components.length === 1;
    if (!range || low > 13 || (high > 0 && low !== high - 1)) {
      throw corrupt(`a progressive scan of coefficients ${start}–${end}, bits ${high}–${low}`);
    }
    for (const { index, quant } of scan.components) this.#stores[index]?.begin(scan, quant);
    if (scan.components.every(({ index }) => this.#stores[index] === undefined)) {
      return skipEntropy(this.#bytes, scan.start);
    }
    return new ProgressiveScan(this.#bytes, this.#frame, scan, this.#stores).run();
  }

  /** Transforms the accumulated coefficients. */
  finish(): void {
    for (const store of this.#stores) store?.finish();
  }
}

/** One block of each unit (MCU) of a scan. */
interface UnitBlock {
  readonly part: number;
  readonly store: CoefficientStore | undefined;
  readonly decoder: HuffmanDecoder | undefined;
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

class ProgressiveScan {
  readonly #scan: JpegScan;
  readonly #segment: EntropySegment;
  readonly #unit: UnitBlock[] = [];
  readonly #across: number;
  readonly #down: number;
  readonly #predictions = new Int32Array(4);
  #endRun = 0;

  constructor(
    bytes: Uint8Array,
    frame: JpegFrame,
    scan: JpegScan,
    stores: readonly (CoefficientStore | undefined)[],
  ) {
    this.#scan = scan;
    this.#segment = new EntropySegment(bytes, scan.start);
    const alone = scan.components.length === 1;
    const { across, down } = unitCounts(frame, scan.components);
    this.#across = across;
    this.#down = down;
    const bare = scan.spectralStart === 0 && scan.high > 0;
    for (const [part, { index, dc, ac }] of scan.components.entries()) {
      const table = scan.spectralStart === 0 ? dc : ac;
      if (table === undefined && !bare) throw corrupt("a scan names a Huffman table that was not defined");
      const decoder = table === undefined || bare ? undefined : huffmanDecoder(table, "raw");
      const stepX = alone ? 1 : (frame.components[index]?.h ?? 1);
      const stepY = alone ? 1 : (frame.components[index]?.v ?? 1);
      for (let n = 0; n < stepX * stepY; n++) {
        const x = n % stepX;
        this.#unit.push({ part, store: stores[index], decoder, x, y: (n - x) / stepX, stepX, stepY });
      }
    }
  }

  run(): number {
    const segment = this.#segment;
    const count = this.#across * this.#down;
    const interval = this.#scan.restartInterval === 0 ? count : this.#scan.restartInterval;
    for (let n = 0, restarts = 0, x = 0, y = 0; n < count; n++) {
      if (n > 0 && n % interval === 0) {
        this.#finishSegment();
        segment.restart(restarts++);
      }
      for (const block of this.#unit) this.#block(block, x, y);
      if (++x === this.#across) {
        x = 0;
        y++;
      }
      segment.check();
    }
    this.#finishSegment();
    return segment.end;
  }

  #finishSegment(): void {
    this.#segment.finish();
    if (this.#endRun > 0) throw corrupt("a run of empty blocks leads beyond the image data");
    this.#predictions.fill(0);
  }

  #block({ part, store, decoder, x, y, stepX, stepY }: UnitBlock, unitX: number, unitY: number): void {
    const { spectralStart, high, low } = this.#scan;
    const offset = store?.offset(unitX * stepX + x, unitY * stepY + y) ?? 0;
    if (spectralStart === 0) {
      if (decoder === undefined) {
        if (this.#bits(1) === 1 && store !== undefined)
          store.values[offset] = (store.values[offset] ?? 0) | (1 << low);
        return;
      }
      const size = this.#symbol(decoder);
      const prediction = ((this.#predictions[part] ?? 0) + this.#signed(size)) | 0;
      this.#predictions[part] = prediction;
      if (store !== undefined) store.values[offset] = prediction << low;
    } else if (store !== undefined && decoder !== undefined) {
      if (high === 0) this.#first(store.values, offset, decoder);
      else this.#finer(store.values, offset, decoder);
    }
  }

  // Reads the first bits of the AC coefficients of a block.
  #first(values: Int16Array, offset: number, decoder: HuffmanDecoder): void {
    if (this.#endRun > 0) {
      this.#endRun--;
      return;
    }
    const { spectralEnd, low } = this.#scan;
    let k = this.#scan.spectralStart;
    while (k <= spectralEnd) {
      const symbol = this.#symbol(decoder);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        this.#endRun = (1 << run) - 1 + this.#bits(run);
        return;
      }
      k += run;
      if (k > spectralEnd) throw corrupt("a block with more coefficients than its scan");
      if (size > 0) values[offset + k] = this.#signed(size) << low;
      k++;
    }
  }

  // Reads one more bit of the known AC coefficients of a block, and new coefficients between them.
  #finer(values: Int16Array, offset: number, decoder: HuffmanDecoder): void {
    const { spectralEnd, low } = this.#scan;
    let k = this.#scan.spectralStart;
    while (k <= spectralEnd && this.#endRun === 0) {
      const symbol = this.#symbol(decoder);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size > 1) throw corrupt("a Huffman code that stands for nothing");
      if (size === 0 && run < 15) {
        this.#endRun = (1 << run) + this.#bits(run);
        break;
      }
      const value = size === 0 ? 0 : this.#bits(1) === 1 ? 1 << low : -1 << low;
      k = this.#refine(values, offset, k, run);
      if (k > spectralEnd) throw corrupt("a block with more coefficients than its scan");
      if (size > 0) values[offset + k] = value;
      k++;
    }
    if (this.#endRun > 0) {
      this.#refine(values, offset, k, 64);
      this.#endRun--;
    }
  }

  // Refines known coefficients from k on and passes `zeros` unknown ones. Returns the position of the next unknown one.
  #refine(values: Int16Array, offset: number, k: number, zeros: number): number {
    const { spectralEnd, low } = this.#scan;
    const { view } = this.#segment;
    let position = this.#segment.position;
    let left = zeros;
    for (; k <= spectralEnd; k++) {
      const value = values[offset + k] as number;
      const known = (value | -value) >>> 31;
      left -= 1 - known;
      if (left < 0) break;
      const bit = known & (view.getUint8(position >>> 3) >> (7 - (position & 7)));
      position += known;
      values[offset + k] = value + ((value >> 31) | 1) * (bit << low);
    }
    this.#segment.position = position;
    return k;
  }

  #symbol(decoder: HuffmanDecoder): number {
    const bits = this.#peek();
    const entry = decoder.lookup[bits >>> (32 - lookupBits)] ?? 0;
    const known = entry & 31;
    if (known !== 0) {
      this.#segment.position += known;
      return (entry >> 16) & 255;
    }
    const symbol = longCode(decoder, bits >>> 16);
    if (symbol < 0) throw corrupt("a Huffman code that does not exist");
    this.#segment.position += symbol >> 8;
    return symbol & 255;
  }

  // At least 25 bits from here on, left-justified.
  #peek(): number {
    return this.#segment.view.getInt32(this.#segment.position >>> 3) << (this.#segment.position & 7);
  }

  #bits(count: number): number {
    if (count === 0) return 0;
    const bits = this.#peek() >>> (32 - count);
    this.#segment.position += count;
    return bits;
  }

  #signed(size: number): number {
    const bits = this.#bits(size);
    return size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
  }
}
