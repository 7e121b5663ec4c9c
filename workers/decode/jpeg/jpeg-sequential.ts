/** Scans of baseline and extended sequential JPEG. */

import { corrupt } from "./jpeg-failure.js";
import { type JpegFrame, unitCounts } from "./jpeg-frame.js";
import {
  endRun,
  type HuffmanDecoder,
  huffmanDecoder,
  longCode,
  lookupBits,
  slowFlag,
} from "./jpeg-huffman.js";
import { type JpegPlane, zigzag } from "./jpeg-plane.js";
import type { JpegScan } from "./jpeg-reader.js";
import { EntropySegment } from "./jpeg-segment.js";

/** One block of each unit (MCU) of a scan: its component, its tables, and its place in the unit. */
class UnitBlock {
  readonly part: number;
  readonly plane: JpegPlane | undefined;
  readonly dc: HuffmanDecoder;
  readonly ac: HuffmanDecoder;
  /** For each coefficient in zigzag order, its quantisation (from bit 8 on) and its place in the block. */
  readonly places: Int32Array;
  readonly x: number;
  readonly y: number;
  /** Blocks of the component in a row of the unit. */
  readonly across: number;
  /** Rows of such blocks in the unit. */
  readonly down: number;

  // A class, because objects made by spreading may differ in their hidden shape. The hot loop is compiled for one
  // shape.
  constructor(of: Omit<UnitBlock, "x" | "y">, x: number, y: number) {
    this.part = of.part;
    this.plane = of.plane;
    this.dc = of.dc;
    this.ac = of.ac;
    this.places = of.places;
    this.x = x;
    this.y = y;
    this.across = of.across;
    this.down = of.down;
  }
}

/**
 * Decodes a scan into planes. A component without a plane is read and dropped.
 *
 * @returns The position in the file of the marker that ends the scan.
 */
export function decodeSequentialScan(
  bytes: Uint8Array,
  frame: JpegFrame,
  scan: JpegScan,
  planes: readonly (JpegPlane | undefined)[],
): number {
  const unit = unitBlocks(frame, scan, planes);
  const { across, down } = unitCounts(frame, scan.components);
  const segment = new EntropySegment(bytes, scan.start);
  const interval = scan.restartInterval === 0 ? across * down : scan.restartInterval;
  const predictions = new Int32Array(4);
  const block = new Int32Array(65);
  let left = interval;
  let restarts = 0;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; ) {
      if (left === 0) {
        finish(segment, unit, down);
        segment.restart(restarts++);
        predictions.fill(0);
        left = interval;
      }
      const end = Math.min(across, x + left);
      decodeUnits(segment, unit, predictions, block, y, x, end);
      left -= end - x;
      x = end;
    }
  }
  finish(segment, unit, down);
  return segment.end;
}

/** Checks that the data are used up. Surplus units are decoded below the image, where blocks are dropped. */
function finish(segment: EntropySegment, unit: readonly UnitBlock[], down: number): void {
  segment.finish(() => decodeUnits(segment, unit, new Int32Array(4), new Int32Array(65), down, 0, 1));
}

function unitBlocks(
  frame: JpegFrame,
  scan: JpegScan,
  planes: readonly (JpegPlane | undefined)[],
): UnitBlock[] {
  const decoders = new Map<Uint8Array, HuffmanDecoder>();
  const decoder = (table: Uint8Array | undefined, kind: "dc" | "ac"): HuffmanDecoder => {
    if (table === undefined) throw corrupt("a scan names a Huffman table that was not defined");
    const made = decoders.get(table) ?? huffmanDecoder(table, kind);
    decoders.set(table, made);
    return made;
  };
  const unit: UnitBlock[] = [];
  for (const [part, { index, dc, ac, quant }] of scan.components.entries()) {
    const component = frame.components[index];
    if (component === undefined || quant === undefined) {
      throw corrupt("a component names a quantisation table that was not defined");
    }
    const { h: across, v: down } = scan.components.length === 1 ? { h: 1, v: 1 } : component;
    const plane = planes[index];
    const tables = { dc: decoder(dc, "dc"), ac: decoder(ac, "ac"), places: placesOf(quant) };
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++)
        unit.push(new UnitBlock({ part, plane, ...tables, across, down }, x, y));
    }
  }
  return unit;
}

// After the 64 places there is an unused 65th, for all positions that an end of block can lead to.
function placesOf(quant: Uint16Array): Int32Array {
  return Int32Array.from({ length: 64 + endRun }, (_, k) =>
    k < 64 ? ((quant[k] ?? 0) << 8) | (zigzag[k] ?? 0) : 64,
  );
}

/**
 * Decodes units `first` to `last` (exclusive) of a row. It decodes only one row, so that engines see a function that is
 * called often and compile it as a whole, not as a loop that is already running.
 */
function decodeUnits(
  segment: EntropySegment,
  unit: readonly UnitBlock[],
  predictions: Int32Array,
  block: Int32Array,
  unitY: number,
  first: number,
  last: number,
): void {
  const view = segment.view;
  let position = segment.position;
  for (let unitX = first; unitX < last; unitX++) {
    for (let n = 0; n < unit.length; n++) {
      const { part, plane, dc, ac, places, x, y, across, down } = unit[n] as UnitBlock;
      let bits = view.getInt32(position >>> 3) << (position & 7);
      let entry = dc.lookup[bits >>> (32 - lookupBits)] as number;
      let difference = entry >> 16;
      position += entry & 31;
      if ((entry & slowFlag) !== 0) {
        const symbol = slowSymbol(dc, entry, bits);
        if ((entry & 31) === 0) position += symbol >> 8;
        const size = symbol & 255;
        bits = view.getInt32(position >>> 3) << (position & 7);
        difference = size === 0 ? 0 : extend(bits >>> (32 - size), size);
        position += size;
      }
      const prediction = ((predictions[part] as number) + difference) | 0;
      predictions[part] = prediction;

      const lookup = ac.lookup;
      let sum = 0;
      let k = 1;
      while (k < 64) {
        bits = view.getInt32(position >>> 3) << (position & 7);
        entry = lookup[bits >>> (32 - lookupBits)] as number;
        position += entry & 31;
        if ((entry & slowFlag) === 0) {
          k += (entry >> 6) & 127;
          const place = places[k] as number;
          const value = Math.imul(entry >> 16, place >>> 8);
          block[place & 127] = value;
          sum += (value ^ (value >> 31)) - (value >> 31);
          k++;
          if (k >= 64) break;
          // There were at least 25 bits and at most 11 are consumed, so another look-up is possible.
          bits <<= entry & 31;
          entry = lookup[bits >>> (32 - lookupBits)] as number;
          position += entry & 31;
          if ((entry & slowFlag) === 0) {
            k += (entry >> 6) & 127;
            const place = places[k] as number;
            const value = Math.imul(entry >> 16, place >>> 8);
            block[place & 127] = value;
            sum += (value ^ (value >> 31)) - (value >> 31);
            k++;
            continue;
          }
        }
        if ((entry & 31) === 0) bits = view.getInt32(position >>> 3) << (position & 7);
        const symbol = slowSymbol(ac, entry, bits);
        if ((entry & 31) === 0) position += symbol >> 8;
        const size = symbol & 15;
        const run = (symbol >> 4) & 15;
        if (size === 0) {
          if (run > 0 && run < 15) throw corrupt("a Huffman code that stands for nothing");
          k += run === 0 ? endRun + 1 : 16;
          continue;
        }
        bits = view.getInt32(position >>> 3) << (position & 7);
        position += size;
        k += run;
        const place = places[k] as number;
        const value = Math.imul(extend(bits >>> (32 - size), size), place >>> 8);
        block[place & 127] = value;
        sum += Math.abs(value);
        k++;
      }
      if (k > 64 && k <= endRun) throw corrupt("a block with more than 64 coefficients");
      const blockX = unitX * across + x;
      const blockY = unitY * down + y;
      if (plane === undefined || blockX >= plane.blocksWide || blockY >= plane.blocksHigh) {
        if (sum !== 0) block.fill(0);
        continue;
      }
      const level = Math.imul(prediction, (places[0] as number) >>> 8);
      block[0] = level;
      if (sum !== 0) sum += Math.abs(level);
      plane.put(block, sum, blockX, blockY);
    }
    segment.position = position;
    segment.check();
  }
}

/** The symbol of an entry on the slow path. If the entry lacks the code's length, it is added above the symbol. */
function slowSymbol(decoder: HuffmanDecoder, entry: number, bits: number): number {
  if ((entry & 31) !== 0) return (entry >> 16) & 255;
  const symbol = longCode(decoder, bits >>> 16);
  if (symbol < 0) throw corrupt("a Huffman code that does not exist");
  return symbol;
}

/** The signed value that `size` bits stand for. */
function extend(bits: number, size: number): number {
  return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
}
